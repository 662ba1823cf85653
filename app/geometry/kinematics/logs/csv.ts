import type { LogRow } from './log-file.ts';
import { readLines } from './lines.ts';

const cellsOf = (text: string): string[] => text.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/** Reads a table of numbers with a header; a cell that is none, or is not there, becomes NaN. */
export async function* readCsv(file: string): AsyncGenerator<LogRow> {
  let header: string[] | undefined;
  for await (const { number, text } of readLines(file)) {
    const cells = cellsOf(text);
    if (header === undefined) {
      header = cells;
      continue;
    }
    const message: Record<string, unknown> = {};
    for (const [i, name] of header.entries()) {
      const cell = cells[i];
      message[name] = cell === undefined || cell === '' ? Number.NaN : Number(cell);
    }
    yield { number, message };
  }
}
