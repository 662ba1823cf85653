import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../app/contract/geometry.ts';
import { boxRound, chooseInside, pickPoint, viewCamera } from './mapSelection.ts';
import { lookingAt } from './rig.ts';

const size = { width: 800, height: 600 };
/** Stands 5 to the south of the origin and looks north. */
const camera = viewCamera(lookingAt([0, -5, 0], [0, 0, 0]), size);
const positions = (...points: Vector3[]): Float32Array => new Float32Array(points.flat());
/** A square of the view round its middle, so many pixels wide. */
const square = (side: number): [number, number][] => [
  [400 - side / 2, 300 - side / 2],
  [400 + side / 2, 300 - side / 2],
  [400 + side / 2, 300 + side / 2],
  [400 - side / 2, 300 + side / 2],
];

describe('the view as a camera', () => {
  it('has x to the right, y down and z ahead', () => {
    const [right, down, ahead] = [0, 1, 2].map((column) =>
      [0, 4, 8].map((row) => camera.worldFromCamera[row + column]!),
    );
    [1, 0, 0].forEach((value, i) => expect(right![i]).toBeCloseTo(value));
    [0, 0, -1].forEach((value, i) => expect(down![i]).toBeCloseTo(value));
    [0, 1, 0].forEach((value, i) => expect(ahead![i]).toBeCloseTo(value));
  });
});

describe('choosing points of the map', () => {
  it('takes what is inside the shape and in front, and leaves the wall behind it', () => {
    const chosen = chooseInside(camera, square(100), positions([0.1, 0, 0.1], [-0.2, 0.3, 0], [0, 4, 0], [3, 0, 0]));
    expect(chosen?.points.map(([x]) => x.toFixed(1))).toEqual(['0.1', '-0.2']);
  });

  it('takes nothing where nothing is, nor what is behind the view', () => {
    expect(chooseInside(camera, square(100), positions([0, -9, 0], [3, 0, 0]))).toBeUndefined();
  });

  it('boxes points in upright', () => {
    const box = boxRound([
      [0, 0, 0],
      [2, 1, 3],
    ]);
    expect(box.center).toEqual([0, 0, 0]);
    const many = Array.from({ length: 201 }, (_, i): Vector3 => [i / 100, i / 200, 1]);
    expect(boxRound(many).center[0]).toBeCloseTo(1);
    expect(boxRound(many).axesLengths[0]).toBeCloseTo(1.96);
  });

  it('picks the foremost point under the pointer', () => {
    const ray = { origin: [0, -5, 0] as Vector3, direction: [0, 1, 0] as Vector3 };
    expect(pickPoint(ray, positions([0.01, 3, 0], [0, 0, 0.01], [1, -2, 0]), 0.01)?.[1]).toBe(0);
    expect(pickPoint(ray, positions([1, 0, 0]), 0.01)).toBeUndefined();
  });
});
