import type { Intrinsics, Pose, Vector3 } from '../contract/geometry.ts';
import { project } from './camera.ts';
import { invertPose, transformPoint } from './pose.ts';

/** The point of a cloud that is closest to a place; undefined for an empty cloud. */
export const nearestPoint = (positions: Float32Array, [x, y, z]: Vector3): Vector3 | undefined => {
  let best: number | undefined;
  let least = Infinity;
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const away =
      ((positions[i] ?? 0) - x) ** 2 + ((positions[i + 1] ?? 0) - y) ** 2 + ((positions[i + 2] ?? 0) - z) ** 2;
    if (away < least) {
      least = away;
      best = i;
    }
  }
  return best === undefined ? undefined : [positions[best] ?? 0, positions[best + 1] ?? 0, positions[best + 2] ?? 0];
};

/** How far from a pixel, as a share of the picture's width, a point may be projected and still stand for it. */
const reachShare = 0.01;

/** The point of a cloud that a camera sees at a pixel: of those that are projected close to it, the foremost. */
export const pointSeenAt = (
  positions: Float32Array,
  intrinsics: Intrinsics,
  worldFromCamera: Pose,
  [u, v]: readonly [number, number],
): Vector3 | undefined => {
  const cameraFromWorld = invertPose(worldFromCamera);
  const reach = reachShare * intrinsics.width;
  let best: Vector3 | undefined;
  let least = Infinity;
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point: Vector3 = [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
    const inCamera = transformPoint(cameraFromWorld, point);
    const pixel = inCamera[2] < least ? project(intrinsics, inCamera) : undefined;
    if (pixel && Math.hypot(pixel[0] - u, pixel[1] - v) <= reach) {
      best = point;
      least = inCamera[2];
    }
  }
  return best;
};
