import { lociError } from '../contract/errors.ts';
import type { LociError } from '../contract/errors.ts';
import { timesOfNumbers } from './numbering.ts';

/** Frames a second of numbered folders, unless told. */
export const defaultFramesPerSecond = 30;

const gapWarning = (folder: string, first: number, last: number, count: number): LociError => {
  const which = count === 1 ? `frame ${first} is missing` : `frames ${first} to ${last} are missing (${count})`;
  return lociError(
    'frame-missing',
    `${folder}: ${which}`,
    'The other frames keep their times. Copy the missing files if you have them.',
    { file: folder, place: count === 1 ? `frame ${first}` : `frames ${first} to ${last}` },
  );
};

/** Time of each numbered frame and, for each, the warnings to give before it. `numbers` ascend. */
export const placeInTime = (
  folder: string,
  numbers: readonly number[],
  framesPerSecond = defaultFramesPerSecond,
): { readonly ptsMicros: number; readonly warnings: readonly LociError[] }[] => {
  const { ptsMicros, gaps } = timesOfNumbers(numbers, framesPerSecond);
  const gapBefore = new Map(gaps.map((gap) => [gap.beforeIndex, gap]));
  return ptsMicros.map((pts, i) => {
    const gap = gapBefore.get(i);
    return { ptsMicros: pts, warnings: gap ? [gapWarning(folder, gap.first, gap.last, gap.count)] : [] };
  });
};
