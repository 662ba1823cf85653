import { Damaged } from './decoded-bytes.ts';

/** Reads the bits of a stream from its end towards its beginning, as finite-state entropy coding writes them. */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  #position: number;

  /** `unusedBits` of the last byte, the upper ones, do not belong to the stream. */
  constructor(bytes: Uint8Array, unusedBits: number) {
    const last = bytes.at(-1) ?? 0;
    if (unusedBits < 0 || unusedBits > 7 || last >> (8 - unusedBits) !== 0) {
      throw new Damaged('a stream of bits does not end where it should');
    }
    this.#bytes = bytes;
    this.#position = 8 * bytes.length - unusedBits;
  }

  /** The next bits, at most 24, as a number. */
  take(count: number): number {
    this.#position -= count;
    if (this.#position < 0) {
      throw new Damaged('a stream of bits is cut short');
    }
    const bytes = this.#bytes;
    const at = this.#position >> 3;
    const window =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    return (window >>> (this.#position & 7)) & ((1 << count) - 1);
  }
}

/**
 * A table of tabled asymmetric numeral systems (J. Duda, "Asymmetric numeral systems", arXiv:1311.2540, 2013): what
 * each state stands for, and how to come from it to the next.
 */
export interface StateTable {
  readonly symbols: Uint8Array;
  /** Bits to read, and what to add to them, for the next state. */
  readonly bitCounts: Uint8Array;
  readonly bases: Uint16Array;
}

/**
 * Builds a table of `stateCount` states, a power of two. Each symbol owns as many neighbouring states as its frequency
 * tells. The j-th state of a symbol of frequency f carries the number x = f + j; read bits are appended to x until it
 * lies in [stateCount, 2·stateCount), and the next state is what it exceeds stateCount by.
 */
export const stateTable = (stateCount: number, frequencies: readonly number[]): StateTable => {
  const total = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  if (total > stateCount) {
    throw new Damaged('a table of frequencies has too many states');
  }
  const table = {
    symbols: new Uint8Array(total),
    bitCounts: new Uint8Array(total),
    bases: new Uint16Array(total),
  };
  let state = 0;
  for (const [symbol, frequency] of frequencies.entries()) {
    for (let x = frequency; x < 2 * frequency; x += 1) {
      const bitCount = Math.clz32(x) - Math.clz32(stateCount);
      table.symbols[state] = symbol;
      table.bitCounts[state] = bitCount;
      table.bases[state] = (x << bitCount) - stateCount;
      state += 1;
    }
  }
  return table;
};

/** Walks through the states of a table. Several may read from one stream in turn. */
export class StateDecoder {
  readonly #table: StateTable;
  #state: number;

  constructor(table: StateTable, state: number) {
    this.#table = table;
    this.#state = state;
  }

  /** The symbol of the state, which then moves on. */
  next(bits: BackwardBits): number {
    const { symbols, bitCounts, bases } = this.#table;
    const state = this.#state;
    const symbol = symbols[state];
    if (symbol === undefined) {
      throw new Damaged('a table of frequencies lacks a state that is used');
    }
    this.#state = (bases[state] ?? 0) + bits.take(bitCounts[state] ?? 0);
    return symbol;
  }
}
