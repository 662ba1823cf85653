import { lociError, success, type LociError, type Result } from '../../../contract/errors.ts';
import type { TimeUnit } from '../../../contract/job.ts';
import { logInvalid } from '../robot-errors.ts';
import { LogClock } from './log-clock.ts';
import { logFailure, openLog, type LogRow, type LogStream } from './log-file.ts';
import { TimedSamples } from './timed-samples.ts';

/** What one kind of log holds: its stream, and the numbers of one row; undefined where a row has none, a string says why. */
export interface SampleReader {
  readonly stream: LogStream;
  readonly width: number;
  /** Field names that are expected, for the message about a log that has none of them. */
  readonly expected: string;
  numbersOf(message: LogRow['message']): readonly number[] | undefined;
}

/** A log in memory, and what was wrong with it. */
export interface SampledLog {
  readonly samples: TimedSamples;
  readonly warnings: readonly LociError[];
}

/** Counts rows that were passed over for one reason, and remembers the first. */
class PassedOver {
  #count = 0;
  #first = '';

  add(place: string): void {
    this.#count++;
    this.#first ||= place;
  }

  warning(file: string, what: string): LociError[] {
    const rows = this.#count === 1 ? '1 row is' : `${this.#count} rows are`;
    const hint = 'Poses are interpolated over them where the gap is short enough; frames beyond have no pose.';
    return this.#count === 0
      ? []
      : [
          lociError('log-invalid', `${file} (${this.#first}): ${rows} passed over, ${what}`, hint, {
            file,
            place: this.#first,
          }),
        ];
  }
}

/**
 * Reads a whole log into memory: 64 bytes a row of seven joints. Rows without finite numbers and rows whose time does
 * not go on are passed over, with a warning; fails when nothing is left.
 */
export const readSamples = async (
  file: string,
  reader: SampleReader,
  timeUnit: TimeUnit | undefined,
): Promise<Result<SampledLog>> => {
  const log = openLog(file);
  if (!log.ok) {
    return log;
  }
  const samples = new TimedSamples(reader.width);
  const clock = new LogClock(file, timeUnit);
  const [broken, backward] = [new PassedOver(), new PassedOver()];
  const breaks: LociError[] = [];
  let [rows, understood] = [0, 0];
  try {
    for await (const row of log.value.rows(reader.stream)) {
      rows++;
      const numbers = reader.numbersOf(row.message);
      if (numbers === undefined) {
        broken.add(log.value.placeOf(row));
        continue;
      }
      understood++;
      const time = clock.timeOf(row);
      if (!time.ok) {
        return time;
      }
      if (!Number.isFinite(time.value) || !numbers.every(Number.isFinite)) {
        broken.add(log.value.placeOf(row));
      } else if (!samples.add(time.value, numbers)) {
        backward.add(log.value.placeOf(row));
      }
    }
  } catch (thrown) {
    const failed = logFailure(file, thrown);
    if (failed.ok || samples.length === 0) {
      return failed;
    }
    // A log that breaks off, as after a fall of the robot, is good until there.
    breaks.push(failed.error);
  }
  if (samples.length === 0) {
    const reason =
      rows === 0 ? 'it is empty' : understood === 0 ? `no row has ${reader.expected}` : 'no row holds finite numbers';
    return logInvalid(file, reason, 'What logs look like is described in docs/formats.md.');
  }
  const warnings = [
    ...breaks,
    ...broken.warning(file, 'which lack a finite number'),
    ...backward.warning(file, 'whose time is not later than that of the row before'),
  ];
  return success({ samples, warnings });
};
