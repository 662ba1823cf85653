import { describe, expect, it } from 'vitest';
import { lookFrom } from '../../../test/fixtures/textured-room.ts';
import type { Pose } from '../../contract/geometry.ts';
import { motionBetween, transformPoint } from '../pose.ts';
import { evenPath, lookAt, posesAlong, splinePath, thereAndBack } from './camera-path.ts';

const poses: Pose[] = [
  lookFrom([0, 0, 0], 0, 0),
  lookFrom([1, 0.5, 0.2], 0.7, 0.1),
  lookFrom([1.5, 2, 0], 2.1, -0.2),
  lookFrom([0.2, 2.2, 0.4], 3.6, 0.3),
];
const seconds = [0, 1, 2.5, 3];
const keys = poses.map((worldFromCamera, i) => ({ seconds: seconds[i]!, worldFromCamera }));

/** Where the camera is and what lies ahead of it, as six numbers that move smoothly with it. */
const features = (pose: Pose): number[] => [...transformPoint(pose, [0, 0, 0]), ...transformPoint(pose, [1, 2, 3])];

const difference = (a: readonly number[], b: readonly number[], by: number): number[] =>
  a.map((value, i) => (b[i]! - value) / by);

describe('a spline path', () => {
  const path = splinePath(keys);

  it('passes every key pose at its time', () => {
    for (const key of keys) {
      const { metres, radians } = motionBetween(path(key.seconds), key.worldFromCamera);
      expect(metres).toBeLessThan(1e-9);
      expect(radians).toBeLessThan(1e-6);
    }
  });

  it('goes through its key poses without a jerk', () => {
    const h = 1e-4;
    for (const time of seconds.slice(1, -1)) {
      const before = difference(features(path(time - h)), features(path(time)), h);
      const after = difference(features(path(time)), features(path(time + h)), h);
      expect(Math.hypot(...before)).toBeGreaterThan(0.1);
      expect(Math.hypot(...difference(before, after, 1))).toBeLessThan(0.02);
    }
  });

  it('goes straight and evenly between two poses', () => {
    const straight = splinePath([
      { seconds: 1, worldFromCamera: lookFrom([0, 0, 0], 0, 0) },
      { seconds: 3, worldFromCamera: lookFrom([2, 0, 0], 0.8, 0) },
    ]);
    const { metres, radians } = motionBetween(straight(1.5), lookFrom([0.5, 0, 0], 0.2, 0));
    expect(metres).toBeLessThan(1e-9);
    expect(radians).toBeLessThan(1e-6);
  });

  it('takes the shorter way round', () => {
    const turning = splinePath([
      { seconds: 0, worldFromCamera: lookFrom([0, 0, 0], 3, 0) },
      { seconds: 1, worldFromCamera: lookFrom([0, 0, 0], -3, 0) },
    ]);
    expect(motionBetween(turning(0.5), lookFrom([0, 0, 0], Math.PI, 0)).radians).toBeLessThan(1e-6);
  });
});

describe('an even path', () => {
  it('keeps its speed whatever the distances of its key poses', () => {
    const frames = posesAlong(evenPath(poses, 10), 0, 10, 101);
    const steps = frames.slice(1).map((pose, i) => {
      const { metres, radians } = motionBetween(frames[i]!, pose);
      return metres + radians;
    });
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    expect(Math.min(...steps)).toBeGreaterThan(0.97 * mean);
    expect(Math.max(...steps)).toBeLessThan(1.03 * mean);
    expect(motionBetween(frames.at(-1)!, poses.at(-1)!).metres).toBeLessThan(1e-6);
  });

  it('passes a repeated key pose once, and stands still when all are one', () => {
    const repeated = evenPath([poses[0]!, poses[0]!, poses[1]!], 2);
    expect(motionBetween(repeated(2), poses[1]!).metres).toBeLessThan(1e-9);
    expect(motionBetween(evenPath([poses[0]!, poses[0]!], 2)(1), poses[0]!).metres).toBe(0);
  });
});

it('comes back to the first view', () => {
  const loop = thereAndBack(poses);
  expect(loop).toHaveLength(2 * poses.length - 1);
  expect(loop.at(-1)).toEqual(poses[0]);
});

describe('looking at a place', () => {
  it.each([
    { from: [0, 0, 0], target: [0, 3, 0] },
    { from: [1, -2, 0.5], target: [-1, 0.3, 2] },
    { from: [0, 0, 2], target: [0, 0, 0] },
  ] as const)('puts it in the middle, $from to $target', ({ from, target }) => {
    const pose = lookAt([...from], [...target]);
    const distance = Math.hypot(...from.map((value, i) => target[i]! - value));
    transformPoint(pose, [0, 0, distance]).forEach((value, i) => expect(value).toBeCloseTo(target[i]!, 9));
    // The picture is upright: its x axis is level, its y axis does not point up.
    expect(pose[8]).toBeCloseTo(0, 9);
    expect(pose[9]).toBeLessThanOrEqual(1e-9);
  });

  it('is the pose that the other way of writing it gives', () => {
    const { metres, radians } = motionBetween(lookAt([1, 1, 0], [1, 5, 0]), lookFrom([1, 1, 0], 0, 0));
    expect(metres).toBeLessThan(1e-9);
    expect(radians).toBeLessThan(1e-6);
  });
});
