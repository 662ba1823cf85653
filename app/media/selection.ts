import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import type { SourceOptions } from '../contract/job.ts';

/** Which frames of a recording are wanted, on its own time line. */
export interface Selection {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly maxFramesPerSecond?: number;
}

/** `--start` and `--end` count from the recording's beginning, which is not always at time stamp 0. */
export const selectionFrom = (options: SourceOptions, beginMicros: number): Result<Selection> => {
  const { startSeconds, endSeconds, maxFramesPerSecond } = options;
  if (startSeconds !== undefined && endSeconds !== undefined && endSeconds <= startSeconds) {
    return failure(
      lociError(
        'bad-usage',
        `The end (${endSeconds} s) is not after the start (${startSeconds} s)`,
        'Choose an end later than the start.',
      ),
    );
  }
  return success({
    fromMicros: startSeconds === undefined ? -Infinity : beginMicros + Math.round(startSeconds * 1e6),
    toMicros: endSeconds === undefined ? Infinity : beginMicros + Math.round(endSeconds * 1e6),
    ...(maxFramesPerSecond !== undefined && { maxFramesPerSecond }),
  });
};

/**
 * Time is cut into slots of `1 / maxFramesPerSecond`, and a frame is taken when it is the first of its slot. Whether it
 * is depends on its predecessor alone, so that a reading that resumes takes the same frames as one from the beginning.
 * The offset keeps time stamps that were rounded to milliseconds from slipping below the border of their slot.
 */
export const slotOffset = 0.08;

const slotOf = (ptsMicros: number, framesPerSecond: number): number =>
  Math.floor((ptsMicros / 1e6) * framesPerSecond + slotOffset);

/** Tells whether a frame is wanted, given the frame before it in the recording, taken or not. */
export const isSelected = (selection: Selection, ptsMicros: number, previousPtsMicros: number | undefined): boolean => {
  if (ptsMicros < selection.fromMicros || ptsMicros > selection.toMicros) {
    return false;
  }
  const rate = selection.maxFramesPerSecond;
  return (
    rate === undefined || previousPtsMicros === undefined || slotOf(ptsMicros, rate) > slotOf(previousPtsMicros, rate)
  );
};
