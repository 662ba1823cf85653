import { quat } from 'gl-matrix';
import type { Vector3 } from '../../contract/geometry.ts';
import type { Quaternion } from '../pose.ts';

/** Product of unit quaternions: the rotation by `b`, then by `a`. */
export const turn = (a: Quaternion, b: Quaternion): Quaternion =>
  quat.multiply([0, 0, 0, 1], [...a], [...b]) as [number, number, number, number];

/** The rotation back. */
export const turnBack = ([x, y, z, w]: Quaternion): Quaternion => [-x, -y, -z, w];

/** Rotation by the angle |v| about the axis v. */
export const rotationBy = ([x, y, z]: Vector3): Quaternion => {
  const angle = Math.hypot(x, y, z);
  const factor = angle < 1e-9 ? 0.5 : Math.sin(angle / 2) / angle;
  return [factor * x, factor * y, factor * z, Math.cos(angle / 2)];
};

/** Axis times angle of a rotation, the shorter way round. */
export const rotationVector = ([x, y, z, w]: Quaternion): Vector3 => {
  const sine = Math.hypot(x, y, z);
  const sign = w < 0 ? -1 : 1;
  const factor = sine < 1e-9 ? 2 : (2 * Math.atan2(sine, Math.abs(w))) / sine;
  return [sign * factor * x, sign * factor * y, sign * factor * z];
};
