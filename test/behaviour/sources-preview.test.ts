import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodePreview, isBrowserPlayable } from '../../app/media/preview.ts';
import { open, readAll } from '../fixtures/reading.ts';
import {
  frameFile,
  makeRgbdFolder,
  makeTumFolder,
  makeVideo,
  probedPtsMicros,
  rawPixels,
  temporaryFolder,
  truncateFile,
} from '../fixtures/recordings.ts';
import type { VideoOptions } from '../fixtures/recordings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const ignoreProgress = (): void => undefined;

describe('what a browser plays as it is', () => {
  test.each<[boolean, VideoOptions]>([
    [true, { name: 'a.mp4' }],
    [true, { name: 'b.mov' }],
    [true, { name: 'c.webm', codec: 'libvpx-vp9' }],
    [false, { name: 'd.mkv' }],
    [false, { name: 'e.mp4', codec: 'libx265' }],
    [false, { name: 'f.avi', codec: 'mpeg4' }],
    [false, { name: 'g.ts' }],
  ])('%s: %o', async (playable, options) => {
    expect(await isBrowserPlayable(await makeVideo(folder.path, { frames: 5, ...options }))).toBe(playable);
  });

  test('a folder, a text and nothing are not', async () => {
    await writeFile(join(folder.path, 'text.mp4'), 'text');
    for (const path of [folder.path, join(folder.path, 'text.mp4'), join(folder.path, 'absent.mp4')]) {
      expect(await isBrowserPlayable(path)).toBe(false);
    }
  });
});

describe('a preview', () => {
  test('of a folder shows each frame at the session’s own time, gaps and all', async () => {
    const { path } = await makeTumFolder(folder.path, { frames: 24 });
    await using source = await open(path, { startSeconds: 0.1, maxFramesPerSecond: 20 });
    const { ptsMicros, frames } = await readAll(source);
    const file = join(folder.path, 'preview.mp4');
    const shares: number[] = [];
    expect(await encodePreview(source, file, (share) => shares.push(share))).toEqual({ ok: true, value: undefined });

    const shown = await probedPtsMicros(file);
    expect(shown).toEqual(ptsMicros);
    expect(await isBrowserPlayable(file)).toBe(true);
    expect(shares.at(-1)).toBe(1);

    const pixels = await rawPixels(file, 'rgb24');
    const size = 160 * 120 * 3;
    const differenceTo = (i: number, k: number): number =>
      frames[k]!.image.data.reduce((sum, value, j) => sum + Math.abs(value - pixels[i * size + j]!), 0);
    const last = frames.length - 1;
    for (const [i, other] of [
      [0, last],
      [last, 0],
    ] as const) {
      expect(differenceTo(i, i)).toBeLessThan(0.6 * differenceTo(i, other));
    }
  });

  test.each<[string, VideoOptions]>([
    ['HEVC', { name: 'in.mp4', codec: 'libx265', variableFrameRate: true }],
    ['a transport stream that begins late', { name: 'in.ts', offsetSeconds: 3 }],
    ['odd sides, turned', { name: 'in.mp4', width: 162, height: 120, rotationDegrees: 90 }],
  ])('of a video keeps its time stamps: %s', async (_, options) => {
    await using source = await open(await makeVideo(folder.path, { frames: 30, ...options }));
    const { ptsMicros } = await readAll(source);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, ignoreProgress)).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toEqual(ptsMicros);
    await using preview = await open(file);
    expect(preview.info).toMatchObject({ width: source.info.width, height: source.info.height });
  });

  test('of a part of a video holds that part', async () => {
    const made = await makeVideo(folder.path, { name: 'part.mp4', frames: 120 });
    await using source = await open(made, { startSeconds: 0.5, endSeconds: 1.5, maxFramesPerSecond: 15 });
    const { ptsMicros } = await readAll(source);
    expect(ptsMicros).toHaveLength(15);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, ignoreProgress)).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toEqual(ptsMicros);
  });

  test('of a recording that is cut off shows what can be read', async () => {
    const made = await makeVideo(folder.path, { name: 'cut.mp4', codec: 'libx265', frames: 60 });
    await truncateFile(made, 0.6);
    await using source = await open(made);
    const { ptsMicros } = await readAll(source);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, ignoreProgress)).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toEqual(ptsMicros);
  });

  test('of a folder leaves out what is no picture', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 6 });
    await writeFile(join(path, frameFile(0, 'color.jpg')), 'not a picture');
    await writeFile(join(path, frameFile(3, 'color.jpg')), '');
    await using source = await open(path);
    const { ptsMicros } = await readAll(source);
    expect(ptsMicros).toHaveLength(4);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, ignoreProgress)).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toEqual(ptsMicros);
  });

  test('with quotation marks and spaces in its path is made all the same', async () => {
    const { path } = await makeRgbdFolder(folder.path, { name: `Ann's "room" 100%`, frames: 3 });
    await using source = await open(path);
    const file = join(folder.path, `it's a preview.mp4`);
    expect(await encodePreview(source, file, ignoreProgress)).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toHaveLength(3);
  });

  test('that is cancelled, or cannot be written, leaves nothing behind', async () => {
    const { path } = await makeRgbdFolder(folder.path, { name: 'room', frames: 4 });
    await using source = await open(path);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, ignoreProgress, AbortSignal.abort())).toMatchObject({
      error: { code: 'cancelled' },
    });
    expect(await encodePreview(source, join(folder.path, 'absent', 'p.mp4'), ignoreProgress)).toMatchObject({
      ok: false,
    });
    expect(await readdir(folder.path)).toEqual(['room']);
  });
});
