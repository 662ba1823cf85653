import { describe, expect, test } from 'vitest';
import { RayCaster } from './rays.ts';
import { at, box, sheet, together } from './shapes.ts';

const scene = new RayCaster([
  { maskNumber: 5, patches: at(box([1, 1, 1], 'wood/oak'), 3, 0, 0)(0.3) },
  { maskNumber: 6, patches: together(at(box([1, 4, 4], 'wood/oak'), 8, 0, -2))(0.5) },
  {
    maskNumber: 7,
    patches: at(
      sheet((u, v) => [0, u - 0.5, v], 2, 2, 'linen/cream'),
      1,
      5,
      0,
    )(1),
  },
]);

describe('a ray caster', () => {
  test('meets the nearer of two boxes at its front face', () => {
    expect(scene.nearest([0, 0.1, 0.4], [1, 0, 0])).toEqual({
      distance: expect.closeTo(2.5, 9) as number,
      fromInside: false,
      maskNumber: 5,
    });
  });

  test('passes beside a box and meets what is behind', () => {
    const slanted = Math.hypot(7.5, 1.9);
    const hit = scene.nearest([0, 0, 0.5], [7.5 / slanted, 1.9 / slanted, 0]);
    expect(hit?.maskNumber).toBe(6);
    expect(hit?.distance).toBeCloseTo(slanted, 9);
  });

  test('knows that it began inside of a solid, and that a sheet has no inside', () => {
    expect(scene.nearest([3, 0, 0.5], [0, 0, 1])?.fromInside).toBe(true);
    expect(scene.nearest([0, 5, 0.5], [1, 0, 0])?.fromInside).toBe(false);
    expect(scene.nearest([2, 5, 0.5], [-1, 0, 0])?.fromInside).toBe(false);
  });

  test('is blocked only by what stands within the distance', () => {
    expect(scene.blocked([0, 0, 0.5], [1, 0, 0], 2.4)).toBe(false);
    expect(scene.blocked([0, 0, 0.5], [1, 0, 0], 2.6)).toBe(true);
    expect(scene.nearest([0, 0, 0.5], [-1, 0, 0])).toBeUndefined();
  });
});
