import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Prints a benchmark's figures as a table and writes them to `dist/bench/NAME.json` with the machine that they are of. */
export const report = (name: string, rows: readonly object[]): void => {
  console.log(`\n${name}`);
  console.table(rows);
  const folder = join(import.meta.dirname, '../../dist/bench');
  mkdirSync(folder, { recursive: true });
  const processors = cpus();
  const machine = {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const file = join(folder, `${name}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ benchmark: name, machine, at: new Date().toISOString(), rows }, undefined, 2)}\n`,
  );
  console.log(`written to ${file}`);
};
