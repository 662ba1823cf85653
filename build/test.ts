/**
 * Runs every check and every test, one after the other, and sums them up in a last line `N passed, M failed`.
 * A failing part does not stop the rest, so that one run tells everything.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'loci-test-'));

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, NO_COLOR: '1' } })
    .status === 0;

/** A check that passes or fails as a whole. */
const check = (script: string): Tally =>
  run('npm', ['run', '-s', script]) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** C++ tests, counted from the JUnit file that ctest writes. */
const nativeTests = (): Tally => {
  const report = join(scratch, 'native.xml');
  const ok = run('ctest', ['--test-dir', 'native/build', '--output-on-failure', '--output-junit', report]);
  const text = readReport(report);
  const count = (attribute: string): number =>
    Number(new RegExp(`<testsuite[^>]*\\s${attribute}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const passed = count('tests') - failed - count('skipped') - count('disabled');
  return passed + failed === 0 || (!ok && failed === 0) ? { passed, failed: failed + 1 } : { passed, failed };
};

/** Unit, behaviour and end-to-end tests, counted from Vitest's JSON. */
const vitest = (): Tally => {
  const report = join(scratch, 'vitest.json');
  const ok = run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  const text = readReport(report);
  if (text === '') {
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests, numFailedTests } = JSON.parse(text) as { numPassedTests: number; numFailedTests: number };
  // A file that does not even load has no failed test, yet the run failed.
  return { passed: numPassedTests, failed: ok ? numFailedTests : Math.max(1, numFailedTests) };
};

const readReport = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const parts: readonly (readonly [name: string, part: () => Tally])[] = [
  ['format', () => check('format:check')],
  ['lint', () => check('lint')],
  ['types', () => check('types')],
  ['native tests', nativeTests],
  ['tests', vitest],
];

let passed = 0;
let failed = 0;
for (const [name, part] of parts) {
  console.log(`\n— ${name}`);
  const tally = part();
  console.log(`${name}: ${tally.passed} ok, ${tally.failed} not ok`);
  passed += tally.passed;
  failed += tally.failed;
}
rmSync(scratch, { recursive: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
