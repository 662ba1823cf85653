import type { Result } from '../../../contract/errors.ts';
import type { TimeUnit } from '../../../contract/job.ts';
import { logInvalid } from '../robot-errors.ts';
import type { LogRow } from './log-file.ts';

const microsOf: Readonly<Record<TimeUnit, number>> = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 };

/** Words by which a field says its unit. */
const unitWords: ReadonlyMap<string, TimeUnit> = new Map(
  (
    [
      ['s', ['s', 'sec', 'secs', 'second', 'seconds']],
      ['ms', ['ms', 'msec', 'millis', 'milliseconds']],
      ['us', ['us', 'usec', 'micros', 'microseconds']],
      ['ns', ['ns', 'nsec', 'nsecs', 'nanosec', 'nanosecs', 'nanos', 'nanoseconds']],
    ] as const
  ).flatMap(([unit, words]) => words.map((word) => [word, unit] as const)),
);
const timeWords = new Set(['time', 'timestamp', 'stamp', 't', 'pts']);

/** `timestampNs`, `time [s]`, `header.stamp.sec`: the words of a field's name in lower case. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** A field that holds a time: its unit, or undefined when its name does not say. */
interface TimeField {
  readonly name: string;
  readonly unit: TimeUnit | undefined;
}

const timeFieldOf = (name: string): TimeField | undefined => {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const unit = unitWords.get(last);
  const named = words.some((word) => timeWords.has(word));
  // A lone "seconds" is a time, a lone "s" or "ns" may be anything.
  const alone = words.length === 1 && unit !== undefined && last.length > 2;
  return alone || (named && (unit !== undefined || timeWords.has(last))) ? { name, unit } : undefined;
};

/** Seconds and nanoseconds of a ROS or protobuf time, as µs; undefined for anything else and for a time never set. */
const stampMicros = (stamp: unknown): number | undefined => {
  if (typeof stamp !== 'object' || stamp === null) {
    return undefined;
  }
  const { sec, secs, seconds, nanosec, nsec, nsecs, nanos } = stamp as Readonly<Record<string, unknown>>;
  const micros =
    Number(sec ?? secs ?? seconds ?? Number.NaN) * 1e6 + Number(nanosec ?? nsec ?? nsecs ?? nanos ?? 0) / 1e3;
  return micros === 0 ? undefined : micros;
};

/** Reads the time of each row of a log in one way, which its first row decides. */
export class LogClock {
  readonly #file: string;
  readonly #unit: TimeUnit | undefined;
  #field: TimeField | undefined;
  #pair: readonly [seconds: string, nanoseconds: string] | undefined;

  /** `unit` is that of a field which does not say it in its name. */
  constructor(file: string, unit: TimeUnit | undefined) {
    this.#file = file;
    this.#unit = unit;
  }

  /** Time on the log's own clock in µs, NaN when this row lacks it; fails when the log does not say its times or their unit. */
  timeOf(row: LogRow): Result<number> {
    const { message } = row;
    const header = message['header'] as Readonly<Record<string, unknown>> | undefined;
    const stamp =
      stampMicros(header?.['stamp']) ??
      stampMicros(message['timestamp']) ??
      stampMicros(message['stamp']) ??
      row.loggedMicros;
    if (stamp !== undefined) {
      return { ok: true, value: stamp };
    }
    if (this.#field === undefined && this.#pair === undefined) {
      this.#choose(Object.keys(message));
    }
    if (this.#pair) {
      const [seconds, nanoseconds] = this.#pair;
      return { ok: true, value: Number(message[seconds]) * 1e6 + Number(message[nanoseconds]) / 1e3 };
    }
    if (this.#field === undefined) {
      const fields = Object.keys(message).join(', ');
      const hint = 'Name its time "time_s", "time_ms", "time_us" or "time_ns".';
      return logInvalid(this.#file, `no field says when it was taken; it has: ${fields}`, hint);
    }
    const { name, unit = this.#unit } = this.#field;
    if (unit === undefined) {
      const hint = `Pass --time-unit s, ms, us or ns, or name it "${name}_ns" or the like.`;
      return logInvalid(this.#file, `the field "${name}" does not say the unit of its times`, hint);
    }
    const time = message[name];
    return { ok: true, value: typeof time === 'number' ? time * microsOf[unit] : Number.NaN };
  }

  #choose(names: readonly string[]): void {
    const partOf = (name: string): string => wordsOf(name).slice(0, -1).join('.');
    const unitOf = (name: string): TimeUnit | undefined => unitWords.get(wordsOf(name).at(-1) ?? '');
    const nanoseconds = names.find((name) => unitOf(name) === 'ns');
    const seconds = names.find(
      (name) => unitOf(name) === 's' && nanoseconds !== undefined && partOf(name) === partOf(nanoseconds),
    );
    if (seconds !== undefined && nanoseconds !== undefined && /sec/i.test(seconds)) {
      this.#pair = [seconds, nanoseconds];
      return;
    }
    const fields = names.flatMap((name) => timeFieldOf(name) ?? []);
    this.#field = fields.find(({ unit }) => unit !== undefined) ?? fields[0];
  }
}
