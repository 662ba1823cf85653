import { Damaged } from './decoded-bytes.ts';
import type { DecodedBytes } from './decoded-bytes.ts';
import type { EntropyHeader } from './entropy-header.ts';
import { BackwardBits, StateDecoder, stateTable } from './finite-state.ts';

/** Counts of literals and of repeated bytes stand for themselves up to 15; then come ranges, with bits for the rest. */
const plainValues = Array.from({ length: 16 }, () => 0);
const literalCountBits = [...plainValues, 2, 3, 5, 8];
const repeatCountBits = [...plainValues, 3, 5, 8, 11];
/** Four ranges for each width. */
const distanceBits = Array.from({ length: 64 }, (_, symbol) => symbol >> 2);

/** Symbols that stand for ranges: each range begins where the one before it ended. */
const rangesFrom = (
  extraBits: readonly number[],
): { readonly extraBits: readonly number[]; readonly first: number[] } => {
  let next = 0;
  const first = extraBits.map((bits) => {
    const begin = next;
    next += 2 ** bits;
    return begin;
  });
  return { extraBits, first };
};

const literalCounts = rangesFrom(literalCountBits);
const repeatCounts = rangesFrom(repeatCountBits);
const distances = rangesFrom(distanceBits);

const countStates = 64;
const distanceStates = 256;
const literalStates = 1024;

/** Numbers from a stream: a symbol for the range, then the bits within it. */
const numbersFrom =
  (decoder: StateDecoder, { extraBits, first }: ReturnType<typeof rangesFrom>) =>
  (bits: BackwardBits): number => {
    const symbol = decoder.next(bits);
    return (first[symbol] ?? 0) + bits.take(extraBits[symbol] ?? 0);
  };

/** All literals of a block; four decoders take turns. */
const decodeLiterals = (header: EntropyHeader, payload: Uint8Array): Uint8Array => {
  const bits = new BackwardBits(payload, header.literalUnusedBits);
  const table = stateTable(literalStates, header.literalFrequencies);
  const decoders = header.literalStates.map((state) => new StateDecoder(table, state));
  const literals = new Uint8Array(header.literalCount);
  for (let i = 0; i < literals.length; i += decoders.length) {
    for (const [j, decoder] of decoders.entries()) {
      literals[i + j] = decoder.next(bits);
    }
  }
  return literals;
};

/** Decodes the payload of a block whose literals and repetitions are entropy-coded. */
export const decodeEntropyBlock = (header: EntropyHeader, payload: Uint8Array, output: DecodedBytes): void => {
  const literals = decodeLiterals(header, payload.subarray(0, header.literalPayloadBytes));
  const bits = new BackwardBits(payload.subarray(header.literalPayloadBytes), header.commandUnusedBits);
  const nextLiteralCount = numbersFrom(
    new StateDecoder(stateTable(countStates, header.literalCountFrequencies), header.literalCountState),
    literalCounts,
  );
  const nextRepeatCount = numbersFrom(
    new StateDecoder(stateTable(countStates, header.repeatCountFrequencies), header.repeatCountState),
    repeatCounts,
  );
  const nextDistance = numbersFrom(
    new StateDecoder(stateTable(distanceStates, header.distanceFrequencies), header.distanceState),
    distances,
  );
  let [used, distance] = [0, 0];
  for (let i = 0; i < header.commandCount; i += 1) {
    const literalCount = nextLiteralCount(bits);
    const repeatCount = nextRepeatCount(bits);
    // A distance of zero is that of the command before.
    distance = nextDistance(bits) || distance;
    if (used + literalCount > literals.length) {
      throw new Damaged('a block uses more literals than it has');
    }
    output.append(literals.subarray(used, used + literalCount));
    used += literalCount;
    if (repeatCount > 0) {
      output.repeat(distance, repeatCount);
    }
  }
};
