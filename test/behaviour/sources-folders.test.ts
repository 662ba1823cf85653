import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RgbImage } from '../../app/media/frame.ts';
import { expectValue, open, readAll } from '../fixtures/reading.ts';
import {
  frameFile,
  makeImageFolder,
  makeOpen3dFolder,
  makeRgbdFolder,
  makeTumFolder,
  rawPixels,
  temporaryFolder,
  tumTimeMicros,
} from '../fixtures/recordings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const thirtieths = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.round((i * 1e6) / 30));

const meanDifference = (image: RgbImage, truth: Uint8Array): number =>
  image.data.reduce((sum, value, i) => sum + Math.abs(value - truth[i]!), 0) / truth.length;

describe('an RGB-D folder', () => {
  test('gives pictures, depth and poses as they were recorded', async () => {
    const recording = await makeRgbdFolder(folder.path, { frames: 6 });
    await using source = await open(recording.path);
    expect(source.info).toMatchObject({
      kind: 'rgbd-folder',
      width: 160,
      height: 120,
      frameRate: 30,
      totalFrames: 6,
      durationMicros: 166_667,
      hasDepth: true,
      hasRecordedPoses: true,
      intrinsics: { ...recording.intrinsics, width: 160, height: 120 },
    });
    expect(source.info.depthIntrinsics).toBeUndefined();

    const reading = await readAll(source);
    expect(reading.ptsMicros).toEqual(thirtieths(6));
    expect(reading).toMatchObject({ warnings: [], ends: 1 });
    for (const [i, frame] of reading.frames.entries()) {
      const truth = recording.frames[i]!;
      expect(frame.index).toBe(i);
      expect(frame.image).toMatchObject({ width: 160, height: 120 });
      expect(meanDifference(frame.image, truth.rgb)).toBeLessThan(5);
      expect(frame.depth).toMatchObject({ width: 160, height: 120, metresPerUnit: 0.001 });
      expect(frame.depth!.data).toEqual(truth.depthMillimetres);
      expect(frame.recordedPose).toEqual([...truth.worldFromCamera]);
    }
  });

  test('colour is what another decoder sees', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 1 });
    await using source = await open(path);
    const pixels = await rawPixels(join(path, frameFile(0, 'color.jpg')), 'rgb24');
    expect(meanDifference((await readAll(source)).frames[0]!.image, pixels)).toBeLessThan(1);
  });

  test('takes another rate, cameras and depth unit from the person who knows', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 4 });
    await using source = await open(path, {
      framesPerSecond: 5,
      intrinsics: { fx: 100, fy: 101, cx: 80, cy: 60 },
      depthIntrinsics: { fx: 110, fy: 111, cx: 81, cy: 61 },
      depthMetresPerUnit: 0.0002,
    });
    expect(source.info).toMatchObject({
      frameRate: 5,
      intrinsics: { fx: 100, fy: 101, cx: 80, cy: 60, width: 160, height: 120 },
      depthIntrinsics: { fx: 110, fy: 111, cx: 81, cy: 61, width: 160, height: 120 },
    });
    const { ptsMicros, frames } = await readAll(source);
    expect(ptsMicros).toEqual([0, 200_000, 400_000, 600_000]);
    expect(frames[0]!.depth!.metresPerUnit).toBe(0.0002);
  });

  test('knows the depth camera from its own file', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 1 });
    await writeFile(join(path, 'camera-intrinsics-depth.txt'), '146 0 79.5\n0 146 59.5\n0 0 1\n');
    await using source = await open(path);
    expect(source.info.depthIntrinsics).toEqual({ fx: 146, fy: 146, cx: 79.5, cy: 59.5, width: 160, height: 120 });
  });

  test('without depth, poses or intrinsics is still a recording', async () => {
    const made = { frames: 2, withDepth: false, withPoses: false, withIntrinsics: false };
    await using source = await open((await makeRgbdFolder(folder.path, made)).path);
    expect(source.info).toMatchObject({ hasDepth: false, hasRecordedPoses: false });
    expect(source.info.intrinsics).toBeUndefined();
    const { frames, warnings } = await readAll(source);
    expect(warnings).toEqual([]);
    expect(frames[1]).not.toHaveProperty('depth');
    expect(frames[1]).not.toHaveProperty('recordedPose');
  });

  test('scales colour, depth and both cameras down together', async () => {
    const recording = await makeRgbdFolder(folder.path, { frames: 1 });
    await using source = await open(recording.path, { maxSizePixels: 80 });
    const { fx, cx } = recording.intrinsics;
    expect(source.info).toMatchObject({
      width: 80,
      height: 60,
      intrinsics: { fx: fx / 2, cx: (cx + 0.5) / 2 - 0.5, width: 80, height: 60 },
    });
    const [frame] = (await readAll(source)).frames;
    expect(frame!.image.data).toHaveLength(80 * 60 * 3);
    expect(frame!.depth).toMatchObject({ width: 80, height: 60 });
    const truth = recording.frames[0]!.depthMillimetres;
    expect(frame!.depth!.data[30 * 80 + 40]).toBe(truth[61 * 160 + 81]);
  });

  test('names the files that hold a frame’s very pixels, and none when they were scaled', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 1 });
    await using source = await open(path);
    expect((await readAll(source)).frames[0]!.files).toEqual({
      jpeg: join(path, frameFile(0, 'color.jpg')),
      depthPng: join(path, frameFile(0, 'depth.png')),
    });
    await using scaled = await open(path, { maxSizePixels: 80 });
    expect((await readAll(scaled)).frames[0]!.files).toEqual({});
  });

  test('resumes, selects and finds single frames by time', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 12, width: 80, height: 60 });
    const all = thirtieths(12);
    await using source = await open(path, { startSeconds: 0.1, endSeconds: 0.3 });
    const wanted = all.filter((pts) => pts >= 100_000 && pts <= 300_000);
    expect((await readAll(source)).ptsMicros).toEqual(wanted);
    expect(source.info.totalFrames).toBe(wanted.length);
    expect((await readAll(source, { fromPtsMicros: wanted[2]! })).ptsMicros).toEqual(wanted.slice(2));
    expect((await readAll(source, { fromPtsMicros: wanted[2]! + 1 })).ptsMicros).toEqual(wanted.slice(3));
    expect(expectValue(await source.frameAt(wanted[3]!)).ptsMicros).toBe(wanted[3]);
    expect(await source.frameAt(wanted[3]! + 1)).toMatchObject({ error: { code: 'frame-missing' } });
    await using slow = await open(path, { maxFramesPerSecond: 10 });
    expect((await readAll(slow)).ptsMicros).toEqual(all.filter((_, i) => i % 3 === 0));
  });

  test('stops when told, saying so', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 12, width: 80, height: 60 });
    await using source = await open(path);
    expect(await readAll(source, { signal: AbortSignal.abort() })).toMatchObject({
      frames: [],
      ends: 1,
      error: { code: 'cancelled' },
    });
  });

  test('keeps its fingerprint when moved, and changes it when a file changes', async () => {
    const { path } = await makeRgbdFolder(folder.path, { frames: 2, width: 80, height: 60 });
    const first = (await open(path)).info.fingerprint;
    const moved = join(folder.path, 'moved');
    await rename(path, moved);
    expect((await open(moved)).info.fingerprint).toBe(first);
    await utimes(join(moved, frameFile(1, 'depth.png')), 1e9, 1e9);
    expect((await open(moved)).info.fingerprint).not.toBe(first);
  });
});

describe('a TUM folder', () => {
  test('associates colour, depth and poses by time, and counts time from the first picture', async () => {
    const recording = await makeTumFolder(folder.path, { frames: 6 });
    await using source = await open(recording.path);
    expect(source.info).toMatchObject({ kind: 'tum', totalFrames: 6, hasDepth: true, hasRecordedPoses: true });
    expect(source.info.intrinsics).toBeUndefined();
    const { frames, ptsMicros, warnings } = await readAll(source);
    expect(ptsMicros).toEqual(Array.from({ length: 6 }, (_, i) => tumTimeMicros(i) - tumTimeMicros(0)));
    // The third depth image was taken 21 ms after its picture: too late to belong to it, or to any other.
    expect(frames.map((frame) => frame.depth !== undefined)).toEqual([true, true, false, true, true, true]);
    expect(warnings).toMatchObject([{ code: 'frame-missing', file: join(recording.path, 'depth.txt') }]);
    for (const [i, frame] of frames.entries()) {
      const truth = recording.frames[i]!;
      frame.recordedPose!.forEach((value, k) => expect(value).toBeCloseTo(truth.worldFromCamera[k]!, 9));
      const metres = frame.depth && frame.depth.data[4000]! * frame.depth.metresPerUnit;
      if (metres !== undefined) {
        expect(metres).toBeCloseTo(truth.depthMillimetres[4000]! / 1000, 9);
      }
    }
  });

  test('uses the nearest depth, not the one of the same line', async () => {
    const { path } = await makeTumFolder(folder.path, { frames: 4 });
    const early = (tumTimeMicros(1) - 19_000) / 1e6;
    await rename(join(path, 'depth.txt'), join(path, 'listed.txt'));
    const first = `${(tumTimeMicros(0) + 5_000) / 1e6}`;
    const file = `depth/${first.padEnd(17, '0')}.png`;
    await writeFile(join(path, 'depth.txt'), `${early.toFixed(6)} ${file}\n`);
    await using source = await open(path);
    const { frames } = await readAll(source);
    expect(frames.map((frame) => frame.depth !== undefined)).toEqual([true, false, false, false]);
  });
});

describe('an Open3D folder', () => {
  test.each(['image', 'color'] as const)(
    'with %s/ pairs files by name and reads trajectory and camera',
    async (name) => {
      const recording = await makeOpen3dFolder(folder.path, { frames: 5, colourFolder: name });
      await using source = await open(recording.path);
      expect(source.info).toMatchObject({
        kind: 'open3d',
        totalFrames: 5,
        intrinsics: { fx: recording.intrinsics.fx, width: 160, height: 120 },
        hasDepth: true,
        hasRecordedPoses: true,
      });
      const { frames, ptsMicros, warnings } = await readAll(source);
      expect(warnings).toEqual([]);
      expect(ptsMicros).toEqual(thirtieths(5));
      expect(frames[4]!.depth!.data).toEqual(recording.frames[4]!.depthMillimetres);
      expect(frames[4]!.recordedPose).toEqual([...recording.frames[4]!.worldFromCamera]);
    },
  );

  test('names a picture whose depth is missing', async () => {
    const { path } = await makeOpen3dFolder(folder.path, { frames: 3 });
    await rm(join(path, 'depth', '00001.png'));
    await using source = await open(path);
    const { frames, warnings } = await readAll(source);
    expect(frames.map((frame) => frame.depth !== undefined)).toEqual([true, false, true]);
    expect(warnings).toMatchObject([{ code: 'frame-missing', file: join(path, 'image', '00001.jpg') }]);
  });
});

describe('a folder of images', () => {
  test('is read in the order of its numbers', async () => {
    const recording = await makeImageFolder(folder.path, { frames: 12 });
    await using source = await open(recording.path, { framesPerSecond: 10 });
    expect(source.info).toMatchObject({ kind: 'image-folder', totalFrames: 12, frameRate: 10, hasDepth: false });
    const { frames, ptsMicros } = await readAll(source);
    expect(ptsMicros).toEqual(Array.from({ length: 12 }, (_, i) => i * 100_000));
    // 2.jpg comes before 10.jpg
    for (const i of [1, 2, 10]) {
      const differences = recording.frames.map((truth) => meanDifference(frames[i]!.image, truth.rgb));
      expect(differences.indexOf(Math.min(...differences))).toBe(i);
    }
  });

  test('without numbers is read by name, one after the other', async () => {
    const { path } = await makeImageFolder(folder.path, { frames: 3 });
    await rename(join(path, '0.jpg'), join(path, 'window.jpg'));
    await rename(join(path, '1.jpg'), join(path, 'door.jpg'));
    await rename(join(path, '2.jpg'), join(path, 'table.jpg'));
    await using source = await open(path);
    const { ptsMicros, warnings } = await readAll(source);
    expect(ptsMicros).toEqual(thirtieths(3));
    expect(warnings).toEqual([]);
  });
});
