import { describe, expect, test } from 'vitest';
import { fitWithin, scaleDepth, scaleIntrinsics } from './scaling.ts';

describe('fitting a frame within a size', () => {
  test('keeps a frame that is small enough as it is, odd sides included', () => {
    expect(fitWithin({ width: 641, height: 479 }, 641)).toEqual({ width: 641, height: 479 });
    expect(fitWithin({ width: 641, height: 479 }, undefined)).toEqual({ width: 641, height: 479 });
  });

  test('scales the longest side down to the wanted size, with even sides and the same shape', () => {
    expect(fitWithin({ width: 1280, height: 720 }, 640)).toEqual({ width: 640, height: 360 });
    expect(fitWithin({ width: 720, height: 1280 }, 641)).toEqual({ width: 360, height: 640 });
    expect(fitWithin({ width: 1279, height: 719 }, 400)).toEqual({ width: 400, height: 224 });
  });
});

describe('scaling a camera', () => {
  test('a point projects to the same place of the picture at half size', () => {
    const camera = { fx: 525, fy: 520, cx: 319.5, cy: 239.5, width: 640, height: 480 };
    const half = scaleIntrinsics(camera, { width: 320, height: 240 });
    const [x, y, z] = [0.3, -0.2, 1.7];
    // Pixel centres are whole numbers: the left edge of the picture is at −½ in both sizes.
    const u = (camera.fx * x) / z + camera.cx;
    const v = (camera.fy * y) / z + camera.cy;
    expect((half.fx * x) / z + half.cx).toBeCloseTo((u + 0.5) / 2 - 0.5, 9);
    expect((half.fy * y) / z + half.cy).toBeCloseTo((v + 0.5) / 2 - 0.5, 9);
    expect(half).toMatchObject({ width: 320, height: 240 });
  });
});

describe('scaling depth', () => {
  test('takes values that were there and never a mean of two', () => {
    const depth = { width: 4, height: 2, metresPerUnit: 0.001, data: Uint16Array.of(1, 2, 3, 4, 50, 60, 70, 80) };
    const half = scaleDepth(depth, { width: 2, height: 1 });
    expect(half.data).toHaveLength(2);
    expect([...half.data].every((value) => depth.data.includes(value))).toBe(true);
    expect([...half.data]).toEqual([60, 80]);
  });
});
