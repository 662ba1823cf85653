import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../contract/geometry.ts';
import { invertSimilarity, levelled, transformPoints, transformPose } from './similarity.ts';

const normal: Vector3 = [0.36, -0.48, 0.8];

describe('levelling and measuring a session', () => {
  it('puts the floor at a constant height, as far below the cameras as they are held above it', () => {
    // Two directions in the plane of the floor, and a point on it.
    const [foot, u, v] = [normal.map((n) => n * -0.5), [0.8, 0.6, 0], [-0.48, 0.64, 0.6]];
    const onFloor = [
      [0, 0],
      [1, 2],
      [-3, 1],
    ].flatMap(([a, b]) => foot.map((f, i) => f + a! * u[i]! + b! * v[i]!));
    const moved = transformPoints(levelled(normal, 3), {
      positions: new Float32Array(onFloor),
      colours: new Uint8Array(9),
    });
    [2, 5, 8].forEach((z) => expect(moved.positions[z]).toBeCloseTo(-1.5, 5));
    // Distances within the floor grow by the scale and are otherwise kept.
    const distance = Math.hypot(...[0, 1, 2].map((i) => moved.positions[3 + i]! - moved.positions[i]!));
    expect(distance).toBeCloseTo(3 * Math.hypot(1, 2), 4);
  });

  it('moves a camera with the points that it sees', () => {
    const similarity = levelled(normal, 2);
    const trackedFromCamera = [0, 0, 1, 1, -1, 0, 0, 2, 0, -1, 0, 3, 0, 0, 0, 1];
    const pose = transformPose(similarity, trackedFromCamera);
    // One unit ahead of the camera, moved as a point, lies `metresPerUnit` ahead of the moved camera.
    const ahead = transformPoints(similarity, { positions: new Float32Array([2, 2, 3]), colours: new Uint8Array(3) });
    [0, 1, 2].forEach((row) => {
      expect(pose[row * 4 + 3]! + 2 * pose[row * 4 + 2]!).toBeCloseTo(ahead.positions[row]!, 5);
    });
  });

  it('can be taken back', () => {
    const similarity = { metresPerUnit: 2.5, pose: [0, -1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 3, 0, 0, 0, 1] };
    const points = { positions: new Float32Array([1, 2, 3, -4, 0.5, 6]), colours: new Uint8Array(6) };
    const there = transformPoints(similarity, points);
    expect([...there.positions.slice(0, 3)]).toEqual([-2.5 * 2 + 1, 2.5 + 2, 2.5 * 3 + 3]);
    const back = transformPoints(invertSimilarity(similarity), there);
    back.positions.forEach((value, i) => expect(value).toBeCloseTo(points.positions[i]!, 5));
  });
});
