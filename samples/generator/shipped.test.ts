import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Pose, Vector3 } from '../../app/contract/geometry.ts';
import { labelDocumentSchema, sceneDocumentSchema } from '../../app/contract/scene.ts';
import { intrinsicsFor, project } from './camera.ts';
import type { ApartmentTruth } from './truth.ts';

const folder = join(import.meta.dirname, '..', 'apartment');
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const truth = JSON.parse(text('truth/objects.json')) as ApartmentTruth;
const intrinsics = intrinsicsFor(640, 480);

/** Poses read back from the TUM file, by time stamp. */
const poses = new Map(
  text('truth/poses.txt')
    .trim()
    .split('\n')
    .map((line): [number, Pose] => {
      const [seconds, tx, ty, tz, x, y, z, w] = line.split(' ').map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return [
        Math.round(seconds * 1e6),
        [
          ...[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), tx],
          ...[2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x), ty],
          ...[2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y), tz],
          ...[0, 0, 0, 1],
        ],
      ];
    }),
);

const cornersOf = ({ center, axesLengths, axes }: ApartmentTruth['objects'][number]): Vector3[] =>
  [-1, 1].flatMap((a) =>
    [-1, 1].flatMap((b) =>
      [-1, 1].map(
        (c): Vector3 =>
          [0, 1, 2].map(
            (k) =>
              center[k]! +
              (a * axesLengths[0] * axes[k]! + b * axesLengths[1] * axes[3 + k]! + c * axesLengths[2] * axes[6 + k]!) /
                2,
          ) as Vector3,
      ),
    ),
  );

describe('the shipped sample', () => {
  test('is an H.264 video of 60 to 90 s at 640 × 480 and 30 frames a second, one frame for each true pose', () => {
    const [codec, width, height, pixels, rate, frames] = execFileSync(
      'ffprobe',
      [
        ...['-v', 'error', '-select_streams', 'v:0', '-of', 'csv=p=0'],
        ...['-show_entries', 'stream=codec_name,width,height,pix_fmt,avg_frame_rate,nb_frames'],
        join(folder, 'walk.mp4'),
      ],
      { encoding: 'utf8' },
    )
      .trim()
      .split(',');
    expect([codec, width, height, pixels, rate]).toEqual(['h264', '640', '480', 'yuv420p', '30/1']);
    expect(Number(frames)).toBe(poses.size);
    expect(Number(frames) / 30).toBeGreaterThanOrEqual(60);
    expect(Number(frames) / 30).toBeLessThanOrEqual(90);
    expect(readFileSync(join(folder, 'walk.mp4')).length).toBeLessThanOrEqual(12_000_000);
  });

  test('says which camera filmed it', () => {
    expect(text('camera-intrinsics.txt').trim().split(/\s+/).map(Number)).toEqual([
      ...[460, 0, 319.5],
      ...[0, 460, 239.5],
      ...[0, 0, 1],
    ]);
  });

  test('has labels and truth in the documented shapes', () => {
    const labels = labelDocumentSchema.parse(JSON.parse(text('labels.json')));
    const things = Map.groupBy(
      labels.frames.flatMap(({ boxes }) => boxes),
      ({ label, instance }) => instance ?? label,
    );
    expect(things.size).toBeGreaterThanOrEqual(12);
    for (const [name, { length }] of things) {
      expect(length, name).toBeGreaterThanOrEqual(3);
      expect(length, name).toBeLessThanOrEqual(5);
    }
    expect(sceneDocumentSchema.parse(truth).objects.length).toBeGreaterThanOrEqual(25);
  });

  test('has labels that agree with where the true boxes project', () => {
    const { frames } = labelDocumentSchema.parse(JSON.parse(text('labels.json')));
    for (const { ptsMicros, boxes } of frames) {
      const pose = poses.get(ptsMicros)!;
      for (const { label, instance, box } of boxes) {
        const object = truth.objects.find((candidate) =>
          instance ? candidate.id === instance : candidate.label === label,
        )!;
        const corners = cornersOf(object).map((corner) => project(corner, pose, intrinsics));
        const name = `${instance ?? label} at ${ptsMicros}`;
        const [left, right] = [Math.min(...corners.map(({ u }) => u)), Math.max(...corners.map(({ u }) => u))];
        const [top, bottom] = [Math.min(...corners.map(({ v }) => v)), Math.max(...corners.map(({ v }) => v))];
        // The outline lies inside of its box's; a hand trembles by two pixels.
        expect(box[0], name).toBeGreaterThan(left - 4);
        expect(box[1], name).toBeGreaterThan(top - 4);
        expect(box[0] + box[2], name).toBeLessThan(right + 4);
        expect(box[1] + box[3], name).toBeLessThan(bottom + 4);
        // And the label's middle is on the thing.
        expect(Math.abs(box[0] + box[2] / 2 - (left + right) / 2), name).toBeLessThan(0.3 * (right - left) + 4);
        expect(Math.abs(box[1] + box[3] / 2 - (top + bottom) / 2), name).toBeLessThan(0.3 * (bottom - top) + 4);
      }
    }
  });

  test('has depth that meets the floor where the floor is', async () => {
    const files = readdirSync(join(folder, 'truth', 'depth'));
    expect(files.length).toBeGreaterThanOrEqual(10);
    let onFloor = 0;
    for (const file of files) {
      const pose = poses.get(Number(file.replace('.png', '')))!;
      const { data, info } = await sharp(join(folder, 'truth', 'depth', file))
        .toColourspace('grey16')
        .raw({ depth: 'ushort' })
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([640, 480, 1]);
      for (let v = 240; v < 480; v += 8) {
        for (let u = 0; u < 640; u += 8) {
          const depth = data.readUInt16LE((v * 640 + u) * 2) / 1000;
          const ray = [(u - intrinsics.cx) / intrinsics.fx, (v - intrinsics.cy) / intrinsics.fy, 1];
          const [x, y, z] = [0, 1, 2].map(
            (row) => depth * ray.reduce((sum, value, k) => sum + value * pose[row * 4 + k]!, 0) + pose[row * 4 + 3]!,
          ) as [number, number, number];
          // Beyond the windows the ground is far below.
          const isIndoors = truth.rooms.some(
            ({ outline: [low, , high] }) => x > low![0]! && x < high![0]! && y > low![1]! && y < high![1]!,
          );
          if (isIndoors) {
            expect(z, `${file} at ${u}, ${v}`).toBeGreaterThan(-0.005);
            onFloor += Math.abs(z) < 0.002 ? 1 : 0;
          }
        }
      }
    }
    expect(onFloor).toBeGreaterThan(1000);
  });
});

describe('the shipped RGB-D excerpt', () => {
  const excerpt = join(import.meta.dirname, '..', 'apartment-rgbd');

  test('has colour, depth and pose for each of its frames, in step and small', async () => {
    const files = readdirSync(excerpt);
    const frames = files.filter((name) => name.endsWith('.color.jpg'));
    expect(frames).toHaveLength(55);
    let bytes = 0;
    for (const [i, name] of frames.toSorted().entries()) {
      const stem = `frame-${String(i).padStart(6, '0')}`;
      expect(name).toBe(`${stem}.color.jpg`);
      expect(existsSync(join(excerpt, `${stem}.pose.txt`))).toBe(true);
      bytes += readFileSync(join(excerpt, name)).length + readFileSync(join(excerpt, `${stem}.depth.png`)).length;
    }
    expect(bytes).toBeLessThan(2_500_000);
    const { width, height, depth } = await sharp(join(excerpt, 'frame-000000.depth.png')).metadata();
    expect([width, height, depth]).toEqual([320, 240, 'ushort']);
  });
});
