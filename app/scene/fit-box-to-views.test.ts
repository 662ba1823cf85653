import { describe, expect, it } from 'vitest';
import type { Intrinsics, OrientedBox, Pose, Vector3 } from '../contract/geometry.ts';
import { boxIou } from './box-overlap.ts';
import { distanceToPoint } from './box.ts';
import { fitBoxToViews } from './fit-box-to-views.ts';
import { minimise } from './least-squares.ts';
import { type BoxView, triangulate } from './triangulate.ts';

const intrinsics: Intrinsics = { fx: 460, fy: 460, cx: 319.5, cy: 239.5, width: 640, height: 480 };

/** `worldFromCamera` of a level camera at `from` that looks at `to`. */
const looking = (from: Vector3, to: Vector3): Pose => {
  const unit = (v: number[]): number[] => v.map((x) => x / Math.hypot(...v));
  const f = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]) as Vector3;
  const r = unit([f[1], -f[0], 0]) as Vector3;
  const d = [f[1] * r[2] - f[2] * r[1], f[2] * r[0] - f[0] * r[2], f[0] * r[1] - f[1] * r[0]] as const;
  return [...[r[0], d[0], f[0], from[0]], ...[r[1], d[1], f[1], from[1]], ...[r[2], d[2], f[2], from[2]], 0, 0, 0, 1];
};

/** Draws the rectangle round the pixels that show a solid: points of it are projected here, densely, one by one. */
const draw = (solid: readonly Vector3[], pose: Pose, ptsMicros: number): BoxView => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of solid) {
    const d = [p[0] - pose[3]!, p[1] - pose[7]!, p[2] - pose[11]!] as const;
    const [x, y, z] = [0, 1, 2].map((k) => pose[k]! * d[0] + pose[4 + k]! * d[1] + pose[8 + k]! * d[2]) as Vector3;
    const [u, v] = [(460 * x) / z + 319.5, (460 * y) / z + 239.5];
    [left, right, top, bottom] = [Math.min(left, u), Math.max(right, u), Math.min(top, v), Math.max(bottom, v)];
  }
  // Two pixels of a person's inaccuracy, another on each picture.
  const shake = 2 * Math.sin(ptsMicros * 7);
  return {
    ptsMicros,
    worldFromCamera: pose,
    intrinsics,
    box: [left + shake, top - shake, right - left, bottom - top + shake],
  };
};

const grid = Array.from({ length: 11 }, (_, i) => i / 10 - 0.5);

const solidBox = ({ center: [x, y, z], axesLengths: [w, d, h], axes }: OrientedBox): Vector3[] => {
  const [c, s] = [axes[0]!, axes[1]!];
  return grid.flatMap((i) =>
    grid.flatMap((j) => grid.map((k): Vector3 => [x + c * i * w - s * j * d, y + s * i * w + c * j * d, z + k * h])),
  );
};

const upright = (center: Vector3, axesLengths: Vector3, degrees: number): OrientedBox => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { center, axesLengths, axes: [c, s, 0, -s, c, 0, 0, 0, 1] };
};

const eyes: Vector3[] = [
  [-2.2, -2.4, 1.6],
  [-0.5, -3, 1.5],
  [1.5, -2.7, 1.5],
  [2.8, -1, 1.6],
];

describe('a box fitted to boxes drawn in several views', () => {
  it('finds the sides and the heading of a sofa, which its rough box makes square', () => {
    const sofa = upright([0.2, 0.3, 0.4], [2, 0.9, 0.8], 15);
    const views = eyes.map((eye, i) => draw(solidBox(sofa), looking(eye, [0, 0, 0.5]), i));
    const rough = triangulate(views).found[0]!.box;
    const fitted = fitBoxToViews(rough, views);
    expect(boxIou(rough, sofa)).toBeLessThan(0.5);
    expect(boxIou(fitted, sofa)).toBeGreaterThan(0.85);
    expect([...fitted.axesLengths].sort((a, b) => b - a)[0]!).toBeCloseTo(2, 0);
  });

  it('does not shrink a round lamp, whose outline never reaches the corners of its box', () => {
    const lamp = upright([0, 0, 0.6], [0.4, 0.4, 0.6], 0);
    const round = Array.from({ length: 40 }, (_, i) => (i * Math.PI) / 20).flatMap((angle) =>
      grid.map((k): Vector3 => [0.2 * Math.cos(angle), 0.2 * Math.sin(angle), 0.6 + 0.6 * k]),
    );
    const views = eyes.map((eye, i) => draw(round, looking(eye, [0, 0, 0.6]), i));
    const fitted = fitBoxToViews(triangulate(views).found[0]!.box, views);
    expect(boxIou(fitted, lamp)).toBeGreaterThan(0.75);
  });

  it('leaves two views as they are, and stays near its start when a view contradicts', () => {
    const chest = upright([0, 0, 0.3], [0.8, 0.5, 0.6], 0);
    const views = eyes.map((eye, i) => draw(solidBox(chest), looking(eye, [0, 0, 0.3]), i));
    const rough = triangulate(views).found[0]!.box;
    expect(fitBoxToViews(rough, views.slice(0, 2))).toBe(rough);
    const half = { ...views[1]!, box: [views[1]!.box[0], views[1]!.box[1], 40, views[1]!.box[3]] as BoxView['box'] };
    const fitted = fitBoxToViews(rough, [views[0]!, half, views[2]!, views[3]!]);
    expect(distanceToPoint(fitted, chest.center)).toBeLessThan(0.01);
  });
});

it('minimises: the least of the Rosenbrock valley is at (1, 1)', () => {
  const found = minimise(([x = 0, y = 0]) => [10 * (y - x * x), 1 - x], [-1.2, 1], 200);
  expect(found.parameters[0]).toBeCloseTo(1, 4);
  expect(found.parameters[1]).toBeCloseTo(1, 4);
});
