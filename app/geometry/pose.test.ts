import { describe, expect, it } from 'vitest';
import type { Pose } from '../contract/geometry.ts';
import {
  cameraPosition,
  compose,
  identityPose,
  invertPose,
  motionBetween,
  poseFrom,
  rigidPose,
  toQuaternion,
  transformPoint,
  viewDirection,
} from './pose.ts';

// A quarter turn to the left about z, then one metre along x.
const quarterTurn: Pose = [0, -1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

const closeTo = (values: readonly number[]): unknown => values.map((value) => expect.closeTo(value, 5) as unknown);

describe('pose', () => {
  it('moves a point by rotation, then translation', () => {
    expect(transformPoint(quarterTurn, [1, 0, 0])).toEqual([1, 1, 0]);
  });

  it('composes from right to left', () => {
    expect(transformPoint(compose(quarterTurn, quarterTurn), [1, 0, 0])).toEqual([0, 1, 0]);
  });

  it('undoes itself with its inverse', () => {
    expect(compose(quarterTurn, invertPose(quarterTurn))).toEqual(closeTo(identityPose));
  });

  it('tells where a camera stands and looks', () => {
    expect(cameraPosition(quarterTurn)).toEqual([1, 0, 0]);
    expect(viewDirection(quarterTurn)).toEqual([0, 0, 1]);
  });

  it('writes a quarter turn about z as a quaternion, and back', () => {
    const half = Math.SQRT1_2;
    expect(toQuaternion(quarterTurn)).toEqual(closeTo([0, 0, half, half]));
    expect(poseFrom([0, 0, half, half], [1, 0, 0])).toEqual(closeTo(quarterTurn));
  });

  it('measures the motion between two poses', () => {
    const { metres, radians } = motionBetween(identityPose, quarterTurn);
    expect(metres).toBeCloseTo(1, 9);
    expect(radians).toBeCloseTo(Math.PI / 2, 9);
  });
});

describe('rigidPose', () => {
  it('orthonormalises a rotation that is slightly off', () => {
    const off = quarterTurn.map((value, i) => (i < 11 && i % 4 < 3 ? value * 1.01 : value));
    const pose = rigidPose(off);
    expect(pose.ok).toBe(true);
    expect(pose.ok && pose.value).toEqual(closeTo(quarterTurn));
  });

  it.each([
    ['NaN', quarterTurn.map((value, i) => (i === 3 ? Number.NaN : value)), 'not finite'],
    ['twelve numbers', quarterTurn.slice(0, 12), '12 numbers'],
    ['a mirror', quarterTurn.map((value, i) => (i === 10 ? -1 : value)), 'mirrors'],
    ['a scale', quarterTurn.map((value, i) => (i < 11 && i % 4 < 3 ? value * 2 : value)), 'orthonormal'],
    ['a projective last row', quarterTurn.map((value, i) => (i === 12 ? 1 : value)), 'last row'],
    ['all zeros', quarterTurn.map(() => 0), 'last row'],
  ])('refuses %s', (_, numbers, words) => {
    const pose = rigidPose(numbers);
    expect(pose).toMatchObject({ ok: false, error: { code: 'pose-invalid' } });
    expect(!pose.ok && pose.error.message).toContain(words);
  });
});
