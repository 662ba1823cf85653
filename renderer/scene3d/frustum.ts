import type { Intrinsics, Pose, Vector3 } from '../../app/contract/geometry.ts';
import { addScaled, directionOf, positionOf } from './vector.ts';

/** The five corners of a camera's pyramid of view: its place, then the picture's corners `depth` ahead of it. */
export const frustumCorners = (pose: Pose, { fx, fy, cx, cy, width, height }: Intrinsics, depth: number): Vector3[] => {
  const eye = positionOf(pose);
  const corner = (u: number, v: number): Vector3 =>
    addScaled(
      addScaled(
        addScaled(eye, directionOf(pose, 0), ((u - cx) / fx) * depth),
        directionOf(pose, 1),
        ((v - cy) / fy) * depth,
      ),
      directionOf(pose, 2),
      depth,
    );
  return [eye, corner(0, 0), corner(width, 0), corner(width, height), corner(0, height)];
};

/** Its eight edges as pairs of corner indices: four to the picture, four round it. */
export const frustumEdges: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [1, 2],
  [2, 3],
  [3, 4],
  [4, 1],
];
