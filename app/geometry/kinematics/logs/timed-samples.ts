/** Two neighbouring samples and how far between them a time is: 0 at the first, 1 at the second. */
export interface Bracket {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly share: number;
}

/** Rows of numbers in order of time. */
export class TimedSamples {
  readonly #width: number;
  readonly #times: number[] = [];
  readonly #values: number[] = [];

  /** Each row holds `width` numbers. */
  constructor(width: number) {
    this.#width = width;
  }

  get length(): number {
    return this.#times.length;
  }

  get firstMicros(): number | undefined {
    return this.#times[0];
  }

  get lastMicros(): number | undefined {
    return this.#times.at(-1);
  }

  /** Appends a row; answers false, and leaves it out, when it is not later than the last one. */
  add(timeMicros: number, values: readonly number[]): boolean {
    const last = this.#times.at(-1);
    if (last !== undefined && timeMicros <= last) {
      return false;
    }
    this.#times.push(timeMicros);
    this.#values.push(...values);
    return true;
  }

  /** The samples round a time, or undefined outside of them and where they are more than `maxGapMicros` apart. */
  around(timeMicros: number, maxGapMicros: number): Bracket | undefined {
    const i = this.#firstNotBefore(timeMicros);
    const after = this.#times[i];
    if (after === undefined) {
      return undefined;
    }
    if (after === timeMicros) {
      return { before: this.#row(i), after: this.#row(i), share: 0 };
    }
    const before = this.#times[i - 1];
    return before === undefined || after - before > maxGapMicros
      ? undefined
      : { before: this.#row(i - 1), after: this.#row(i), share: (timeMicros - before) / (after - before) };
  }

  /** How many pairs of neighbours are more than `maxGapMicros` apart, and the longest distance in µs. */
  gaps(maxGapMicros: number): { readonly count: number; readonly longestMicros: number } {
    let count = 0;
    let longestMicros = 0;
    this.#times.forEach((time, i) => {
      const distance = time - (this.#times[i - 1] ?? time);
      count += distance > maxGapMicros ? 1 : 0;
      longestMicros = Math.max(longestMicros, distance);
    });
    return { count, longestMicros };
  }

  /** All rows, one after the other. */
  *rows(): Generator<readonly number[]> {
    for (let i = 0; i < this.#times.length; i++) {
      yield this.#row(i);
    }
  }

  #row(i: number): readonly number[] {
    return this.#values.slice(i * this.#width, (i + 1) * this.#width);
  }

  #firstNotBefore(timeMicros: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] ?? Infinity) < timeMicros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
