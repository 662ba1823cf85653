import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loci, startLoci, type Said } from '../fixtures/loci.ts';
import {
  frameFile,
  makeRgbdFolder,
  makeVideo,
  temporaryFolder,
  truncateFile,
  writeDepthPng,
} from '../fixtures/recordings.ts';

/** Every refusal is one line that names the file and the remedy, and leaves a library that can be used. */
const expectRefusal = (said: Said, file: string, code: string): void => {
  expect(said.status).toBe(1);
  const lines = said.stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(file);
  expect(lines[0]).toContain(`(${code})`);
};

const ingest = (path: string, library: string, ...more: string[]): Promise<Said> =>
  loci('ingest', path, '--library', library, '--environment', 'room', '--json', ...more);

describe('a recording that cannot be read', () => {
  it.each([
    ['is missing', 'missing.mp4', undefined, 'source-not-found'],
    ['is empty', 'empty.mp4', '', 'source-empty'],
    ['is text under the name of a video', 'text.mp4', 'This is not a video.\n', 'source-unsupported'],
  ])('%s: says so, and the library stays usable', async (_, name, contents, code) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, name);
    if (contents !== undefined) {
      await writeFile(file, contents);
    }
    const library = join(folder.path, 'library');
    expectRefusal(await ingest(file, library), file, code);
    const sessions = await loci('sessions', '--library', library, '--json');
    expect(sessions).toMatchObject({ status: 0, lines: [] });
  });

  it('is cut off in the middle: keeps what was read, with a warning', async () => {
    await using folder = await temporaryFolder();
    const file = await makeVideo(folder.path, { frames: 120 });
    await truncateFile(file, 0.5);
    const said = await ingest(file, join(folder.path, 'library'));
    expect(said.status).toBe(0);
    const summary = said.lines.at(-1)!;
    expect(summary).toMatchObject({ type: 'summary' });
    expect(Number(summary['frames'])).toBeGreaterThan(20);
    expect(Number(summary['frames'])).toBeLessThan(120);
    expect(said.lines.some(({ type, warning }) => type === 'warning' && JSON.stringify(warning).includes(file))).toBe(
      true,
    );
    const [session] = (await loci('sessions', '--library', join(folder.path, 'library'), '--json')).lines;
    expect(session).toMatchObject({ status: 'partial', frames: summary['frames'] });
  });
});

describe('an RGB-D folder with faults', () => {
  it('without intrinsics is refused with the option to give them', async () => {
    await using folder = await temporaryFolder();
    const { path } = await makeRgbdFolder(folder.path, { frames: 4, withIntrinsics: false });
    const said = await ingest(path, join(folder.path, 'library'));
    expectRefusal(said, path, 'intrinsics-missing');
    expect(said.stderr).toContain('--intrinsics');
  });

  it('goes on over a depth image of another size, a pose with NaN and a gap, naming each', async () => {
    await using folder = await temporaryFolder();
    const { path } = await makeRgbdFolder(folder.path, { frames: 12 });
    await writeDepthPng(join(path, frameFile(3, 'depth.png')), 20, 10, new Uint16Array(200).fill(1000));
    await writeFile(join(path, frameFile(5, 'pose.txt')), '1 0 0 nan\n0 1 0 0\n0 0 1 0\n0 0 0 1\n');
    await rm(join(path, frameFile(7, 'color.jpg')));
    const said = await ingest(path, join(folder.path, 'library'));
    expect(said.status).toBe(0);
    const warnings = said.lines.filter(({ type }) => type === 'warning').map(({ warning }) => JSON.stringify(warning));
    expect(warnings.some((w) => w.includes('depth-size-mismatch') && w.includes(frameFile(3, 'depth.png')))).toBe(true);
    expect(warnings.some((w) => w.includes('pose-invalid') && w.includes(frameFile(5, 'pose.txt')))).toBe(true);
    expect(warnings.some((w) => w.includes('frame-missing') && w.includes('7'))).toBe(true);
    expect(said.lines.at(-1)).toMatchObject({ type: 'summary', frames: 11 });
  });
});

describe('a library that cannot be written', () => {
  it('of a newer version is left alone', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const { path } = await makeRgbdFolder(folder.path, { frames: 4 });
    await ingest(path, library);
    const file = join(library, 'library.json');
    const format = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...format, version: 999 }));
    const said = await loci('sessions', '--library', library);
    expect(said.status).toBe(1);
    expect(said.stderr).toMatch(/library-newer/);
  });

  it('open in another process is refused for writing, and can be read meanwhile', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const { path } = await makeRgbdFolder(folder.path, { frames: 4 });
    const serving = startLoci('serve', '--library', library, '--port', '0');
    await serving.line(({ type }) => type === 'serving');
    try {
      expectRefusal(await ingest(path, library), library, 'library-locked');
      expect(await loci('sessions', '--library', library, '--json')).toMatchObject({ status: 0, lines: [] });
    } finally {
      await serving.end('SIGTERM');
    }
    expect((await ingest(path, library)).status).toBe(0);
  });

  it.skipIf(process.getuid?.() === 0)('on a read-only folder is refused with the reason', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    await mkdir(library);
    await chmod(library, 0o500);
    const { path } = await makeRgbdFolder(folder.path, { frames: 4 });
    expectRefusal(await ingest(path, library), library, 'library-read-only');
    await chmod(library, 0o700);
  });
});

describe('a command that is used wrongly', () => {
  it.each([
    [['ingest']],
    [['ingest', 'walk.mp4']],
    [['ingest', 'walk.mp4', '--environment', 'room', '--intrinsics', '525,525']],
    [['frobnicate']],
    [['export', 'points', '--format', 'xyz', '--out', 'f']],
  ])('loci %j exits with 2 and says what is expected', async (args) => {
    const said = await loci(...args);
    expect(said.status).toBe(2);
    expect(said.stderr).toMatch(/error:/);
  });
});
