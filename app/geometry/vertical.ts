import type { Vector3 } from '../contract/geometry.ts';
import { eigenOfSymmetric } from './symmetric-eigen.ts';

const degrees = Math.PI / 180;
/** How far from level or upright a patch may be and still count, pass by pass: wide first, then only what is truly so. */
const tolerances = [12, 12, 8, 6, 6, 6, 6].map((angle) => angle * degrees);
const leastPatches = 30;
const leastShare = 0.1;

/**
 * The vertical that floors, tables and walls agree on, near `up`: the unit vector u that minimises
 * Σ sin²(n, u) over level patches + Σ cos²(n, u) over upright ones, which is the principal eigenvector of
 * Σ n nᵀ (level) − Σ n nᵀ (upright), as buildings have one vertical (the Manhattan world's, Coughlan & Yuille 1999).
 * `undefined` when too few patches agree with it.
 */
export const refineVertical = (up: Vector3, normals: readonly Vector3[]): Vector3 | undefined => {
  let refined = up;
  for (const tolerance of tolerances) {
    const along = normals.map(([x, y, z]) => Math.abs(x * refined[0] + y * refined[1] + z * refined[2]));
    const level = normals.filter((_, i) => (along[i] ?? 0) > Math.cos(tolerance));
    const upright = normals.filter((_, i) => (along[i] ?? 1) < Math.sin(tolerance));
    const agreeing = level.length + upright.length;
    if (level.length < leastPatches || agreeing < leastShare * normals.length) {
      return undefined;
    }
    const matrix = [0, 1, 2].map((row) =>
      [0, 1, 2].map((column) => {
        const spread = (list: readonly Vector3[]): number =>
          list.reduce((sum, n) => sum + (n[row] ?? 0) * (n[column] ?? 0), 0);
        return spread(level) - spread(upright);
      }),
    );
    const [x = 0, y = 0, z = 1] = eigenOfSymmetric(matrix).at(-1)?.vector ?? [];
    const sign = x * refined[0] + y * refined[1] + z * refined[2] < 0 ? -1 : 1;
    refined = [sign * x, sign * y, sign * z];
  }
  return refined;
};
