import { describe, expect, it } from 'vitest';
import type { OrientedBox, Vector3 } from '../contract/geometry.ts';
import { boxesIntersect, distanceBetweenBoxes } from './box-distance.ts';

/** A small repeatable generator (mulberry32), so that a failure can be seen again. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** A box turned by a random quaternion. */
const randomBox = (next: () => number, spread: number): OrientedBox => {
  const q = [next() - 0.5, next() - 0.5, next() - 0.5, next() - 0.5];
  const norm = Math.hypot(...q);
  const [w, x, y, z] = q.map((v) => v / norm) as [number, number, number, number];
  return {
    center: [spread * (next() - 0.5), spread * (next() - 0.5), spread * (next() - 0.5)],
    axesLengths: [0.1 + next(), 0.1 + next(), 0.1 + next()],
    axes: [
      [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
      [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
      [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ].flat(),
  };
};

const upright = (center: Vector3, axesLengths: Vector3): OrientedBox => ({
  center,
  axesLengths,
  axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

/**
 * The distance by another way: von Neumann's alternating projections between the two convex sets, begun at the centres.
 * It only ever comes down towards the truth, so it is an upper bound that tightens.
 */
const byAlternatingProjections = (a: OrientedBox, b: OrientedBox): number => {
  const project = (box: OrientedBox, p: number[]): number[] => {
    const out = [...box.center] as number[];
    for (let i = 0; i < 3; i++) {
      let t = 0;
      for (let k = 0; k < 3; k++) t += (p[k]! - box.center[k]!) * box.axes[3 * i + k]!;
      const clamped = Math.max(-box.axesLengths[i]! / 2, Math.min(box.axesLengths[i]! / 2, t));
      for (let k = 0; k < 3; k++) out[k]! += clamped * box.axes[3 * i + k]!;
    }
    return out;
  };
  let onA: number[] = a.center;
  let onB: number[] = b.center;
  for (let i = 0; i < 4000; i++) {
    onB = project(b, onA);
    onA = project(a, onB);
  }
  return Math.hypot(onA[0]! - onB[0]!, onA[1]! - onB[1]!, onA[2]! - onB[2]!);
};

/** Points on the surface of a box, `n × n` to a face. */
const surface = (box: OrientedBox, n: number): number[][] => {
  const points: number[][] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const side of [-0.5, 0.5]) {
      for (let i = 0; i <= n; i++) {
        for (let j = 0; j <= n; j++) {
          const t = [0, 0, 0];
          t[axis] = side;
          t[(axis + 1) % 3] = i / n - 0.5;
          t[(axis + 2) % 3] = j / n - 0.5;
          points.push(
            [0, 1, 2].map(
              (k) =>
                box.center[k]! + [0, 1, 2].reduce((s, m) => s + t[m]! * box.axesLengths[m]! * box.axes[3 * m + k]!, 0),
            ),
          );
        }
      }
    }
  }
  return points;
};

describe('distance between the nearest surfaces of two boxes', () => {
  it('is the gap of two aligned boxes, along one, two or three axes', () => {
    const cube = upright([0, 0, 0], [1, 1, 1]);
    expect(distanceBetweenBoxes(cube, upright([3, 0.2, 0], [1, 1, 1]))).toBeCloseTo(2, 12);
    expect(distanceBetweenBoxes(cube, upright([4, 5, 0], [1, 1, 1]))).toBeCloseTo(5, 12);
    expect(distanceBetweenBoxes(cube, upright([2, 3, 3], [1, 1, 1]))).toBeCloseTo(3, 12);
  });

  it('is 0 when boxes touch, overlap, cross without a corner inside, or hold one another', () => {
    const cube = upright([0, 0, 0], [1, 1, 1]);
    for (const other of [
      upright([1, 0, 0], [1, 1, 1]),
      upright([0.3, 0.3, 0.3], [1, 1, 1]),
      upright([0, 0, 0], [0.2, 5, 0.2]),
      upright([0.1, 0, 0], [0.2, 0.2, 0.2]),
      upright([0, 0, 0], [9, 9, 9]),
    ]) {
      expect(distanceBetweenBoxes(cube, other)).toBe(0);
    }
  });

  it('finds the way between two edges, where no corner is nearest', () => {
    const r = Math.SQRT1_2;
    const ridge: OrientedBox = { center: [0, 0, 0], axesLengths: [4, 1, 1], axes: [1, 0, 0, 0, r, r, 0, -r, r] };
    const across: OrientedBox = { center: [0, 0, 3], axesLengths: [1, 4, 1], axes: [r, 0, r, 0, 1, 0, -r, 0, r] };
    expect(distanceBetweenBoxes(ridge, across)).toBeCloseTo(3 - 2 * r, 9);
  });

  it('takes flat boxes, such as a picture or a point', () => {
    expect(distanceBetweenBoxes(upright([0, 0, 0], [2, 2, 0]), upright([0, 0, 1], [0, 0, 0]))).toBeCloseTo(1, 12);
    expect(distanceBetweenBoxes(upright([0, 0, 0], [0, 2, 2]), upright([1.5, 0, 0], [1, 1, 1]))).toBeCloseTo(1, 12);
  });

  it('agrees with alternating projections on 300 random pairs', () => {
    const next = random(7);
    let apart = 0;
    for (let i = 0; i < 300; i++) {
      const a = randomBox(next, 3);
      const b = randomBox(next, 3);
      const found = distanceBetweenBoxes(a, b);
      const expected = byAlternatingProjections(a, b);
      expect(found).toBeLessThanOrEqual(expected + 1e-9);
      expect(expected - found).toBeLessThan(2e-3);
      expect(boxesIntersect(a, b)).toBe(found === 0);
      expect(distanceBetweenBoxes(b, a)).toBeCloseTo(found, 9);
      apart += found > 0 ? 1 : 0;
    }
    expect(apart).toBeGreaterThan(150);
    expect(apart).toBeLessThan(300);
  });

  it('is never more than the distance of any two surface points, and close to the least', () => {
    const next = random(11);
    for (let i = 0; i < 4; i++) {
      const a = randomBox(next, 4);
      const b = randomBox(next, 4);
      const onB = surface(b, 14);
      let least = Infinity;
      for (const p of surface(a, 14)) {
        for (const q of onB) least = Math.min(least, Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!));
      }
      const found = distanceBetweenBoxes(a, b);
      expect(found).toBeLessThanOrEqual(least + 1e-9);
      if (found > 0) expect(least - found).toBeLessThan(0.05);
    }
  });
});
