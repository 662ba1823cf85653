import { lociError, type LociError } from '../contract/errors.ts';

const seconds = (micros: number): string => `${(micros / 1e6).toFixed(6)} s`;

/**
 * Lets frames pass whose time stamps ascend. A time stamp names one frame only, so one that repeats, or runs backwards,
 * is left out; each run of them is told once, by its place.
 */
export class TimeOrder {
  readonly #file: string;
  #last: number | undefined;
  #refused: number[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** The last time stamp that passed. */
  get lastPtsMicros(): number | undefined {
    return this.#last;
  }

  /** Whether a frame comes after all that passed. */
  accepts(ptsMicros: number): boolean {
    if (this.#last !== undefined && ptsMicros <= this.#last) {
      this.#refused.push(ptsMicros);
      return false;
    }
    this.#last = ptsMicros;
    return true;
  }

  /** What there is to say of the frames left out since the last call; asked before a frame that passed, and at the end. */
  takeWarning(): LociError[] {
    const [first, ...others] = this.#refused;
    if (first === undefined) {
      return [];
    }
    const refused = this.#refused;
    this.#refused = [];
    const count = refused.length === 1 ? '1 frame is' : `${refused.length} frames are`;
    const range =
      others.length === 0 ? seconds(first) : `${seconds(Math.min(...refused))} to ${seconds(Math.max(...refused))}`;
    return [
      lociError(
        'timestamp-invalid',
        `${this.#file}: ${count} left out, as the time stamps repeat or run backwards (${range})`,
        'The frames around them are used. Record or export the recording again if they matter.',
        { file: this.#file, place: range },
      ),
    ];
  }
}
