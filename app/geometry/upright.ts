import type { Intrinsics, Pose, Vector3 } from '../contract/geometry.ts';
import type { DepthImage } from '../media/frame.ts';
import { unproject } from './camera.ts';

/** `worldFromCamera` of a camera held level at the origin: it looks along world y, z is up. */
export const levelPose: Pose = [1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1];

/** Samples across the image; normals are taken over this spacing. */
const samplesAcross = 80;
const maxDepthMetres = 5;
const maxTiltRadians = (50 * Math.PI) / 180;
/** Normals this close to the vertical count as floor, table or ceiling; the second pass is the fit. */
const toleranceRadians = (8 * Math.PI) / 180;
const minSupportShare = 0.04;
const passes = 6;

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

const unit = (v: Vector3): Vector3 => {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
};

/** Unit normals of the surfaces in view, in camera coordinates, turned to the upper side of the picture. */
const surfaceNormals = (depth: DepthImage, intrinsics: Intrinsics): Vector3[] => {
  const step = Math.max(1, Math.floor(depth.width / samplesAcross));
  const pointAt = (u: number, v: number): Vector3 | undefined => {
    const value = depth.data[v * depth.width + u] ?? 0;
    const metres = value * depth.metresPerUnit;
    return value === 0 || value === 65535 || metres > maxDepthMetres ? undefined : unproject(intrinsics, u, v, metres);
  };
  const normals: Vector3[] = [];
  for (let v = step; v + step < depth.height; v += step) {
    for (let u = step; u + step < depth.width; u += step) {
      const [left, right] = [pointAt(u - step, v), pointAt(u + step, v)];
      const [above, below] = [pointAt(u, v - step), pointAt(u, v + step)];
      if (!left || !right || !above || !below) {
        continue;
      }
      const jump = Math.max(Math.abs(right[2] - left[2]), Math.abs(below[2] - above[2]));
      if (jump > 0.1 * left[2]) {
        continue;
      }
      const normal = unit(
        cross(
          [right[0] - left[0], right[1] - left[1], right[2] - left[2]],
          [below[0] - above[0], below[1] - above[1], below[2] - above[2]],
        ),
      );
      if (normal.every(Number.isFinite)) {
        normals.push(normal[1] > 0 ? [-normal[0], -normal[1], -normal[2]] : normal);
      }
    }
  }
  return normals;
};

/** The direction near `start` that most normals agree on, by shifting to their mean; none without enough support. */
const dominantNormal = (normals: readonly Vector3[], start: Vector3): { up: Vector3; support: number } | undefined => {
  let up = start;
  let support = 0;
  for (let pass = 0; pass < passes; pass++) {
    // Wide at first, to be drawn in from a distance; then only what is truly parallel.
    const tolerance = toleranceRadians * (pass < 2 ? 2 : 1);
    const sum: Vector3 = [0, 0, 0];
    support = 0;
    for (const normal of normals) {
      if (dot(normal, up) > Math.cos(tolerance)) {
        sum[0] += normal[0];
        sum[1] += normal[1];
        sum[2] += normal[2];
        support++;
      }
    }
    if (support < minSupportShare * normals.length || support < 30) {
      return undefined;
    }
    up = unit(sum);
  }
  return { up, support };
};

/**
 * `worldFromCamera` of the first frame: at the origin, z up, looking along world y as far as the vertical allows. Up is
 * the direction within 50° of the picture's that most surfaces (floor, tables) are perpendicular to; a camera that
 * shows none of them is taken to be level.
 */
export const uprightFromDepth = (depth: DepthImage, intrinsics: Intrinsics): Pose => {
  const normals = surfaceNormals(depth, intrinsics);
  let best: { up: Vector3; support: number } | undefined;
  for (let pitch = -48; pitch <= 48; pitch += 12) {
    for (let roll = -24; roll <= 24; roll += 12) {
      const [p, r] = [(pitch * Math.PI) / 180, (roll * Math.PI) / 180];
      const start: Vector3 = [Math.sin(r) * Math.cos(p), -Math.cos(r) * Math.cos(p), Math.sin(p)];
      const found = dominantNormal(normals, start);
      if (found && -found.up[1] > Math.cos(maxTiltRadians) && (!best || found.support > best.support)) {
        best = found;
      }
    }
  }
  if (!best) {
    return levelPose;
  }
  const { up } = best;
  // World x is the camera's x made level, world y the level direction ahead.
  const ahead = unit(cross(up, [1, 0, 0]));
  const right = cross(ahead, up);
  return [...right, 0, ...ahead, 0, ...up, 0, 0, 0, 0, 1];
};
