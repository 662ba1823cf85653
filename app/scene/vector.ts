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
