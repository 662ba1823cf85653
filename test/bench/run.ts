/** `npm run bench -- NAME…` runs the named benchmarks of this folder, or all of them; options are theirs. Each prints a table and writes JSON. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && file !== 'report.ts')
  .map((file) => file.slice(0, -'.ts'.length));
const options = process.argv.findIndex((argument) => argument.startsWith('--'));
const asked = process.argv.slice(2, options < 0 ? undefined : options);
const unknown = asked.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of asked.length > 0 ? asked : known) {
    await import(join(import.meta.dirname, `${name}.ts`));
  }
}
