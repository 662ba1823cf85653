import type { OrientedBox, Vector3 } from '../contract/geometry.ts';
import { boxAxes, boxCorners, distanceToPoint } from './box.ts';
import { add, cross, distance, dot, length, scale, subtract } from './vector.ts';

/** Indices of the corners (of `boxCorners`) that the twelve edges join: those that differ in one bit. */
const edges: readonly (readonly [number, number])[] = Array.from({ length: 8 }, (_, corner) => corner).flatMap((from) =>
  [1, 2, 4].filter((bit) => !(from & bit)).map((bit) => [from, from | bit] as const),
);

const clampToUnit = (value: number): number => Math.min(1, Math.max(0, value));

/** Distance between two segments (Ericson, Real-Time Collision Detection, 2005, §5.1.9). */
const distanceBetweenSegments = (from1: Vector3, to1: Vector3, from2: Vector3, to2: Vector3): number => {
  const d1 = subtract(to1, from1);
  const d2 = subtract(to2, from2);
  const r = subtract(from1, from2);
  const a = dot(d1, d1);
  const e = dot(d2, d2);
  const b = dot(d1, d2);
  const c = dot(d1, r);
  const f = dot(d2, r);
  const denominator = a * e - b * b;
  let s = denominator > 1e-12 * a * e ? clampToUnit((b * f - c * e) / denominator) : 0;
  let t = e > 0 ? (b * s + f) / e : 0;
  if (t < 0 || t > 1) {
    t = clampToUnit(t);
    s = a > 0 ? clampToUnit((b * t - c) / a) : 0;
  }
  return distance(add(from1, scale(d1, s)), add(from2, scale(d2, t)));
};

/** Whether two solid boxes share a point: the separating axis test (Ericson 2005, §4.4.1), also for flat boxes. */
export const boxesIntersect = (a: OrientedBox, b: OrientedBox): boolean => {
  const axesA = boxAxes(a);
  const axesB = boxAxes(b);
  const offset = subtract(b.center, a.center);
  const reach = (box: OrientedBox, axes: readonly Vector3[], along: Vector3): number =>
    axes.reduce((sum, axis, i) => sum + ((box.axesLengths[i] ?? 0) / 2) * Math.abs(dot(axis, along)), 0);
  const candidates = [...axesA, ...axesB, ...axesA.flatMap((first) => axesB.map((second) => cross(first, second)))];
  return candidates
    .filter((axis) => length(axis) > 1e-6)
    .every((axis) => Math.abs(dot(offset, axis)) <= reach(a, axesA, axis) + reach(b, axesB, axis));
};

/**
 * Distance between the nearest surfaces of two solid boxes, 0 where they intersect. Exact: where they are apart, the
 * shortest way runs from a corner to a box or between two edges, so all of those are tried.
 */
export const distanceBetweenBoxes = (a: OrientedBox, b: OrientedBox): number => {
  if (boxesIntersect(a, b)) {
    return 0;
  }
  const cornersA = boxCorners(a);
  const cornersB = boxCorners(b);
  let least = Infinity;
  for (const corner of cornersA) {
    least = Math.min(least, distanceToPoint(b, corner));
  }
  for (const corner of cornersB) {
    least = Math.min(least, distanceToPoint(a, corner));
  }
  for (const [fromA, toA] of edges) {
    for (const [fromB, toB] of edges) {
      const [from1, to1, from2, to2] = [cornersA[fromA], cornersA[toA], cornersB[fromB], cornersB[toB]];
      if (from1 && to1 && from2 && to2) {
        least = Math.min(least, distanceBetweenSegments(from1, to1, from2, to2));
      }
    }
  }
  return least;
};
