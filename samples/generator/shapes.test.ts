import { describe, expect, test } from 'vitest';
import { trianglesOf } from './rays.ts';
import { at, box, cylinder, ellipsoid, lathe, turned } from './shapes.ts';
import type { Shape } from './shapes.ts';

/** Signed volume of a closed surface by the divergence theorem: positive when its triangles face outwards. */
const volumeOf = (shape: Shape, cellMetres = 0.2): number =>
  shape(cellMetres)
    .flatMap(trianglesOf)
    .reduce((sum, corners) => {
      const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = corners.map(({ position }) => position) as [
        [number, number, number],
        [number, number, number],
        [number, number, number],
      ];
      return sum + (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) / 6;
    }, 0);

const extentOf = (shape: Shape, axis: 0 | 1 | 2): readonly [number, number] => {
  const values = shape(0.2).flatMap(({ vertices }) => vertices.map(({ position }) => position[axis]));
  return [Math.min(...values), Math.max(...values)];
};

describe('shapes', () => {
  test('a box encloses its volume, facing outwards, standing on the floor', () => {
    const shape = box([2, 1, 0.5], 'wood/oak');
    expect(volumeOf(shape)).toBeCloseTo(1, 9);
    expect(extentOf(shape, 0)).toEqual([-1, 1]);
    expect(extentOf(shape, 2)).toEqual([0, 0.5]);
  });

  test('a rounded box keeps its size and loses only its edges', () => {
    const shape = box([1, 1, 1], 'fabric/teal', { round: 0.1 });
    expect(extentOf(shape, 1)[1]).toBeCloseTo(0.5, 9);
    // A cube of 0.8 with slabs, quarter cylinders and an eighth of a ball per corner (Steiner's formula).
    const exact = 0.8 ** 3 + 6 * 0.8 ** 2 * 0.1 + 3 * Math.PI * 0.8 * 0.1 ** 2 + (4 / 3) * Math.PI * 0.1 ** 3;
    expect(volumeOf(shape)).toBeGreaterThan(exact * 0.995);
    expect(volumeOf(shape)).toBeLessThan(exact);
  });

  test('the coarse stand-in that casts shadows lies inside of the rounded box', () => {
    const shape = box([0.6, 0.4, 0.3], 'fabric/teal', { round: 0.08 });
    for (const { position } of shape(Infinity).flatMap(({ vertices }) => vertices)) {
      const beyond = position.map((value, axis) => {
        const [middle, half] = [axis === 2 ? 0.15 : 0, [0.3, 0.2, 0.15][axis]!];
        return Math.max(0, Math.abs(value - middle) - (half - 0.08));
      });
      expect(Math.hypot(...beyond)).toBeLessThanOrEqual(0.08 + 1e-9);
    }
  });

  test('turned and moved solids stay closed and keep their volume', () => {
    const upright = cylinder(0.5, 2, 'metal/steel', 64);
    expect(volumeOf(upright)).toBeCloseTo(Math.PI * 0.5, 1);
    expect(volumeOf(at(turned(upright, 'x', 0.7), 3, -2, 1, 0.4))).toBeCloseTo(volumeOf(upright), 6);
    expect(volumeOf(ellipsoid([1, 2, 3], 'leaf/0', 48))).toBeCloseTo((4 / 3) * Math.PI * 0.5 * 1 * 1.5, 0);
  });

  test('a smooth outline gets slanted normals, a sharp one separate runs', () => {
    const cone = lathe(
      [
        [1, 0],
        [0.5, 1],
      ],
      'shade/warm',
    )(0.3);
    const [vertex] = cone[0]!.vertices;
    expect(vertex!.normal[2]).toBeCloseTo(0.5 / Math.hypot(0.5, 1), 6);
    expect(cylinder(1, 1, 'metal/steel')(0.3)).toHaveLength(3);
  });
});
