import type { Intrinsics, Pose } from '../../app/contract/geometry.ts';
import { project } from './camera.ts';
import { triangleIndices } from './rays.ts';
import type { Patch } from './shapes.ts';

/** What a thing would cover in the picture if nothing stood before it. */
export interface Silhouette {
  readonly pixels: number;
  /** First and last column and row, both covered. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Corner {
  readonly u: number;
  readonly v: number;
}

/** Nearer than this a projection runs away. */
const nearestMetres = 0.1;

const fillTriangle = (covered: Uint8Array, { width, height }: Intrinsics, a: Corner, b: Corner, c: Corner): void => {
  const top = Math.max(0, Math.ceil(Math.min(a.v, b.v, c.v)));
  const bottom = Math.min(height - 1, Math.floor(Math.max(a.v, b.v, c.v)));
  for (let y = top; y <= bottom; y += 1) {
    let [from, to] = [Infinity, -Infinity];
    for (const [p, q] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      const isCrossed = Math.min(p.v, q.v) <= y && y <= Math.max(p.v, q.v);
      if (isCrossed) {
        const u = p.v === q.v ? p.u : p.u + ((q.u - p.u) * (y - p.v)) / (q.v - p.v);
        from = Math.min(from, u, p.v === q.v ? q.u : u);
        to = Math.max(to, u, p.v === q.v ? q.u : u);
      }
    }
    for (let x = Math.max(0, Math.ceil(from)); x <= Math.min(width - 1, Math.floor(to)); x += 1) {
      covered[y * width + x] = 1;
    }
  }
};

/**
 * The silhouette of a thing given by its world-space patches, or nothing when part of it lies outside of the picture or
 * behind the camera. Computed from geometry alone, so that it can vouch for rendered masks.
 */
export const silhouetteOf = (
  patches: readonly Patch[],
  worldFromCamera: Pose,
  intrinsics: Intrinsics,
): Silhouette | undefined => {
  const { width, height } = intrinsics;
  const corners = patches.map(({ vertices }) =>
    vertices.map(({ position }) => project(position, worldFromCamera, intrinsics)),
  );
  const isInside = corners.every((patch) =>
    patch.every(({ u, v, depth }) => depth > nearestMetres && u >= 0 && v >= 0 && u <= width - 1 && v <= height - 1),
  );
  if (!isInside) {
    return undefined;
  }
  const covered = new Uint8Array(width * height);
  patches.forEach(({ columns, rows }, i) => {
    for (const indices of triangleIndices(columns, rows)) {
      const [a, b, c] = indices.map((index) => corners[i]?.[index]);
      if (a && b && c) {
        fillTriangle(covered, intrinsics, a, b, c);
      }
    }
  });
  return extentOf(covered, width, 1);
};

/** Number and extent of the pixels of one value in an image. */
export const extentOf = (image: Uint8Array, width: number, value: number): Silhouette | undefined => {
  let [pixels, left, top, right, bottom] = [0, Infinity, Infinity, -1, -1];
  for (let i = image.indexOf(value); i !== -1; i = image.indexOf(value, i + 1)) {
    const [x, y] = [i % width, Math.floor(i / width)];
    pixels += 1;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return pixels === 0 ? undefined : { pixels, left, top, right, bottom };
};
