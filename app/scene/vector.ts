import type { Vector3 } from '../contract/geometry.ts';

/** `a + b`. */
export const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

/** `a − b`. */
export const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** `factor · a`. */
export const scale = (a: Vector3, factor: number): Vector3 => [a[0] * factor, a[1] * factor, a[2] * factor];

/** `a · b`. */
export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** `a × b`. */
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** `|a|`. */
export const length = (a: Vector3): number => Math.hypot(a[0], a[1], a[2]);

/** `|a − b|`. */
export const distance = (a: Vector3, b: Vector3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** `a / |a|`, or zero where `a` is zero. */
export const normalise = (a: Vector3): Vector3 => {
  const norm = length(a);
  return norm === 0 ? [0, 0, 0] : scale(a, 1 / norm);
};

/** A symmetric 3×3 matrix: xx, xy, xz, yy, yz, zz. */
export type Symmetric = [number, number, number, number, number, number];

/** The solution of a symmetric 3×3 system, by Cramer's rule; none where it is singular. */
export const solveSymmetric = ([xx, xy, xz, yy, yz, zz]: Symmetric, [bx, by, bz]: Vector3): Vector3 | undefined => {
  const [c00, c01, c02] = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy];
  const determinant = xx * c00 + xy * c01 + xz * c02;
  if (Math.abs(determinant) < 1e-12) {
    return undefined;
  }
  const [c11, c12, c22] = [xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy];
  return [
    (c00 * bx + c01 * by + c02 * bz) / determinant,
    (c01 * bx + c11 * by + c12 * bz) / determinant,
    (c02 * bx + c12 * by + c22 * bz) / determinant,
  ];
};
