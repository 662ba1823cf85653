import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../contract/geometry.ts';
import { fitFloor } from './floor.ts';

/** A room seen by landmarks: a floor with scatter, a large table above it, walls; tilted about x by `tilt`. */
const room = (tilt: number, withFloor = true): { positions: Float32Array; cameras: Vector3[] } => {
  const turn = ([x, y, z]: Vector3): Vector3 => [
    x,
    y * Math.cos(tilt) - z * Math.sin(tilt),
    y * Math.sin(tilt) + z * Math.cos(tilt),
  ];
  const points: Vector3[] = [];
  for (let i = 0; i < 400; i++) {
    const [a, b] = [((i * 37) % 100) / 20 - 2.5, ((i * 61) % 97) / 19 - 2.5];
    const noise = (((i * 7919) % 101) / 101 - 0.5) * 0.04;
    if (withFloor) {
      points.push([a, b, -1.5 + noise]);
    }
    points.push([a / 2, b / 3, -0.75 + noise / 2]); // the table has as many points on a smaller area
    points.push([a, 2.5 + noise, ((i * 13) % 50) / 25 - 1.4]); // a wall
  }
  const cameras: Vector3[] = [-1, -0.5, 0, 0.5, 1].map((x) => [x, 0, 0]);
  return { positions: new Float32Array(points.flatMap((point) => turn(point))), cameras: cameras.map(turn) };
};

describe('the floor under a camera', () => {
  it('is found below a table that has as many points', () => {
    const { positions, cameras } = room(0);
    const floor = fitFloor(positions, cameras);
    expect(floor?.cameraHeight).toBeCloseTo(1.5, 1);
    expect(floor?.normal[2]).toBeGreaterThan(0.999);
  });

  it('tells how far the assumed vertical is off', () => {
    const tilt = (12 * Math.PI) / 180;
    const { positions, cameras } = room(tilt);
    const floor = fitFloor(positions, cameras);
    const expected = [0, -Math.sin(tilt), Math.cos(tilt)];
    floor?.normal.forEach((part, axis) => expect(part).toBeCloseTo(expected[axis]!, 1));
    expect(floor?.cameraHeight).toBeCloseTo(1.5, 1);
  });

  it('is not invented from too few points', () => {
    expect(fitFloor(new Float32Array([0, 0, -1, 1, 0, -1, 0, 1, -1]), [[0, 0, 0]])).toBeUndefined();
    expect(fitFloor(new Float32Array(), [])).toBeUndefined();
  });
});
