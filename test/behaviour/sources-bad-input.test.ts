import { mkdir, open as openFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LociError, Result } from '../../app/contract/errors.ts';
import { describeError } from '../../app/contract/errors.ts';
import { openSource } from '../../app/media/open-source.ts';
import { open, readAll } from '../fixtures/reading.ts';
import {
  ffmpeg,
  frameFile,
  makeOpen3dFolder,
  makeRgbdFolder,
  makeTumFolder,
  makeVideo,
  probedPtsMicros,
  truncateFile,
  writeDepthPng,
  temporaryFolder,
} from '../fixtures/recordings.ts';
import type { VideoOptions } from '../fixtures/recordings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
});

const inFolder = (...names: string[]): string => join(folder.path, ...names);

/** A message that helps: one line, the file in it, and a remedy. */
const expectHelpful = (error: LociError, file: string): void => {
  expect(describeError(error)).not.toContain('\n');
  expect(error.message).toContain(file);
  expect(error.hint.length).toBeGreaterThan(10);
};

const expectRefused = (result: Result<unknown>, code: LociError['code'], file: string): void => {
  expect(result).toMatchObject({ ok: false, error: { code } });
  if (!result.ok) {
    expectHelpful(result.error, file);
  }
};

describe('what is no recording', () => {
  test('a path that does not exist', async () => {
    expectRefused(await openSource(inFolder('absent.mp4')), 'source-not-found', inFolder('absent.mp4'));
  });

  test('a file of zero bytes', async () => {
    const file = inFolder('zero.mp4');
    await writeFile(file, '');
    expectRefused(await openSource(file), 'source-empty', file);
  });

  test('a text file called .mp4, and one called what it is', async () => {
    for (const name of ['notes.mp4', 'notes.txt']) {
      await writeFile(inFolder(name), 'These are notes, not a video.\n'.repeat(50));
      expectRefused(await openSource(inFolder(name)), 'source-unsupported', inFolder(name));
    }
  });

  test('sound without pictures, also when it carries a cover', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', inFolder('plain.m4a'));
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=duration=0.04', inFolder('cover.png'));
    const cover = ['-map', '0', '-map', '1', '-c:v', 'png', '-disposition:v:0', 'attached_pic'];
    await ffmpeg('-i', inFolder('plain.m4a'), '-i', inFolder('cover.png'), ...cover, inFolder('album.m4a'));
    for (const name of ['plain.m4a', 'album.m4a', 'cover.png']) {
      expectRefused(await openSource(inFolder(name)), 'source-unsupported', inFolder(name));
    }
  });

  test('a play-list that would fetch from the network', async () => {
    const file = inFolder('list.m3u8');
    await writeFile(file, '#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n');
    expect((await openSource(file)).ok).toBe(false);
  });

  test('an empty folder, and one of other things', async () => {
    await mkdir(inFolder('empty'));
    expectRefused(await openSource(inFolder('empty')), 'source-empty', inFolder('empty'));
    await mkdir(inFolder('papers'));
    await writeFile(inFolder('papers', 'paper.pdf'), '%PDF');
    expectRefused(await openSource(inFolder('papers')), 'source-unsupported', inFolder('papers'));
  });

  test('a link to nothing', async () => {
    await symlink(inFolder('gone.mp4'), inFolder('link.mp4'));
    expectRefused(await openSource(inFolder('link.mp4')), 'source-not-found', inFolder('link.mp4'));
  });

  test('a missing FFmpeg is named with its remedy', async () => {
    const file = await makeVideo(folder.path, { frames: 5 });
    vi.stubEnv('LOCI_FFPROBE', '/nowhere/ffprobe');
    const refused = await openSource(file);
    expect(refused).toMatchObject({ error: { code: 'tool-missing' } });
    expect(refused.ok || refused.error.hint).toMatch(/apt-get install ffmpeg/);
    vi.unstubAllEnvs();
    await using source = await open(file);
    vi.stubEnv('LOCI_FFMPEG', '/nowhere/ffmpeg');
    expect(await readAll(source)).toMatchObject({ frames: [], ends: 1, error: { code: 'tool-missing' } });
  });
});

describe('a video that is cut off', () => {
  test.each<[string, VideoOptions]>([
    ['MP4', { name: 'cut.mp4' }],
    ['Matroska', { name: 'cut.mkv' }],
    ['WebM', { name: 'cut.webm', codec: 'libvpx-vp9' }],
    ['AVI', { name: 'cut.avi', codec: 'mpeg4' }],
  ])('keeps what can be read and says where it ends: %s', async (_, options) => {
    const file = await makeVideo(folder.path, { frames: 90, ...options });
    const whole = await probedPtsMicros(file);
    await truncateFile(file, 0.5);
    await using source = await open(file);
    const { ptsMicros, ends, error } = await readAll(source);
    // At the cut, a B-frame that leans on a lost one may be missing between the last few.
    const certain = ptsMicros.length - 4;
    expect(ptsMicros.slice(0, certain)).toEqual(whole.slice(0, certain));
    expect(ptsMicros.every((pts) => whole.includes(pts))).toBe(true);
    expect(certain).toBeGreaterThan(5);
    expect(ptsMicros.length).toBeLessThan(80);
    expect(ends).toBe(1);
    expect(error).toMatchObject({ code: 'source-truncated', file });
    expectHelpful(error!, file);
    // Resuming after the last frame finds the same end, not a new fault.
    const rest = await readAll(source, { fromPtsMicros: ptsMicros.at(-1)! + 1 });
    expect(rest).toMatchObject({ frames: [], ends: 1, error: { code: 'source-truncated' } });
  });

  test('shortly before its end is told as well', async () => {
    const file = await makeVideo(folder.path, { name: 'late-cut.mp4' });
    await truncateFile(file, 0.97);
    await using source = await open(file);
    const { ptsMicros, error } = await readAll(source);
    expect(ptsMicros.length).toBeGreaterThan(50);
    expect(error).toMatchObject({ code: 'source-truncated' });
  });

  test('before its index cannot be read at all', async () => {
    const file = await makeVideo(folder.path, { name: 'no-index.mp4', indexAtEnd: true });
    await truncateFile(file, 0.7);
    expectRefused(await openSource(file), 'source-unreadable', file);
  });

  test('damage in the middle is a warning, and what follows is read', async () => {
    const file = await makeVideo(folder.path, { name: 'damaged.mp4', frames: 90, keyInterval: 15 });
    const handle = await openFile(file, 'r+');
    await handle.write(Buffer.alloc(4000, 0xa5), 0, 4000, Math.floor((await handle.stat()).size / 2));
    await handle.close();
    await using source = await open(file);
    const { ptsMicros, warnings, error } = await readAll(source);
    expect(warnings).toMatchObject([{ code: 'frame-unreadable', file }]);
    expect(error).toBeUndefined();
    expect(ptsMicros.at(-1)).toBe(Math.round((89 * 1e6) / 30));
  });
});

describe('a folder with faults', () => {
  const frames = 6;

  test('a gap in the numbers is named, and the times after it stay true', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames });
    for (const number of [2, 3]) {
      await rm(join(path, frameFile(number, 'color.jpg')));
    }
    await using source = await open(path);
    const { ptsMicros, warnings } = await readAll(source);
    expect(ptsMicros).toEqual([0, 33_333, 133_333, 166_667]);
    expect(warnings).toMatchObject([{ code: 'frame-missing', place: 'frames 2 to 3' }]);
    expectHelpful(warnings[0]!, path);
  });

  test('gaps beyond counting one by one are told together', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 48, width: 80, height: 60 });
    for (let number = 2; number < 47; number += 4) {
      await rm(join(path, frameFile(number, 'color.jpg')));
    }
    await using source = await open(path);
    const { frames: read, warnings } = await readAll(source);
    expect(read).toHaveLength(36);
    expect(warnings).toMatchObject([{ code: 'frame-missing', place: 'frames 2 to 46' }]);
    expect(warnings[0]!.message).toContain('12 frames are missing, in 12 places');
  });

  test('a gap is told also when its neighbours are not selected', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 12, width: 80, height: 60 });
    await rm(join(path, frameFile(4, 'color.jpg')));
    await using source = await open(path, { maxFramesPerSecond: 5 });
    const { ptsMicros, warnings } = await readAll(source);
    expect(ptsMicros).toEqual([0, 200_000]);
    expect(warnings).toMatchObject([{ code: 'frame-missing', place: 'frame 4' }]);
  });

  test.each([3, 0])('depth of another size at frame %i costs that frame its depth', async (number) => {
    const { path } = await makeRgbdFolder(folder.path, { frames });
    const file = join(path, frameFile(number, 'depth.png'));
    await writeDepthPng(file, 80, 60, new Uint16Array(80 * 60).fill(900));
    await using source = await open(path);
    const reading = await readAll(source);
    expect(reading.warnings).toMatchObject([{ code: 'depth-size-mismatch', file }]);
    expectHelpful(reading.warnings[0]!, file);
    expect(reading.frames.map((frame) => frame.depth === undefined)).toEqual(
      Array.from({ length: frames }, (_, i) => i === number),
    );
  });

  test('depth that is cut off, of 8 bits, or missing costs its frame the depth', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames });
    await truncateFile(join(path, frameFile(1, 'depth.png')), 0.5);
    await sharp(new Uint8Array(160 * 120), { raw: { width: 160, height: 120, channels: 1 } })
      .png()
      .toFile(join(path, frameFile(2, 'depth.png')));
    await rm(join(path, frameFile(4, 'depth.png')));
    await using source = await open(path);
    const reading = await readAll(source);
    expect(reading.frames.map((frame) => frame.depth !== undefined)).toEqual([true, false, false, true, false, true]);
    expect(reading.warnings).toMatchObject([
      { code: 'frame-unreadable', file: join(path, frameFile(1, 'depth.png')) },
      { code: 'frame-unreadable', file: join(path, frameFile(2, 'depth.png')) },
      { code: 'frame-missing', file: join(path, frameFile(4, 'depth.png')) },
    ]);
  });

  test('pictures that are damaged or of another size are left out', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames });
    await truncateFile(join(path, frameFile(1, 'color.jpg')), 0.5);
    await writeFile(join(path, frameFile(2, 'color.jpg')), 'not a picture');
    await writeFile(join(path, frameFile(3, 'color.jpg')), '');
    await sharp({ create: { width: 80, height: 60, channels: 3, background: 'red' } }).toFile(
      join(path, frameFile(4, 'color.jpg')),
    );
    await using source = await open(path);
    const { ptsMicros, frames: read, warnings, error } = await readAll(source);
    expect(ptsMicros).toEqual([0, 166_667]);
    expect(read.map((frame) => frame.index)).toEqual([0, 1]);
    expect(error).toBeUndefined();
    expect(warnings.map((warning) => [warning.code, warning.file])).toEqual(
      [1, 2, 3, 4].map((number) => ['frame-unreadable', join(path, frameFile(number, 'color.jpg'))]),
    );
    warnings.forEach((warning) => expectHelpful(warning, path));
  });

  test.each([
    ['NaN', 'nan 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n'],
    ['infinity', '1 0 0 inf\n0 1 0 0\n0 0 1 0\n0 0 0 1\n'],
    ['three rows', '1 0 0 0\n0 1 0 0\n0 0 1 0\n'],
    ['nothing', ''],
  ])('a pose file with %s costs that frame its recorded pose', async (_, text) => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 3 });
    const file = join(path, frameFile(1, 'pose.txt'));
    await writeFile(file, text);
    await using source = await open(path);
    const reading = await readAll(source);
    expect(reading.warnings).toMatchObject([{ code: 'pose-invalid', file }]);
    expectHelpful(reading.warnings[0]!, file);
    expect(reading.frames.map((frame) => frame.recordedPose !== undefined)).toEqual([true, false, true]);
    expect(reading.frames[1]!.depth).toBeDefined();
  });

  test('no readable picture at all is said when opening', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 2 });
    for (const number of [0, 1]) {
      await writeFile(join(path, frameFile(number, 'color.jpg')), 'not a picture');
    }
    expectRefused(await openSource(path), 'source-unreadable', path);
  });

  test('intrinsics that make no sense are refused, unless a person gave better ones', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 1 });
    const file = join(path, 'camera-intrinsics.txt');
    await writeFile(file, '525 0 320\n0 nan 240\n0 0 1\n');
    expectRefused(await openSource(path), 'intrinsics-invalid', file);
    const given = { fx: 128, fy: 128, cx: 79.5, cy: 59.5 };
    expect(await openSource(path, { intrinsics: given })).toMatchObject({ ok: true });
  });

  test('a broken line of a TUM list is named by its number', async () => {
    const { path } = await makeTumFolder(folder.path, { frames: 2 });
    await writeFile(join(path, 'rgb.txt'), '# comment\n1.5 rgb/a.jpg\nyesterday rgb/b.jpg\n');
    const refused = await openSource(path);
    expectRefused(refused, 'source-unreadable', join(path, 'rgb.txt'));
    expect(refused).toMatchObject({ error: { place: 'line 3' } });
    await writeFile(join(path, 'rgb.txt'), '# nothing yet\n');
    expectRefused(await openSource(path), 'source-empty', join(path, 'rgb.txt'));
  });

  test('a listed TUM picture that is not there, and a pose with NaN, are warnings', async () => {
    const { path } = await makeTumFolder(folder.path, { frames: 3 });
    const truth = join(path, 'groundtruth.txt');
    await writeFile(truth, '1305031102.175304 0 0 nan 0 0 0 1\n');
    await rm(join(path, 'rgb', '1305031102.209638.jpg'));
    await using source = await open(path);
    const { frames: read, warnings } = await readAll(source);
    expect(read.map((frame) => frame.ptsMicros)).toHaveLength(2);
    expect(warnings.map((warning) => warning.code).sort()).toEqual([
      'frame-missing',
      'frame-unreadable',
      'pose-invalid',
    ]);
    expect(warnings.find((warning) => warning.code === 'pose-invalid')).toMatchObject({ file: truth, place: 'line 1' });
  });

  test('a trajectory.log that ends early has no pose for the rest; a block with NaN is named', async () => {
    const { path } = await makeOpen3dFolder(folder.path, { frames: 4 });
    const identity = '1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n';
    await writeFile(join(path, 'trajectory.log'), `0 0 1\n${identity}1 1 2\n${identity.replace('1', 'nan')}`);
    await using source = await open(path);
    const { frames: read, warnings } = await readAll(source);
    expect(read.map((frame) => frame.recordedPose !== undefined)).toEqual([true, false, false, false]);
    expect(warnings).toMatchObject([{ code: 'pose-invalid', file: join(path, 'trajectory.log'), place: 'block 2' }]);
  });
});
