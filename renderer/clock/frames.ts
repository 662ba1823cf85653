/**
 * Frames are named by their time stamps. These functions look them up in the sorted list of a session's time stamps
 * (microseconds), which may be spaced unevenly.
 */
export type PtsList = Float64Array;

/** Index of the frame on display at `micros`: the last one that began by then. −1 for an empty list. */
export const frameAt = (list: PtsList, micros: number): number => {
  if (list.length === 0) {
    return -1;
  }
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((list[middle] ?? 0) <= micros) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
};

/** Index of the frame whose time stamp lies nearest to `micros`. A decoder's times are off by rounding, hence this. */
export const nearestFrame = (list: PtsList, micros: number): number => {
  const before = frameAt(list, micros);
  const [here, next] = [list[before], list[before + 1]];
  return here !== undefined && next !== undefined && next - micros < micros - here ? before + 1 : before;
};

/** How long a frame stays on display, in microseconds; the last one as long as the one before it. */
export const displayMicros = (list: PtsList, index: number): number => {
  const here = list[index] ?? 0;
  const next = list[index + 1];
  const previous = list[index - 1];
  if (next !== undefined) {
    return next - here;
  }
  return previous === undefined ? 0 : here - previous;
};

/**
 * The time to seek a video to so that frame `index` is shown: half-way into its display, where no rounding of time
 * stamps can reach the neighbours. At most 10 ms in, for a frame that a gap follows may be shown shorter than that gap.
 */
export const seekMicros = (list: PtsList, index: number): number =>
  (list[index] ?? 0) + Math.min(10_000, displayMicros(list, index) / 2);

/** Index of the first value at or after `micros` in a sorted list; its length when there is none. */
export const firstAtOrAfter = (list: ArrayLike<number>, micros: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < micros) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};
