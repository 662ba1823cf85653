import { describe, expect, it } from 'vitest';
import type { OrientedBox, Vector3 } from '../contract/geometry.ts';
import { boxBounds, boxContains, boxCorners, boxVolume, distanceBetweenBounds, distanceToPoint } from './box.ts';
import { boxIou, overlapVolume } from './box-overlap.ts';
import { fitUprightBox } from './fit-box.ts';

const turned = (center: Vector3, axesLengths: Vector3, degrees: number): OrientedBox => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { center, axesLengths, axes: [c, s, 0, -s, c, 0, 0, 0, 1] };
};

describe('a box', () => {
  const table = turned([1, 2, 0.4], [2, 1, 0.8], 90);

  it('has its corners at half its sides along its own axes', () => {
    expect(boxCorners(table)).toHaveLength(8);
    const { min, max } = boxBounds(table);
    expect(min.map((v) => v.toFixed(6))).toEqual(['0.500000', '1.000000', '0.000000']);
    expect(max.map((v) => v.toFixed(6))).toEqual(['1.500000', '3.000000', '0.800000']);
    expect(boxVolume(table)).toBeCloseTo(1.6);
  });

  it('tells what it contains and how far a point is from its surface', () => {
    expect(boxContains(table, [1.4, 2.9, 0.7])).toBe(true);
    expect(boxContains(table, [1.6, 2, 0.4])).toBe(false);
    expect(boxContains(table, [1.6, 2, 0.4], 0.11)).toBe(true);
    expect(distanceToPoint(table, [1.5 + 3, 3 + 4, 0.4])).toBeCloseTo(5);
    expect(distanceToPoint(table, [1, 2, 0.4])).toBe(0);
  });

  it('bounds the distance of two boxes from below', () => {
    expect(distanceBetweenBounds(boxBounds(table), boxBounds(turned([4.5, 6, 0.4], [2, 2, 0.8], 0)))).toBeCloseTo(
      Math.hypot(2, 2),
    );
  });
});

describe('overlap of two boxes', () => {
  it('is exact for boxes turned about the vertical: a square and its copy at 45° share an octagon', () => {
    const square = turned([0, 0, 0.5], [1, 1, 1], 0);
    const diamond = turned([0, 0, 1], [1, 1, 1], 45);
    const octagon = 2 * (Math.SQRT2 - 1);
    expect(overlapVolume(square, diamond)).toBeCloseTo(octagon * 0.5, 9);
    expect(boxIou(square, diamond)).toBeCloseTo((octagon * 0.5) / (2 - octagon * 0.5), 9);
  });

  it('is 0 apart and 1 for the same box', () => {
    const box = turned([3, 1, 0], [1, 2, 3], 30);
    expect(boxIou(box, box)).toBeCloseTo(1, 9);
    expect(boxIou(box, turned([9, 1, 0], [1, 2, 3], 30))).toBe(0);
    expect(boxIou(box, turned([3, 1, 4], [1, 2, 3], 30))).toBe(0);
  });
});

describe('an upright box fitted to points', () => {
  const surface = (box: OrientedBox, n: number): Vector3[] => {
    const points: Vector3[] = [];
    const [c, s] = [box.axes[0]!, box.axes[1]!];
    for (let i = 0; i <= n; i++) {
      for (let j = 0; j <= n; j++) {
        for (const [u, v, w] of [
          [i / n - 0.5, j / n - 0.5, 0.5],
          [i / n - 0.5, -0.5, j / n - 0.5],
          [0.5, i / n - 0.5, j / n - 0.5],
        ] as const) {
          const [x, y, z] = [u * box.axesLengths[0], v * box.axesLengths[1], w * box.axesLengths[2]];
          points.push([box.center[0] + c * x - s * y, box.center[1] + s * x + c * y, box.center[2] + z]);
        }
      }
    }
    return points;
  };

  it('finds place, sides and heading of a turned box from three of its faces', () => {
    const truth = turned([2, -1, 0.45], [1.6, 0.7, 0.9], 27);
    const found = fitUprightBox(surface(truth, 20));
    expect(boxIou(found, truth)).toBeGreaterThan(0.95);
    expect([...found.axesLengths].sort((a, b) => a - b)[2]!).toBeCloseTo(1.6, 1);
  });

  it('is not drawn out by a few stray points', () => {
    const truth = turned([0, 0, 0.5], [1, 0.5, 1], 60);
    const stray: Vector3[] = [
      [5, 5, 5],
      [-4, 0, 0.3],
      [0, 3, -2],
    ];
    expect(boxIou(fitUprightBox([...surface(truth, 20), ...stray]), truth)).toBeGreaterThan(0.93);
  });

  it('takes a single point', () => {
    expect(fitUprightBox([[1, 2, 3]])).toMatchObject({ axesLengths: [0, 0, 0] });
    expect(fitUprightBox([[1, 2, 3]]).center.map((v) => v.toFixed(9))).toEqual([
      '1.000000000',
      '2.000000000',
      '3.000000000',
    ]);
  });
});
