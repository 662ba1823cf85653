import { describeError, errorFaults, type LociError } from '../contract/errors.ts';

/** Exit codes: 0 done, 1 the input was at fault, 2 usage, 3 a fault of ours. */
const exitCodes = { input: 1, usage: 2, internal: 3 } as const;

/** Exit code for a failure. */
export const exitCodeOf = (error: LociError): number => exitCodes[errorFaults[error.code]];

/** Prints one JSON object on a line of its own. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** Prints a line for people. */
export const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Prints a warning on stderr, where it does not disturb what a script reads. */
export const printWarning = (error: LociError): void => {
  process.stderr.write(`loci: warning: ${describeError(error)}\n`);
};

/** Ends a command with a failure: one line on stderr, and the exit code that belongs to it. */
export class CommandFailure extends Error {
  readonly error: LociError;

  constructor(error: LociError) {
    super(error.message);
    this.error = error;
  }
}

/** Reports a failure and sets the exit code. */
export const reportFailure = (error: LociError): void => {
  process.stderr.write(`loci: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
};

/** A table with columns as wide as their widest cell; numbers to the right. */
export const printTable = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): void => {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  cells.forEach((row, r) => {
    const line = row.map((cell, column) => {
      const numeric = r > 0 && typeof rows[r - 1]?.[column] === 'number';
      return numeric ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
    });
    printLine(line.join('  ').trimEnd());
  });
};

/** A presentation time as `mm:ss.mmm`, the way the window shows it. */
export const formatTime = (ptsMicros: number): string => {
  const minutes = Math.floor(ptsMicros / 60e6);
  const seconds = (ptsMicros - minutes * 60e6) / 1e6;
  return `${String(minutes).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
};
