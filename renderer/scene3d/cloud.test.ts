import { expect, it } from 'vitest';
import { boundsOf, cloudBounds, shuffledOrder } from './cloud.ts';
import { gridStep } from './GridLayer.ts';

it('shuffles without losing or repeating anything, the same way each time', () => {
  const order = shuffledOrder(1000);
  expect(new Set(order).size).toBe(1000);
  expect([...order]).toEqual([...shuffledOrder(1000)]);
  // Any prefix is a fair sample: the mean of the first tenth is close to that of all.
  const mean = order.subarray(0, 100).reduce((sum, value) => sum + value, 0) / 100;
  expect(Math.abs(mean - 500)).toBeLessThan(100);
});

it('bounds a cloud without its stray points', () => {
  const positions = new Float32Array(3 * 1001);
  for (let i = 0; i < 1000; i++) {
    positions.set([i / 1000, 0, 2], i * 3);
  }
  positions.set([500, 500, 500], 3000);
  const [low, high] = cloudBounds({ positions, colours: new Uint8Array(3003) })!;
  expect(low[0]).toBeCloseTo(0.01);
  expect(high[0]).toBeLessThan(1.01);
  expect(high[2]).toBe(2);
  expect(cloudBounds({ positions: new Float32Array(), colours: new Uint8Array() })).toBeUndefined();
});

it('bounds places exactly', () => {
  expect(
    boundsOf([
      [1, 2, 3],
      [-1, 5, 0],
    ]),
  ).toEqual([
    [-1, 2, 0],
    [1, 5, 3],
  ]);
});

it('draws the grid in round steps for desks, homes and streets', () => {
  expect([0.8, 10, 150].map(gridStep)).toEqual([0.1, 1, 20]);
});
