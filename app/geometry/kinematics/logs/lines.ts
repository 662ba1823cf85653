import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A line of a text file that is neither empty nor a comment, and its number from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** Reads a text file line by line; empty lines and those that begin with `#` are passed over. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number++;
    const text = number === 1 ? line.replace(/^\uFEFF/, '').trim() : line.trim();
    if (text !== '' && !text.startsWith('#')) {
      yield { number, text };
    }
  }
}
