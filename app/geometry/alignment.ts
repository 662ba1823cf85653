import { vec3, quat } from 'gl-matrix';
import type { Vector3 } from '../contract/geometry.ts';
import { eigenOfSymmetric } from './symmetric-eigen.ts';

/** target ≈ scale · rotation · source + translation, with the rotation as a unit quaternion `[x, y, z, w]`. */
export interface Alignment {
  readonly scale: number;
  readonly rotation: readonly [number, number, number, number];
  readonly translation: Vector3;
}

/** Eigenvector of the largest eigenvalue. */
const principalEigenvector = (symmetric: readonly (readonly number[])[]): readonly number[] =>
  eigenOfSymmetric(symmetric).at(-1)?.vector ?? [];

const mean = (points: readonly Vector3[]): Vector3 => {
  const sum = vec3.create();
  points.forEach((point) => vec3.add(sum, sum, point));
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
};

/** The point moved by the alignment. */
export const applyAlignment = ({ scale, rotation, translation }: Alignment, point: Vector3): Vector3 => {
  const [x = 0, y = 0, z = 0] = vec3.transformQuat(vec3.create(), point, quat.fromValues(...rotation));
  return [scale * x + translation[0], scale * y + translation[1], scale * z + translation[2]];
};

/**
 * The similarity, or with `withScale: false` the rigid motion, that brings `source` onto `target` in the least-squares
 * sense, point i to point i. Rotation after Horn 1987 (unit quaternions), scale after Umeyama 1991, eq. 42.
 * Throws when the counts differ or there are fewer than three points.
 */
export const align = (source: readonly Vector3[], target: readonly Vector3[], withScale: boolean): Alignment => {
  if (source.length !== target.length || source.length < 3) {
    throw new RangeError(`Cannot align ${source.length} points to ${target.length}: at least three pairs are needed`);
  }
  const from = mean(source);
  const to = mean(target);
  const s = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let spread = 0;
  source.forEach((point, i) => {
    const goal = target[i] ?? to;
    const a = [point[0] - from[0], point[1] - from[1], point[2] - from[2]] as const;
    const b = [goal[0] - to[0], goal[1] - to[1], goal[2] - to[2]] as const;
    spread += a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
    for (let k = 0; k < 9; k++) {
      s[k] = (s[k] ?? 0) + (a[Math.floor(k / 3)] ?? 0) * (b[k % 3] ?? 0);
    }
  });
  const [xx = 0, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, zx = 0, zy = 0, zz = 0] = s;
  const [w = 1, x = 0, y = 0, z = 0] = principalEigenvector([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, -xx + yy - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, -xx - yy + zz],
  ]);
  const rotation = [x, y, z, w] as const;
  const unscaled: Alignment = { scale: 1, rotation, translation: [0, 0, 0] };
  let agreement = 0;
  source.forEach((point, i) => {
    const turned = applyAlignment(unscaled, [point[0] - from[0], point[1] - from[1], point[2] - from[2]]);
    const goal = target[i] ?? to;
    agreement += turned[0] * (goal[0] - to[0]) + turned[1] * (goal[1] - to[1]) + turned[2] * (goal[2] - to[2]);
  });
  const scale = withScale && spread > 0 ? agreement / spread : 1;
  const moved = applyAlignment({ ...unscaled, scale }, from);
  return { scale, rotation, translation: [to[0] - moved[0], to[1] - moved[1], to[2] - moved[2]] };
};
