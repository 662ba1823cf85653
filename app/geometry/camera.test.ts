import { describe, expect, it } from 'vitest';
import { guessIntrinsics, project, resizeIntrinsics, unproject } from './camera.ts';

const intrinsics = { fx: 500, fy: 510, cx: 320, cy: 240, width: 640, height: 480 };

describe('camera', () => {
  it('projects the optical axis to the principal point', () => {
    expect(project(intrinsics, [0, 0, 2])).toEqual([320, 240]);
  });

  it('has x to the right and y down', () => {
    expect(project(intrinsics, [1, 1, 2])).toEqual([570, 495]);
  });

  it('sees nothing behind itself', () => {
    expect(project(intrinsics, [0, 0, -1])).toBeUndefined();
  });

  it('undoes a projection when the depth is known', () => {
    expect(unproject(intrinsics, 570, 495, 2)).toEqual([1, 1, 2]);
  });

  it('keeps the field of view when the image is resized', () => {
    const half = resizeIntrinsics(intrinsics, 320, 240);
    const [u, v] = project(half, [0.3, -0.2, 1.5]) ?? [Number.NaN, Number.NaN];
    const [fullU, fullV] = project(intrinsics, [0.3, -0.2, 1.5]) ?? [Number.NaN, Number.NaN];
    // Pixel (0, 0) of the small image covers pixels 0 and 1 of the large one, so its centre lies between them.
    expect(u).toBeCloseTo((fullU + 0.5) / 2 - 0.5, 9);
    expect(v).toBeCloseTo((fullV + 0.5) / 2 - 0.5, 9);
  });

  it('guesses 65° across the longer side', () => {
    const { fx } = guessIntrinsics(720, 1280);
    expect((2 * Math.atan(640 / fx) * 180) / Math.PI).toBeCloseTo(65, 9);
  });
});
