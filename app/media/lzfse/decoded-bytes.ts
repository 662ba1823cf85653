/** Compressed bytes contradict themselves; the message says how. It does not leave the decoder. */
export class Damaged extends Error {}

/** What has been decoded so far, of a size that is known; nothing is written beyond it, nor read from before it. */
export class DecodedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes `count` bytes that equal those `distance` bytes before each; a run that overlaps itself repeats. */
  repeat(distance: number, count: number): void {
    if (distance < 1 || distance > this.#length) {
      throw new Damaged('a repetition begins before the data');
    }
    this.#reserve(count);
    const { bytes } = this;
    const from = this.#length - distance;
    if (distance >= count) {
      bytes.copyWithin(this.#length, from, from + count);
    } else {
      for (let i = 0; i < count; i += 1) {
        bytes[this.#length + i] = bytes[from + i] ?? 0;
      }
    }
    this.#length += count;
  }

  #reserve(count: number): void {
    if (count > this.bytes.length - this.#length) {
      throw new Damaged(`it decodes to more than ${this.bytes.length} bytes`);
    }
  }
}
