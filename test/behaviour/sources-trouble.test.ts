import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loci } from '../fixtures/loci.ts';
import type { Said } from '../fixtures/loci.ts';
import { logStartMicros, makeLog } from '../fixtures/mcap.ts';
import { frameFile, makeRgbdFolder, makeTumFolder, temporaryFolder, writeDepthPng } from '../fixtures/recordings.ts';

const ingest = (path: string, library: string, ...more: string[]): Promise<Said> =>
  loci('ingest', path, '--library', library, '--environment', 'room', '--json', ...more);

const warningsOf = (said: Said): { code: string; message: string; hint: string; place?: string }[] =>
  said.lines.filter(({ type }) => type === 'warning').map(({ warning }) => warning as never);

/** The session is closed as complete, and holds this many frames. */
const expectComplete = async (said: Said, library: string, frames: number): Promise<void> => {
  expect(said.lines.at(-1)).toMatchObject({ type: 'summary', frames });
  const [session] = (await loci('sessions', '--library', library, '--json')).lines;
  expect(session).toMatchObject({ status: 'complete', frames });
};

describe('a recording with faults loses no session:', () => {
  it('rolling gaps are named, and the frames between them keep their times', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const { path } = await makeRgbdFolder(folder.path, { frames: 30, width: 80, height: 60 });
    const missing = [3, 4, 9, 10, 11, 17, 25];
    for (const number of missing) {
      await rm(join(path, frameFile(number, 'color.jpg')));
    }
    const said = await ingest(path, library);
    expect(warningsOf(said).map(({ place }) => place)).toEqual([
      'frames 3 to 4',
      'frames 9 to 11',
      'frame 17',
      'frame 25',
    ]);
    await expectComplete(said, library, 30 - missing.length);
  });

  it('duplicate and reversed time stamps are left out and named', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const steps = [0, 1, 2, 2, 1, 3, 4, 4, 5, 6];
    const stampOf = (i: number): number => logStartMicros + steps[i]! * 40_000;
    const { path } = await makeLog(folder.path, { frames: steps.length, stampOf });
    const said = await ingest(path, library);
    const named = warningsOf(said).filter(({ code }) => code === 'timestamp-invalid');
    expect(named.map(({ place }) => place)).toEqual(['0.040000 s to 0.080000 s', '0.160000 s']);
    await expectComplete(said, library, 7);
  });

  it('a TUM list that names a time twice uses it once', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const { path, intrinsics } = await makeTumFolder(folder.path, { frames: 5 });
    const list = join(path, 'rgb.txt');
    const twice = '1305031102.175304 rgb/1305031102.175304.jpg\n';
    await writeFile(list, twice, { flag: 'a' });
    const { fx, fy, cx, cy } = intrinsics;
    const said = await ingest(path, library, '--intrinsics', [fx, fy, cx, cy].join());
    expect(warningsOf(said)).toContainEqual(expect.objectContaining({ code: 'timestamp-invalid', file: list }));
    await expectComplete(said, library, 5);
  });

  it('depth in the wrong unit is detected and named with the unit that fits', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const { path, frames } = await makeRgbdFolder(folder.path, { frames: 14 });
    for (const [i, { width, height, depthMillimetres }] of frames.entries()) {
      const tenths = depthMillimetres.map((millimetres) => millimetres * 10);
      await writeDepthPng(join(path, frameFile(i, 'depth.png')), width, height, tenths);
    }
    const said = await ingest(path, library);
    const [warning] = warningsOf(said).filter(({ code }) => code === 'depth-unit');
    expect(warning!.message).toContain(path);
    expect(warning!.hint).toContain('--depth-scale 0.0001 ');
    await expectComplete(said, library, 14);
    const mended = await ingest(path, library, '--session', 'mended', '--depth-scale', '0.0001');
    expect(warningsOf(mended)).toEqual([]);
  });

  it('recorded poses that are no numbers or no rigid motion cost their frames the pose', async () => {
    await using folder = await temporaryFolder();
    const library = join(folder.path, 'library');
    const { path } = await makeRgbdFolder(folder.path, { frames: 8 });
    await writeFile(join(path, frameFile(2, 'pose.txt')), '1 0 0 nan\n0 1 0 0\n0 0 1 0\n0 0 0 1\n');
    await writeFile(join(path, frameFile(5, 'pose.txt')), '2 0 0 0\n0 2 0 0\n0 0 2 0\n0 0 0 1\n');
    const said = await ingest(path, library, '--poses', 'recorded');
    expect(warningsOf(said).filter(({ code }) => code === 'pose-invalid').length).toBeGreaterThan(0);
    expect(said.lines.at(-1)).toMatchObject({ tracking: { tracked: 6, lost: 2 } });
    await expectComplete(said, library, 8);
  });
});
