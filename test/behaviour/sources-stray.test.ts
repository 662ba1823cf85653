import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSource } from '../../app/media/open-source.ts';
import { open, readAll } from '../fixtures/reading.ts';
import { makeRoomVideo, temporaryFolder, writeDepthPng } from '../fixtures/recordings.ts';
import type { Recording } from '../fixtures/recordings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const number = (i: number): string => String(i).padStart(6, '0');

/** A walk as the app writes it: the world's y is up, depth at half the size, its upper half not trusted. */
const makeStrayFolder = async (frames = 6): Promise<Recording> => {
  const path = join(folder.path, 'scan');
  await mkdir(join(path, 'depth'), { recursive: true });
  await mkdir(join(path, 'confidence'));
  const video = await makeRoomVideo(path, { name: 'rgb.mp4', frames });
  const { fx, fy, cx, cy } = video.intrinsics;
  await writeFile(join(path, 'camera_matrix.csv'), `${fx}, 0.0, ${cx}\n0.0, ${fy}, ${cy}\n0.0, 0.0, 1.0\n`);
  const lines = ['timestamp, frame, x, y, z, qx, qy, qz, qw'];
  for (const [i, { worldFromCamera: p, depthMillimetres: depth }] of video.frames.entries()) {
    // Turned so that y is up: x stays, y is our z, z is our −y.
    const rows = [p.slice(0, 4), p.slice(8, 12), p.slice(4, 8).map((value) => 0 - value)];
    const [a, b, c] = rows as [number[], number[], number[]];
    const w = Math.sqrt(1 + a[0]! + b[1]! + c[2]!) / 2;
    const q = [(c[1]! - b[2]!) / (4 * w), (a[2]! - c[0]!) / (4 * w), (b[0]! - a[1]!) / (4 * w), w];
    lines.push([1234.5 + i / 30, number(i), a[3], b[3], c[3], ...q].join(', '));
    const half = Uint16Array.from({ length: 80 * 60 }, (_, j) => depth[Math.floor(j / 80) * 320 + (j % 80) * 2]!);
    await writeDepthPng(join(path, 'depth', `${number(i)}.png`), 80, 60, half);
    const trusted = Uint8Array.from({ length: 80 * 60 }, (_, j) => (j < 80 * 30 ? 0 : 2));
    await sharp(trusted, { raw: { width: 80, height: 60, channels: 1 } })
      .png()
      .toFile(join(path, 'confidence', `${number(i)}.png`));
  }
  await writeFile(join(path, 'odometry.csv'), `${lines.join('\n')}\n`);
  return { ...video, path };
};

test('a Stray Scanner folder gives colour, trusted depth, camera and poses with z up', async () => {
  const { path, frames, intrinsics } = await makeStrayFolder();
  await using source = await open(path);
  expect(source.info).toMatchObject({
    kind: 'stray-scanner',
    path,
    hasDepth: true,
    hasRecordedPoses: true,
    intrinsics: { ...intrinsics, width: 160 },
    depthIntrinsics: { fx: intrinsics.fx / 2, width: 80 },
  });
  const reading = await readAll(source);
  expect(reading.warnings).toEqual([]);
  expect(reading.frames).toHaveLength(6);
  reading.frames.forEach(({ depth, recordedPose }, i) => {
    expect(depth!.data.subarray(0, 80 * 30).every((value) => value === 0)).toBe(true);
    expect(depth!.data[80 * 45 + 20]).toBe(frames[i]!.depthMillimetres[90 * 160 + 40]);
    recordedPose!.forEach((value, j) => expect(value).toBeCloseTo(frames[i]!.worldFromCamera[j]!, 6));
  });
});

test('a resumed reading keeps depth and pose with their frames', async () => {
  const { path, frames } = await makeStrayFolder();
  await using source = await open(path);
  const { frames: rest } = await readAll(source, { fromPtsMicros: 100_000 });
  expect(rest.map(({ recordedPose }) => recordedPose![3])).toHaveLength(3);
  rest.forEach(({ recordedPose }, i) => expect(recordedPose![3]).toBeCloseTo(frames[i + 3]!.worldFromCamera[3]!, 6));
});

test('a pose that is no number and a missing depth image cost their frames these alone', async () => {
  const { path } = await makeStrayFolder();
  const file = join(path, 'odometry.csv');
  const lines = (await readFile(file, 'utf8')).split('\n');
  lines[3] = lines[3]!.replace(/, [^,]*$/, ', nan');
  await writeFile(file, lines.join('\n'));
  await rm(join(path, 'depth', `${number(4)}.png`));
  await using source = await open(path);
  const { frames, warnings } = await readAll(source);
  expect(warnings).toMatchObject([{ code: 'pose-invalid', file, place: 'line 4' }]);
  expect(frames.map(({ recordedPose }) => recordedPose !== undefined)).toEqual([true, true, false, true, true, true]);
  expect(frames.map(({ depth }) => depth !== undefined)).toEqual([true, true, true, true, false, true]);
});

test('a camera matrix that is none is refused by its name', async () => {
  const { path } = await makeStrayFolder(2);
  await writeFile(join(path, 'camera_matrix.csv'), '1, 2, 3\n');
  expect(await openSource(path)).toMatchObject({ ok: false, error: { code: 'intrinsics-invalid' } });
});
