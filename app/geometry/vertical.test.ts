import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../contract/geometry.ts';
import { fitFloorThrough } from './floor.ts';
import { transformPoints } from './similarity.ts';
import { surfaceNormals } from './surface-normals.ts';
import { refineVertical } from './vertical.ts';

/** A turn about a level axis, as a pose. */
const tilt = (degrees: number): readonly number[] => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [1, 0, 0, 0, 0, cos, -sin, 0, 0, sin, cos, 0, 0, 0, 0, 1];
};

/** Noise of a few millimetres that is the same every time, and not the same along any line. */
const jitter = (i: number): number => {
  let mixed = Math.imul(i ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32 - 0.5) * 0.01;
};

/** Points of a floor, and of walls where asked, 2 cm apart and a little off, turned by some degrees about x. */
const room = (degrees: number, withWalls = true) => {
  const points: Vector3[] = [];
  for (let a = -75; a < 75; a++) {
    for (let b = -75; b < 75; b++) {
      const [u, v] = [a * 0.02, b * 0.02];
      points.push([u, v, jitter(points.length)]);
      if (withWalls) {
        points.push([-1.5 + jitter(points.length), u, v + 1.5], [u, 1.5 + jitter(points.length), v + 1.5]);
      }
    }
  }
  const cloud = { positions: new Float32Array(points.flat()), colours: new Uint8Array(points.length * 3) };
  return transformPoints({ metresPerUnit: 1, pose: tilt(degrees) }, cloud);
};

const degreesBetween = (a: Vector3, b: readonly number[]): number =>
  (Math.acos(Math.min(1, a[0] * b[0]! + a[1] * b[1]! + a[2] * b[2]!)) * 180) / Math.PI;
/** Where the floor's normal points after the turn. */
const trueUp = (degrees: number): number[] => [2, 6, 10].map((i) => tilt(degrees)[i]!);

describe('the vertical of a place', () => {
  it.each([0, 3, -8])('is what its floor and walls agree on, from a guess that is %d° off', (degrees) => {
    const up = refineVertical([0, 0, 1], surfaceNormals(room(degrees)));
    expect(degreesBetween(up!, trueUp(degrees))).toBeLessThan(0.15);
  });

  it('is not told where nothing flat agrees with the guess', () => {
    const blob = Float32Array.from({ length: 9000 }, (_, i) => jitter(i) * 300);
    const guess: Vector3 = [0.1, 0, Math.sqrt(1 - 0.01)];
    expect(refineVertical(guess, surfaceNormals({ positions: blob, colours: new Uint8Array(9000) }))).toBeUndefined();
    expect(refineVertical(guess, [])).toBeUndefined();
  });

  it('takes the normals that a map knows', () => {
    const normals = Int8Array.from({ length: 300 }, (_, i) => [0, 18, 126][i % 3]!);
    const cloud = { positions: new Float32Array(300), colours: new Uint8Array(300), normals };
    expect(
      degreesBetween(refineVertical([0, 0, 1], surfaceNormals(cloud))!, [0, Math.SQRT2 / 10, Math.sqrt(0.98)]),
    ).toBeLessThan(0.1);
  });
});

describe('a floor that a person points at', () => {
  it('is found through a tilt that no search for a floor would allow', () => {
    const cloud = room(45);
    const up = fitFloorThrough(cloud.positions, [0, 0, 0]);
    expect(degreesBetween(up!, trueUp(45))).toBeLessThan(0.5);
  });

  it('is none where no plane passes', () => {
    expect(fitFloorThrough(room(0, false).positions, [0, 0, 5])).toBeUndefined();
    expect(fitFloorThrough(new Float32Array(), [0, 0, 0])).toBeUndefined();
  });
});
