import { Damaged } from './decoded-bytes.ts';
import type { DecodedBytes } from './decoded-bytes.ts';

/** One instruction: bytes to take as they are, then bytes to repeat. A `distance` left out is that of the one before. */
interface Instruction {
  /** Bytes of the instruction itself; its literals follow. */
  readonly bytes: number;
  readonly literals: number;
  readonly repeated: number;
  readonly distance?: number;
}

/** The last instruction, `06`, is padded to eight bytes. */
const endCode = 0x06;
const endBytes = 8;

const nothing = { literals: 0, repeated: 0 } as const;

/** Counts from 16 on take a byte of their own, which counts from 16. */
const shortOrLong = (code: number, next: number): { readonly bytes: number; readonly count: number } =>
  (code & 0x0f) === 0 ? { bytes: 2, count: next + 16 } : { bytes: 1, count: code & 0x0f };

/** The instructions by the bits of their first byte; L counts literals, M repeated bytes, D is the distance. */
const instructionAt = (code: number, next: number, afterNext: number): Instruction => {
  if (code >= 0xe0) {
    // 1110LLLL, 1111MMMM
    const { bytes, count } = shortOrLong(code, next);
    return code >= 0xf0 ? { bytes, literals: 0, repeated: count } : { bytes, literals: count, repeated: 0 };
  }
  if (code >= 0xd0 || (code >= 0x70 && code < 0x80)) {
    throw new Damaged('it holds an instruction that does not exist');
  }
  if (code >= 0xa0 && code < 0xc0) {
    // 101LLMMM DDDDDDMM DDDDDDDD
    return {
      bytes: 3,
      literals: (code >> 3) & 3,
      repeated: (((code & 7) << 2) | (next & 3)) + 3,
      distance: ((afterNext << 8) | next) >> 2,
    };
  }
  const counts = { literals: code >> 6, repeated: ((code >> 3) & 7) + 3 };
  switch (code & 7) {
    case 7: // LLMMM111 DDDDDDDD DDDDDDDD
      return { ...counts, bytes: 3, distance: (afterNext << 8) | next };
    case 6: // LLMMM110, except that without literals three codes mean nothing, and the others do not exist
      if (code === 0x0e || code === 0x16) {
        return { ...nothing, bytes: 1 };
      }
      if (code < 0x40) {
        throw new Damaged('it holds an instruction that does not exist');
      }
      return { ...counts, bytes: 1 };
    default: // LLMMMDDD DDDDDDDD
      return { ...counts, bytes: 2, distance: ((code & 7) << 8) | next };
  }
};

/** Decodes the payload of one LZVN block, from its first instruction to the one that ends it. */
export const decodeLzvn = (payload: Uint8Array, output: DecodedBytes): void => {
  let [at, distance] = [0, 0];
  for (let code = payload[0]; code !== endCode; code = payload[at]) {
    if (code === undefined) {
      throw new Damaged('an LZVN block has no end');
    }
    const instruction = instructionAt(code, payload[at + 1] ?? 0, payload[at + 2] ?? 0);
    const literalsAt = at + instruction.bytes;
    at = literalsAt + instruction.literals;
    if (at > payload.length) {
      throw new Damaged('an LZVN block is cut short');
    }
    output.append(payload.subarray(literalsAt, at));
    distance = instruction.distance ?? distance;
    if (instruction.repeated > 0) {
      output.repeat(distance, instruction.repeated);
    }
  }
  if (at + endBytes !== payload.length) {
    throw new Damaged('an LZVN block ends before its last byte');
  }
};
