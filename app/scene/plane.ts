import type { Vector3 } from '../contract/geometry.ts';
import { cross, dot, length, scale, subtract } from './vector.ts';

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
 * The plane that most points agree with (RANSAC, Fischler & Bolles 1981), where at least `minShare` of them do: within
 * `tolerance` times their depth z. Points are in camera coordinates. The trials are the same every time.
 */
export const dominantPlane = (
  points: readonly Vector3[],
  tolerance: number,
  minShare: number,
): { readonly plane: Plane; readonly rest: Vector3[] } | undefined => {
  let state = 1;
  const pick = (): Vector3 | undefined => {
    // Numerical Recipes' linear congruential generator; its high bits are good enough to choose points.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return points[Math.floor((state / 2 ** 32) * points.length)];
  };
  const agrees = (plane: Plane, point: Vector3): boolean => distanceToPlane(plane, point) <= tolerance * point[2];
  let best: { plane: Plane; support: number } | undefined;
  for (let trial = 0; trial < trials; trial++) {
    const [a, b, c] = [pick(), pick(), pick()];
    const plane = a && b && c && planeThrough(a, b, c);
    if (!plane) {
      continue;
    }
    const support = points.reduce((count, point) => count + (agrees(plane, point) ? 1 : 0), 0);
    if (support > (best?.support ?? 0)) {
      best = { plane, support };
    }
  }
  if (!best || best.support < minShare * points.length || best.support < 3) {
    return undefined;
  }
  const { plane } = best;
  return { plane, rest: points.filter((point) => !agrees(plane, point)) };
};
