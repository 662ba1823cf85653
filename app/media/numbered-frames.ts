import { lociError } from '../contract/errors.ts';
import type { LociError } from '../contract/errors.ts';
import { timesOfNumbers } from './numbering.ts';
import type { Gap } from './numbering.ts';

/** Frames a second of numbered folders, unless told. */
export const defaultFramesPerSecond = 30;

/** More gaps than a person reads one by one are told in one warning. */
const gapsToldSingly = 10;

const numbered = (first: number, last: number): string =>
  first === last ? `frame ${first}` : `frames ${first} to ${last}`;

const gapWarning = (folder: string, missing: string, place: string): LociError =>
  lociError(
    'frame-missing',
    `${folder}: ${missing}`,
    'The other frames keep their times. Copy the missing files if you have them.',
    { file: folder, place },
  );

const warningOf = (folder: string, { first, last, count }: Gap): LociError => {
  const place = numbered(first, last);
  return gapWarning(folder, count === 1 ? `${place} is missing` : `${place} are missing (${count})`, place);
};

const warningOfAll = (folder: string, gaps: readonly Gap[]): LociError => {
  const missing = gaps.reduce((sum, { count }) => sum + count, 0);
  const place = numbered(gaps[0]?.first ?? 0, gaps.at(-1)?.last ?? 0);
  return gapWarning(folder, `${missing} frames are missing, in ${gaps.length} places of ${place}`, place);
};

/** Time of each numbered frame and, for each, the warnings to give before it. `numbers` ascend. */
export const placeInTime = (
  folder: string,
  numbers: readonly number[],
  framesPerSecond = defaultFramesPerSecond,
): { readonly ptsMicros: number; readonly warnings: readonly LociError[] }[] => {
  const { ptsMicros, gaps } = timesOfNumbers(numbers, framesPerSecond);
  const [firstGap] = gaps;
  const warnings =
    firstGap && gaps.length > gapsToldSingly
      ? new Map([[firstGap.beforeIndex, warningOfAll(folder, gaps)]])
      : new Map(gaps.map((gap) => [gap.beforeIndex, warningOf(folder, gap)]));
  return ptsMicros.map((pts, i) => {
    const warning = warnings.get(i);
    return { ptsMicros: pts, warnings: warning ? [warning] : [] };
  });
};
