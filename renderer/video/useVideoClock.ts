import { useEventListener, useRafFn } from '@vueuse/core';
import { onScopeDispose, ref, watch } from 'vue';
import type { Ref } from 'vue';
import { seekMicros } from '../clock/frames.ts';
import { useClock } from '../clock/useClock.ts';

/**
 * Ties a video element to the clock. While it plays the element leads and reports every frame that it shows; otherwise
 * it follows the clock's seeks, one at a time: a seek that is overtaken still paints its frame, which is what makes
 * scrubbing look smooth. Without a playable element the clock runs on its own.
 *
 * Answers the presentation time of the frame on screen in microseconds, as the decoder told it.
 */
export const useVideoClock = (
  element: Readonly<Ref<HTMLVideoElement | null>>,
): { readonly shownMicros: Ref<number | undefined> } => {
  const clock = useClock();
  const shownMicros = ref<number>();

  const playable = (): HTMLVideoElement | undefined =>
    element.value && element.value.readyState >= HTMLMediaElement.HAVE_METADATA && !element.value.error
      ? element.value
      : undefined;

  const wantedSeconds = (): number =>
    (clock.frameIndex < 0 ? clock.playheadMicros : seekMicros(clock.ptsList, clock.frameIndex)) / 1e6;

  const follow = (): void => {
    const video = playable();
    if (video && !video.seeking && video.paused && Math.abs(video.currentTime - wantedSeconds()) > 1e-5) {
      video.currentTime = wantedSeconds();
    }
  };

  const playOrPause = (): void => {
    const video = playable();
    if (!video) {
      return;
    }
    video.playbackRate = clock.rate;
    if (clock.playing && video.paused) {
      video.play().catch(() => (clock.playing = false));
    } else if (!clock.playing && !video.paused) {
      video.pause();
    }
  };

  watch(
    () => clock.seeks,
    () => {
      const video = playable();
      if (video && clock.playing) {
        video.currentTime = wantedSeconds();
      } else {
        follow();
      }
    },
  );
  watch(() => [clock.playing, clock.rate], playOrPause);
  watch(() => clock.ptsList, follow);

  useEventListener(element, 'loadedmetadata', () => {
    follow();
    playOrPause();
  });
  useEventListener(element, 'seeked', follow);
  // The frame that a pause leaves on screen may be later than the last one reported: settle on the reported one.
  useEventListener(element, 'pause', () => clock.seek(clock.playheadMicros));
  useEventListener(element, 'ended', () => (clock.playing = false));

  let stopped = false;
  onScopeDispose(() => (stopped = true));
  watch(element, (video) => {
    shownMicros.value = undefined;
    const report: VideoFrameRequestCallback = (_now, { mediaTime }) => {
      if (stopped || element.value !== video) {
        return;
      }
      shownMicros.value = mediaTime * 1e6;
      if (video && clock.playing && !video.paused && !video.seeking) {
        clock.tick(mediaTime * 1e6);
      }
      video?.requestVideoFrameCallback(report);
    };
    video?.requestVideoFrameCallback(report);
  });

  let exactMicros = 0;
  useRafFn(({ delta }) => {
    if (!clock.playing || playable()) {
      exactMicros = clock.playheadMicros;
      return;
    }
    exactMicros = Math.max(exactMicros, clock.playheadMicros) + delta * 1000 * clock.rate;
    if (exactMicros >= clock.endMicros) {
      clock.playing = false;
    }
    clock.tick(Math.min(exactMicros, clock.endMicros));
  });

  return { shownMicros };
};
