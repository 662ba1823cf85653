import type { Vector3 } from '../../app/contract/geometry.ts';

/** Sum of two vectors, the second one scaled. */
export const addScaled = (a: Vector3, b: Vector3, scale: number): Vector3 => [
  a[0] + b[0] * scale,
  a[1] + b[1] * scale,
  a[2] + b[2] * scale,
];

/** Difference a − b. */
export const subtract = (a: Vector3, b: Vector3): Vector3 => addScaled(a, b, -1);

export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const norm = (a: Vector3): number => Math.hypot(a[0], a[1], a[2]);

/** The unit vector along `a`; x for the zero vector. */
export const unit = (a: Vector3): Vector3 => {
  const size = norm(a);
  return size > 0 ? [a[0] / size, a[1] / size, a[2] / size] : [1, 0, 0];
};

/** Where the camera of a pose stands. */
export const positionOf = (pose: readonly number[]): Vector3 => [pose[3] ?? 0, pose[7] ?? 0, pose[11] ?? 0];

/** Column `axis` of a pose's rotation: where the camera's x (right), y (down) or z (forward) points in the world. */
export const directionOf = (pose: readonly number[], axis: 0 | 1 | 2): Vector3 => [
  pose[axis] ?? 0,
  pose[axis + 4] ?? 0,
  pose[axis + 8] ?? 0,
];
