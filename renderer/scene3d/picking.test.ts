import { describe, expect, it } from 'vitest';
import type { OrientedBox } from '../../app/contract/geometry.ts';
import { enterBox, pickBox, pickMarker } from './picking.ts';
import type { Ray } from './picking.ts';

const box = (x: number, size: number, axes = [1, 0, 0, 0, 1, 0, 0, 0, 1]): OrientedBox => ({
  center: [x, 0, 0],
  axesLengths: [size, size, size],
  axes,
});
const alongX: Ray = { origin: [0, 0, 0], direction: [1, 0, 0] };

describe('picking objects', () => {
  it('enters a box at its near face', () => {
    expect(enterBox(alongX, box(5, 2))).toBeCloseTo(4);
  });

  it('misses what lies aside or behind', () => {
    expect(enterBox({ origin: [0, 1.1, 0], direction: [1, 0, 0] }, box(5, 2))).toBeUndefined();
    expect(enterBox(alongX, box(-5, 2))).toBeUndefined();
  });

  it('respects how a box is turned', () => {
    const half = Math.SQRT1_2;
    const turned = box(5, 2, [half, half, 0, -half, half, 0, 0, 0, 1]);
    expect(enterBox(alongX, turned)).toBeCloseTo(5 - Math.SQRT2);
    expect(enterBox({ origin: [0, 1.3, 0], direction: [1, 0, 0] }, turned)).toBeDefined();
  });

  it('takes the nearer of two', () => {
    const [near, far] = [box(3, 1), box(8, 4)];
    expect(pickBox(alongX, [far, near])).toBe(near);
  });

  it('takes the mug inside the cupboard', () => {
    const [cupboard, mug] = [box(5, 4), box(5, 0.2)];
    expect(pickBox(alongX, [cupboard, mug])).toBe(mug);
  });
});

it('picks the marker under the pointer and none that is far', () => {
  const screenOf = (x: number): [number, number] | undefined => (x < 0 ? undefined : [x, 0]);
  expect(pickMarker([-1, 10, 20], screenOf, [18, 3], 8)).toBe(20);
  expect(pickMarker([-1, 10, 20], screenOf, [50, 0], 8)).toBeUndefined();
});
