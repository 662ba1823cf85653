import type { OrientedBox, Vector3 } from '../contract/geometry.ts';
import { add, dot, scale, subtract } from './vector.ts';

type Axes = readonly [Vector3, Vector3, Vector3];

/** The smallest axis-aligned box round something. */
export interface Bounds {
  readonly min: Vector3;
  readonly max: Vector3;
}

/** The three unit axes of a box, in world coordinates. */
export const boxAxes = ({ axes }: OrientedBox): Axes => {
  const [ax = 1, ay = 0, az = 0, bx = 0, by = 1, bz = 0, cx = 0, cy = 0, cz = 1] = axes;
  return [
    [ax, ay, az],
    [bx, by, bz],
    [cx, cy, cz],
  ];
};

/** Half the sides of a box as vectors, so that every corner is centre ± each of them. */
const halfSides = (box: OrientedBox): Axes => {
  const [a, b, c] = boxAxes(box);
  const [la, lb, lc] = box.axesLengths;
  return [scale(a, la / 2), scale(b, lb / 2), scale(c, lc / 2)];
};

/** The eight corners; bit `i` of a corner's index says whether it lies on the positive side of axis `i`. */
export const boxCorners = (box: OrientedBox): Vector3[] => {
  const sides = halfSides(box);
  return Array.from({ length: 8 }, (_, corner) =>
    sides.reduce<Vector3>((sum, side, i) => add(sum, scale(side, corner & (1 << i) ? 1 : -1)), box.center),
  );
};

/** Volume in cubic units of the world. */
export const boxVolume = ({ axesLengths: [a, b, c] }: OrientedBox): number => a * b * c;

/** The smallest axis-aligned box that holds a box. */
export const boxBounds = (box: OrientedBox): Bounds => {
  const [a, b, c] = halfSides(box);
  const half: Vector3 = [
    Math.abs(a[0]) + Math.abs(b[0]) + Math.abs(c[0]),
    Math.abs(a[1]) + Math.abs(b[1]) + Math.abs(c[1]),
    Math.abs(a[2]) + Math.abs(b[2]) + Math.abs(c[2]),
  ];
  return { min: subtract(box.center, half), max: add(box.center, half) };
};

/** Distance between two axis-aligned boxes, 0 where they overlap: never more than that of the boxes inside them. */
export const distanceBetweenBounds = (a: Bounds, b: Bounds): number =>
  Math.hypot(
    Math.max(0, a.min[0] - b.max[0], b.min[0] - a.max[0]),
    Math.max(0, a.min[1] - b.max[1], b.min[1] - a.max[1]),
    Math.max(0, a.min[2] - b.max[2], b.min[2] - a.max[2]),
  );

/** The point of a solid box that is closest to a point: the point itself where it lies inside. */
export const closestPointInBox = (box: OrientedBox, point: Vector3): Vector3 => {
  const offset = subtract(point, box.center);
  return boxAxes(box).reduce<Vector3>((sum, axis, i) => {
    const half = (box.axesLengths[i] ?? 0) / 2;
    return add(sum, scale(axis, Math.min(half, Math.max(-half, dot(offset, axis)))));
  }, box.center);
};

/** Distance from a point to the nearest surface of a box, 0 inside. */
export const distanceToPoint = (box: OrientedBox, point: Vector3): number => {
  const gap = subtract(closestPointInBox(box, point), point);
  return Math.hypot(...gap);
};

/** Whether a point lies inside a box that is grown by `margin` on every side. */
export const boxContains = (box: OrientedBox, point: Vector3, margin = 0): boolean =>
  distanceToPoint(box, point) <= margin + 1e-9;
