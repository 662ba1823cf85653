/**
 * Hands values from a producer that does not wait to a consumer that may be slower: the newest value wins, and those
 * that it replaced are counted.
 */
export class Newest<Value> {
  #value: { readonly value: Value } | undefined;
  #replaced = 0;
  #closed = false;
  #wake: () => void = () => undefined;

  put(value: Value): void {
    this.#replaced += this.#value ? 1 : 0;
    this.#value = { value };
    this.#wake();
  }

  /** Nothing more will come. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** The newest value and how many were replaced since the last one taken; `undefined` once closed and empty. */
  async take(): Promise<{ readonly value: Value; readonly replaced: number } | undefined> {
    while (!this.#value && !this.#closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (!this.#value) {
      return undefined;
    }
    const taken = { value: this.#value.value, replaced: this.#replaced };
    this.#value = undefined;
    this.#replaced = 0;
    return taken;
  }
}
