import { describe, expect, it } from 'vitest';
import { lookFrom, renderRoom } from '../../../test/fixtures/textured-room.ts';
import type { RgbImage } from '../../media/frame.ts';
import { likeness, psnrDecibels, structuralSimilarity } from './likeness.ts';

const grey = (width: number, height: number, value: (i: number) => number): RgbImage => ({
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, (_, i) => value(Math.floor(i / 3))),
});

/** Numbers that look random and are the same every time. */
const scattered = (seed: number) => (i: number) => ((i + seed) * 7919 + ((i * seed) % 31) * 104_729) % 256;

describe('PSNR', () => {
  it('is 20 log10(255) decibels for pictures that differ by 1 everywhere', () => {
    const difference = psnrDecibels(
      grey(16, 16, () => 100),
      grey(16, 16, () => 101),
    );
    expect(difference).toBeCloseTo(48.1308, 4);
  });

  it('is told as 99 for the same picture', () => {
    const picture = grey(16, 16, scattered(1));
    expect(psnrDecibels(picture, picture)).toBe(99);
  });
});

describe('SSIM', () => {
  it('is 1 for the same picture', () => {
    const picture = grey(20, 16, scattered(3));
    expect(structuralSimilarity(picture, picture)).toBeCloseTo(1, 9);
  });

  it('compares brightness alone where there is no structure', () => {
    const c1 = 6.5025;
    const [a, b] = [100, 140];
    const similarity = structuralSimilarity(
      grey(20, 20, () => a),
      grey(20, 20, () => b),
    );
    expect(similarity).toBeCloseTo((2 * a * b + c1) / (a * a + b * b + c1), 6);
  });

  it('is what its definition gives for a picture of one window', () => {
    const [a, b] = [grey(11, 11, scattered(3)), grey(11, 11, scattered(8))];
    const weights = Array.from({ length: 121 }, (_, i) => {
      const [dx, dy] = [(i % 11) - 5, Math.floor(i / 11) - 5];
      return Math.exp(-(dx * dx + dy * dy) / 4.5);
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const mean = (value: (i: number) => number): number =>
      weights.reduce((total, weight, i) => total + (weight / sum) * value(i), 0);
    const [x, y] = [(i: number): number => a.data[3 * i]!, (i: number): number => b.data[3 * i]!];
    const [mx, my] = [mean(x), mean(y)];
    const [vx, vy] = [mean((i) => (x(i) - mx) ** 2), mean((i) => (y(i) - my) ** 2)];
    const covariance = mean((i) => (x(i) - mx) * (y(i) - my));
    const expected =
      ((2 * mx * my + 6.5025) * (2 * covariance + 58.5225)) / ((mx * mx + my * my + 6.5025) * (vx + vy + 58.5225));
    expect(structuralSimilarity(a, b)).toBeCloseTo(expected, 9);
  });
});

describe('matches', () => {
  const { image } = renderRoom(lookFrom([0, -1.5, 0], 0, 0.2));

  it('are all kept by the same picture', async () => {
    const { matchAccuracy, confidentMatches } = await likeness(image, image);
    expect(confidentMatches).toBeGreaterThan(100);
    expect(matchAccuracy).toBe(1);
  });

  it('are mostly lost from another place', async () => {
    const { image: elsewhere } = renderRoom(lookFrom([0.4, -1, 0], 0.3, 0.1));
    expect((await likeness(image, elsewhere)).matchAccuracy).toBeLessThan(0.1);
  });

  it('are none in an empty picture', async () => {
    const empty = grey(64, 48, () => 90);
    expect(await likeness(empty, empty)).toEqual({ psnrDecibels: 99, ssim: 1, confidentMatches: 0 });
  });
});
