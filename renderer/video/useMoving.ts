import { toValue, watch } from 'vue';
import type { MaybeRefOrGetter, ShallowRef } from 'vue';
import { fetchMask } from '../engine/binary.ts';
import { useLoadable } from '../engine/loadable.ts';
import type { Loadable } from '../engine/loadable.ts';
import type { MovingMask } from './movingPath.ts';

/** A keyframe of a session. */
export interface KeyframePlace {
  readonly sessionId: string;
  readonly ptsMicros: number;
}

const readMask = async ({ sessionId, ptsMicros }: KeyframePlace): Promise<MovingMask | undefined> => {
  const picture = await fetchMask(sessionId, ptsMicros);
  const canvas = picture && new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  if (!canvas) {
    return undefined;
  }
  canvas.drawImage(picture, 0, 0);
  return canvas.getImageData(0, 0, picture.width, picture.height);
};

/** What moves in the keyframe that is asked for; ready without a value when nothing does, idle when none is asked for. */
export const useMoving = (
  place: MaybeRefOrGetter<KeyframePlace | undefined>,
): ShallowRef<Loadable<MovingMask | undefined>> => {
  const mask = useLoadable<MovingMask | undefined>();
  watch(
    () => toValue(place),
    (now, before) => {
      if (now?.sessionId === before?.sessionId && now?.ptsMicros === before?.ptsMicros) {
        return;
      }
      // One keyframe's mask must never lie over another's picture.
      mask.clear();
      if (now) {
        void mask.read(() => readMask(now));
      }
    },
    { immediate: true },
  );
  return mask.current;
};
