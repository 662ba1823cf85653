/**
 * How often a crashed process may be started again: at most `limit` times within `windowMillis`, since a process that
 * dies at once would otherwise be started for ever.
 */
export class RestartBudget {
  readonly #limit: number;
  readonly #windowMillis: number;
  #restarts: number[] = [];

  constructor(limit: number, windowMillis: number) {
    this.#limit = limit;
    this.#windowMillis = windowMillis;
  }

  /** Takes one restart at the given time, or answers false when the budget is spent. */
  take(nowMillis: number): boolean {
    this.#restarts = this.#restarts.filter((at) => nowMillis - at < this.#windowMillis);
    if (this.#restarts.length >= this.#limit) {
      return false;
    }
    this.#restarts.push(nowMillis);
    return true;
  }
}
