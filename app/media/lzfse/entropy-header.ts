import { Damaged } from './decoded-bytes.ts';

/** What a block of entropy-coded commands tells before its payload. A command is some literals, then a repetition. */
export interface EntropyHeader {
  /** Bytes of the header itself. */
  readonly bytes: number;
  /** Bytes that the block decodes to. */
  readonly decodedBytes: number;
  readonly literalCount: number;
  readonly commandCount: number;
  readonly literalPayloadBytes: number;
  readonly commandPayloadBytes: number;
  /** Upper bits of the last byte of a stream that do not belong to it. */
  readonly literalUnusedBits: number;
  readonly commandUnusedBits: number;
  /** Where the decoders begin; the four of the literals take turns. */
  readonly literalStates: readonly number[];
  readonly literalCountState: number;
  readonly repeatCountState: number;
  readonly distanceState: number;
  readonly literalCountFrequencies: readonly number[];
  readonly repeatCountFrequencies: readonly number[];
  readonly distanceFrequencies: readonly number[];
  readonly literalFrequencies: readonly number[];
}

const mostCommands = 10_000;
const mostLiterals = 4 * mostCommands;

/** Numbers of symbols of the four tables, in the order in which they are stored. */
const countSymbols = 20;
const distanceSymbols = 64;
const literalSymbols = 256;
const allSymbols = 2 * countSymbols + distanceSymbols + literalSymbols;

const tablesFrom = (frequencies: readonly number[]) => ({
  literalCountFrequencies: frequencies.slice(0, countSymbols),
  repeatCountFrequencies: frequencies.slice(countSymbols, 2 * countSymbols),
  distanceFrequencies: frequencies.slice(2 * countSymbols, 2 * countSymbols + distanceSymbols),
  literalFrequencies: frequencies.slice(2 * countSymbols + distanceSymbols),
});

const checked = (header: EntropyHeader): EntropyHeader => {
  if (header.literalCount > mostLiterals || header.literalCount % 4 !== 0 || header.commandCount > mostCommands) {
    throw new Damaged('the header of a block counts more than a block can hold');
  }
  return header;
};

const viewOf = (bytes: Uint8Array, least: number): DataView => {
  if (bytes.length < least) {
    throw new Damaged('the header of a block is cut short');
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** Fields as 32-bit and 16-bit numbers, and two bytes of padding at the end. */
const plainHeaderBytes = 772;
const plainTablesAt = 50;

/** Reads the header of a `bvx1` block, which holds all numbers as they are. `bytes` begin with the block. */
export const readPlainHeader = (bytes: Uint8Array): EntropyHeader => {
  const view = viewOf(bytes, plainHeaderBytes);
  const short = (at: number): number => view.getUint16(at, true);
  const long = (at: number): number => view.getUint32(at, true);
  return checked({
    bytes: plainHeaderBytes,
    decodedBytes: long(4),
    literalCount: long(12),
    commandCount: long(16),
    literalPayloadBytes: long(20),
    commandPayloadBytes: long(24),
    literalUnusedBits: 0 - view.getInt32(28, true),
    literalStates: [short(32), short(34), short(36), short(38)],
    commandUnusedBits: 0 - view.getInt32(40, true),
    literalCountState: short(44),
    repeatCountState: short(46),
    distanceState: short(48),
    ...tablesFrom(Array.from({ length: allSymbols }, (_, i) => short(plainTablesAt + 2 * i))),
  });
};

/**
 * The frequency that bits, from the lowest on, begin with, and how many of them it takes: `00` is 0, `10` is 1, `001`
 * is 2, `101` is 3; two more bits after `011` count from 4, four after `0111` from 8, ten after `1111` from 24.
 */
const frequencyFrom = (bits: number): { readonly frequency: number; readonly bitCount: number } => {
  if ((bits & 1) === 0) {
    return { frequency: (bits >> 1) & 1, bitCount: 2 };
  }
  if ((bits & 2) === 0) {
    return { frequency: 2 + ((bits >> 2) & 1), bitCount: 3 };
  }
  if ((bits & 4) === 0) {
    return { frequency: 4 + ((bits >> 3) & 3), bitCount: 5 };
  }
  return (bits & 8) === 0
    ? { frequency: 8 + ((bits >> 4) & 0xf), bitCount: 8 }
    : { frequency: 24 + ((bits >> 4) & 0x3ff), bitCount: 14 };
};

/** Reads the frequencies that fill `bytes` up to less than one byte; none at all are all zero. */
const readFrequencies = (bytes: Uint8Array): number[] => {
  if (bytes.length === 0) {
    return Array.from({ length: allSymbols }, () => 0);
  }
  let position = 0;
  const frequencies = Array.from({ length: allSymbols }, () => {
    const at = position >> 3;
    const window = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const { frequency, bitCount } = frequencyFrom(window >> (position & 7));
    position += bitCount;
    return frequency;
  });
  if (position > 8 * bytes.length || position <= 8 * (bytes.length - 1)) {
    throw new Damaged('the tables of a block do not end where its header does');
  }
  return frequencies;
};

const packedTablesAt = 32;

/** Reads the header of a `bvx2` block, which packs its fields into three 64-bit words and its tables into a prefix code. */
export const readPackedHeader = (bytes: Uint8Array): EntropyHeader => {
  const view = viewOf(bytes, packedTablesAt);
  const field = (word: number, lowest: number, width: number): number =>
    Number(BigInt.asUintN(width, view.getBigUint64(8 + 8 * word, true) >> BigInt(lowest)));
  const headerBytes = field(2, 0, 32);
  if (headerBytes < packedTablesAt || headerBytes > bytes.length) {
    throw new Damaged('the header of a block is cut short');
  }
  return checked({
    bytes: headerBytes,
    decodedBytes: view.getUint32(4, true),
    literalCount: field(0, 0, 20),
    literalPayloadBytes: field(0, 20, 20),
    commandCount: field(0, 40, 20),
    literalUnusedBits: 7 - field(0, 60, 3),
    literalStates: [field(1, 0, 10), field(1, 10, 10), field(1, 20, 10), field(1, 30, 10)],
    commandPayloadBytes: field(1, 40, 20),
    commandUnusedBits: 7 - field(1, 60, 3),
    literalCountState: field(2, 32, 10),
    repeatCountState: field(2, 42, 10),
    distanceState: field(2, 52, 10),
    ...tablesFrom(readFrequencies(bytes.subarray(packedTablesAt, headerBytes))),
  });
};
