import { extname } from 'node:path';
import { LociException, type Result } from '../../../contract/errors.ts';
import { logInvalid, reasonOf } from '../robot-errors.ts';
import { readCsv } from './csv.ts';
import { readJsonLines } from './json-lines.ts';
import { readMcap } from './mcap.ts';

/** One line of a log, or one message. */
export interface LogRow {
  /** From 1; the line of a text file. */
  readonly number: number;
  /** Fields by name, as the file has them: numbers of a table, nested objects and lists of messages. */
  readonly message: Readonly<Record<string, unknown>>;
  /** When a recorder took the message, where the format says so. */
  readonly loggedMicros?: number;
}

/** What to read of a file that holds several streams. */
export interface LogStream {
  /** Topic; only needed where several have a fitting schema. */
  readonly topic?: string | undefined;
  /** Schemas of the messages that are meant. */
  readonly schema: RegExp;
}

interface LogFormat {
  readonly extension: string;
  /** What one row is called in messages. */
  readonly rowName: 'line' | 'message';
  /** Throws a `LociException` for what cannot be read at all; rows are only given as they stand. */
  read(file: string, stream: LogStream): AsyncIterable<LogRow>;
}

/** The formats of robot logs. Adding one is adding its file and a line here. */
const formats: readonly LogFormat[] = [
  { extension: '.csv', rowName: 'line', read: readCsv },
  { extension: '.jsonl', rowName: 'line', read: readJsonLines },
  { extension: '.mcap', rowName: 'message', read: readMcap },
];

/** A log that can be read. */
export interface LogFile {
  readonly file: string;
  rows(stream: LogStream): AsyncIterable<LogRow>;
  /** Where a row is, in words. */
  placeOf(row: LogRow): string;
}

/** Recognises a log by its extension. */
export const openLog = (file: string): Result<LogFile> => {
  const format = formats.find(({ extension }) => extension === extname(file).toLowerCase());
  if (format === undefined) {
    const kinds = formats.map(({ extension }) => extension).join(', ');
    return logInvalid(file, 'it is no log that Loci reads', `Give a file with one of the extensions ${kinds}.`);
  }
  const value: LogFile = {
    file,
    rows: (stream) => format.read(file, stream),
    placeOf: ({ number }) => `${format.rowName} ${number}`,
  };
  return { ok: true, value };
};

/** What reading a log threw, as the reason why it cannot be used. */
export const logFailure = (file: string, thrown: unknown): Result<never> =>
  thrown instanceof LociException
    ? { ok: false, error: thrown.error }
    : logInvalid(file, `it cannot be read: ${reasonOf(thrown)}`, 'Check the path and that the file is complete.');
