import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../contract/geometry.ts';
import { distanceToPlane, dominantPlane } from './plane.ts';

/** Numbers between 0 and 1 without a pattern that a plane could follow. */
const scatter = (i: number): number => ((i * 7919 + 104729) % 1009) / 1009;

/** Landmarks of a plain video round one box: its best plane passes near the camera, where inverse depth tells nothing. */
const landmarks: Vector3[] = [
  [1.5859, 0.4811, 4.0983],
  [0.5995, 0.305, 2.4192],
  [1.1113, 0.481, 3.815],
  [1.1307, 0.4752, 3.7689],
  [1.2416, 0.4801, 3.8077],
  [1.4047, 0.5156, 4.0896],
  [1.0073, 0.4661, 3.458],
  [1.1307, 0.508, 3.7689],
  [0.6004, 0.3476, 2.4228],
  [1.1258, 0.5398, 3.547],
  [1.0009, 0.6071, 3.7737],
  [1.6624, 0.6759, 4.2017],
  [1.0009, 0.6399, 3.7737],
  [1.0337, 0.6399, 3.7737],
  [1.464, 0.6879, 4.057],
  [1.0853, 0.7063, 3.9622],
  [0.8216, 0.6722, 3.4358],
  [1.385, 0.7889, 4.0324],
  [1.3563, 0.7535, 3.8511],
  [0.828, 0.7076, 3.4627],
  [1.088, 0.8117, 3.972],
  [1.4682, 0.8606, 3.8813],
  [1.0965, 0.8941, 3.8799],
  [0.9042, 0.9042, 3.7814],
  [1.0563, 0.8938, 3.7378],
  [1.0888, 0.9263, 3.7378],
  [1.0367, 0.8564, 3.4558],
  [1.0668, 0.8564, 3.4558],
  [1.4078, 0.8818, 3.5583],
  [1.0422, 0.8911, 3.4739],
  [1.0498, 0.8723, 3.4007],
  [0.9218, 0.9218, 3.4757],
  [1.0173, 0.9262, 3.4922],
  [1.3266, 0.9391, 3.4284],
  [1.0774, 0.9889, 3.3947],
];

describe('the plane that most points agree with', () => {
  it('is found among points that lie elsewhere', () => {
    const wall = Array.from({ length: 60 }, (_, i): Vector3 => [scatter(i) - 0.5, scatter(3 * i) - 0.5, 2]);
    const others = Array.from({ length: 30 }, (_, i): Vector3 => [
      scatter(5 * i),
      scatter(7 * i),
      0.5 + scatter(11 * i),
    ]);
    const found = dominantPlane([...others, ...wall], 0.01, 20);
    expect(found?.rest.length).toBeLessThanOrEqual(30);
    wall.forEach((point) => expect(distanceToPlane(found!.plane, point)).toBeLessThan(0.01));
  });

  it('takes points away even where the fit to scattered landmarks misses them all', () => {
    const found = dominantPlane(landmarks, 0.012, 3);
    expect(found?.rest.length).toBeLessThan(landmarks.length);
  });
});
