import { expect, it } from 'vitest';
import { frustumCorners } from './frustum.ts';

it('opens the pyramid of view in front of the camera, its picture upright', () => {
  const intrinsics = { fx: 320, fy: 320, cx: 320, cy: 240, width: 640, height: 480 };
  // Stands at (1, 0, 1), looks along x: right is −y, down is −z.
  const pose = [0, 0, 1, 1, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 1];
  const [eye, topLeft, topRight, bottomRight] = frustumCorners(pose, intrinsics, 2);
  expect(eye).toEqual([1, 0, 1]);
  expect(topLeft).toEqual([3, 2, 2.5]);
  expect(topRight).toEqual([3, -2, 2.5]);
  expect(bottomRight).toEqual([3, -2, -0.5]);
});
