import type { LogRow } from './log-file.ts';
import { readLines } from './lines.ts';

const parseObject = (text: string): Record<string, unknown> => {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** Reads one JSON object a line; a line that is none, such as one that was cut off, becomes an empty message. */
export async function* readJsonLines(file: string): AsyncGenerator<LogRow> {
  for await (const { number, text } of readLines(file)) {
    yield { number, message: parseObject(text) };
  }
}
