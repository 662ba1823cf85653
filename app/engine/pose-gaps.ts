import { lociError, type LociError } from '../contract/errors.ts';
import type { FrameRecord } from '../contract/session.ts';

/** Shorter stretches are what a fast turn costs, and no news. */
const worthTellingMicros = 1_000_000;

/** A stretch of time without poses: from its first frame to the next one that has a pose, or to the recording's last. */
interface Gap {
  readonly fromMicros: number;
  readonly toMicros: number;
}

const gapsOf = (frames: readonly FrameRecord[]): Gap[] => {
  const gaps: Gap[] = [];
  let fromMicros: number | undefined;
  for (const [i, { ptsMicros, worldFromCamera }] of frames.entries()) {
    const isLast = i === frames.length - 1;
    if (worldFromCamera === undefined) {
      fromMicros ??= ptsMicros;
    }
    if (fromMicros !== undefined && (worldFromCamera !== undefined || isLast)) {
      gaps.push({ fromMicros, toMicros: ptsMicros });
      fromMicros = undefined;
    }
  }
  return gaps;
};

const seconds = (micros: number): string => (micros / 1e6).toFixed(1);

/** Says where a recording's camera could not be located for a second or more; undefined when that is nowhere. */
export const describePoseGaps = (file: string, frames: readonly FrameRecord[]): LociError | undefined => {
  const hint = 'Nothing is known of places and distances from these pictures; answers rest on the others.';
  const tell = (where: string): LociError =>
    lociError('pose-unknown', `${file}: the camera could not be located ${where}`, hint, { file });
  if (frames.length > 0 && frames.every(({ worldFromCamera }) => worldFromCamera === undefined)) {
    return tell('in any frame');
  }
  const gaps = gapsOf(frames).filter(({ fromMicros, toMicros }) => toMicros - fromMicros >= worthTellingMicros);
  const total = gaps.reduce((sum, { fromMicros, toMicros }) => sum + toMicros - fromMicros, 0);
  const named = gaps.slice(0, 3).map(({ fromMicros, toMicros }) => `${seconds(fromMicros)} to ${seconds(toMicros)} s`);
  const others = gaps.length > named.length ? ` and ${gaps.length - named.length} times more` : '';
  return gaps.length === 0 ? undefined : tell(`for ${seconds(total)} s: from ${named.join(', ')}${others}`);
};
