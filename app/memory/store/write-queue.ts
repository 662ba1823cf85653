/** Runs tasks one after another, in the order in which they were given; a task that fails does not stop the next. */
export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `task` does, once all earlier tasks are over. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task given so far is over. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
