import type { Vector3 } from '../contract/geometry.ts';
import { cross, dot, length, scale, solveSymmetric, subtract, type Symmetric } from './vector.ts';

/** A plane: unit normal, with `normal · x = offset` for points on it. */
export interface Plane {
  readonly normal: Vector3;
  readonly offset: number;
}

/** Distance of a point from a plane. */
export const distanceToPlane = ({ normal, offset }: Plane, point: Vector3): number =>
  Math.abs(dot(normal, point) - offset);

const trials = 80;

/** The plane through three points; none where they lie on a line. */
const planeThrough = (a: Vector3, b: Vector3, c: Vector3): Plane | undefined => {
  const normal = cross(subtract(b, a), subtract(c, a));
  const size = length(normal);
  if (size < 1e-12) {
    return undefined;
  }
  const unit = scale(normal, 1 / size);
  return { normal: unit, offset: dot(unit, a) };
};

/**
 * The plane fitted to points by least squares of their inverse depth, which is linear over the picture of a plane:
 * 1/z = n · (x/z, y/z, 1) for the plane n · p = 1. Depth noise grows with z², so that this weighs near points rightly.
 */
const fitPlane = (points: readonly Vector3[]): Plane | undefined => {
  const matrix: Symmetric = [0, 0, 0, 0, 0, 0];
  const side: Vector3 = [0, 0, 0];
  for (const [px, py, z] of points) {
    const [x, y] = [px / z, py / z];
    [x * x, x * y, x, y * y, y, 1].forEach((value, i) => {
      matrix[i] = (matrix[i] ?? 0) + value;
    });
    side[0] += x / z;
    side[1] += y / z;
    side[2] += 1 / z;
  }
  const normal = solveSymmetric(matrix, side);
  const size = normal ? length(normal) : 0;
  return normal && size > 0 ? { normal: scale(normal, 1 / size), offset: 1 / size } : undefined;
};

/**
 * The plane that most points agree with (RANSAC, Fischler & Bolles 1981), where at least `fewest` of them do: within
 * `tolerance` times their depth z; fitted to all of those. Points are in camera coordinates. The trials are the same every time.
 */
export const dominantPlane = (
  points: readonly Vector3[],
  tolerance: number,
  fewest: number,
): { readonly plane: Plane; readonly rest: Vector3[] } | undefined => {
  let state = 1;
  const pick = (): Vector3 | undefined => {
    // Numerical Recipes' linear congruential generator; its high bits are good enough to choose points.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return points[Math.floor((state / 2 ** 32) * points.length)];
  };
  const agrees = (plane: Plane, point: Vector3): boolean => distanceToPlane(plane, point) <= tolerance * point[2];
  const supportOf = (plane: Plane): number =>
    points.reduce((count, point) => count + (agrees(plane, point) ? 1 : 0), 0);
  let best: { plane: Plane; support: number } | undefined;
  for (let trial = 0; trial < trials; trial++) {
    const [a, b, c] = [pick(), pick(), pick()];
    const plane = a && b && c && planeThrough(a, b, c);
    if (!plane) {
      continue;
    }
    const support = supportOf(plane);
    if (support > (best?.support ?? 0)) {
      best = { plane, support };
    }
  }
  if (!best || best.support < Math.max(3, fewest)) {
    return undefined;
  }
  const { plane: chosen, support } = best;
  const fitted = fitPlane(points.filter((point) => agrees(chosen, point)));
  // A fit to few scattered points may miss them all; the answer must always leave fewer points than it was given.
  const plane = fitted && supportOf(fitted) >= support / 2 ? fitted : chosen;
  return { plane, rest: points.filter((point) => !agrees(plane, point)) };
};
