import { Damaged, DecodedBytes } from './lzfse/decoded-bytes.ts';
import { decodeEntropyBlock } from './lzfse/entropy-block.ts';
import { readPackedHeader, readPlainHeader } from './lzfse/entropy-header.ts';
import { decodeLzvn } from './lzfse/lzvn.ts';

/** Walks through compressed bytes; taking more than there are is an error. */
class Input {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  take(count: number): Uint8Array {
    const taken = this.rest.subarray(0, count);
    if (taken.length < count) {
      throw new Damaged('it is cut short');
    }
    this.#at += count;
    return taken;
  }
}

const numberAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);

/** Decodes a block, and answers how many bytes it says that it decodes to. */
type DecodeBlock = (input: Input, output: DecodedBytes) => number;

const decodeRaw: DecodeBlock = (input, output) => {
  const size = numberAt(input.take(8), 4);
  output.append(input.take(size));
  return size;
};

const decodeLzvnBlock: DecodeBlock = (input, output) => {
  const header = input.take(12);
  decodeLzvn(input.take(numberAt(header, 8)), output);
  return numberAt(header, 4);
};

const entropyBlock =
  (readHeader: typeof readPlainHeader): DecodeBlock =>
  (input, output) => {
    const header = readHeader(input.rest);
    input.take(header.bytes);
    decodeEntropyBlock(header, input.take(header.literalPayloadBytes + header.commandPayloadBytes), output);
    return header.decodedBytes;
  };

const endOfStream = 'bvx$';

/** Blocks by the four letters that each begins with. */
const decoders: ReadonlyMap<string, DecodeBlock> = new Map([
  ['bvx-', decodeRaw],
  ['bvxn', decodeLzvnBlock],
  ['bvx1', entropyBlock(readPlainHeader)],
  ['bvx2', entropyBlock(readPackedHeader)],
]);

const decodeBlocks = (input: Input, output: DecodedBytes): void => {
  for (;;) {
    const letters = String.fromCharCode(...input.rest.subarray(0, 4));
    if (letters === endOfStream) {
      return;
    }
    const decode = decoders.get(letters);
    if (decode === undefined) {
      throw new Damaged(letters.length < 4 ? 'it is cut short' : 'it holds a block of no known kind');
    }
    const before = output.length;
    if (decode(input, output) !== output.length - before) {
      throw new Damaged('a block decodes to another size than it says');
    }
  }
};

/**
 * Decodes what was compressed with Apple's LZFSE and has to have `size` bytes; a string says why it cannot be. The
 * format is that of the reference implementation, https://github.com/lzfse/lzfse: blocks that are stored as they are,
 * compressed with LZVN, or with repetitions and literals coded by finite-state entropy.
 */
export const decodeLzfse = (compressed: Uint8Array, size: number): Uint8Array<ArrayBuffer> | string => {
  const output = new DecodedBytes(size);
  try {
    decodeBlocks(new Input(compressed), output);
  } catch (thrown) {
    if (thrown instanceof Damaged) {
      return thrown.message;
    }
    throw thrown;
  }
  return output.length === size ? output.bytes : `it decodes to ${output.length} bytes instead of ${size}`;
};
