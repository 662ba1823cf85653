import { describe, expect, test } from 'vitest';
import { parsePose, parseTumPose } from './pose-file.ts';

const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

describe('a 4×4 matrix', () => {
  test('is read row by row, in any notation of numbers', () => {
    expect(parsePose('1 0 0 1.5e0\n0 1 0 -2\n0 0 1 .25\n0 0 0 1\n')).toEqual([
      ...[1, 0, 0, 1.5],
      ...[0, 1, 0, -2],
      ...[0, 0, 1, 0.25],
      ...[0, 0, 0, 1],
    ]);
  });

  test.each([
    ['nan', identity.with(3, Number.NaN).join(' '), /not a finite number/],
    ['inf', identity.join(' ').replace('1', '-inf'), /not a finite number/],
    ['words', identity.join(' ').replace('1', 'one'), /not a finite number/],
    ['three rows', identity.slice(0, 12).join(' '), /found 12 numbers/],
    ['nothing', ' \n', /found 0 numbers/],
  ])('with %s is refused', (_, text, reason) => {
    expect(parsePose(text)).toMatch(reason);
  });
});

describe('a TUM pose', () => {
  test('turns as its quaternion says: a quarter turn about z maps x to y', () => {
    const half = Math.SQRT1_2;
    const pose = parseTumPose(['1', '2', '3', '0', '0', String(half), String(half)])!;
    const expected = [0, -1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 3, 0, 0, 0, 1];
    expect(pose.map((value) => Math.round(value * 1e9) / 1e9 + 0)).toEqual(expected);
  });

  test('without a direction, or with too few numbers, is refused', () => {
    expect(parseTumPose(['0', '0', '0', '0', '0', '0', '0'])).toBeUndefined();
    expect(parseTumPose(['0', '0', '0', '0', '0', '1'])).toBeUndefined();
    expect(parseTumPose(['nan', '0', '0', '0', '0', '0', '1'])).toBeUndefined();
  });
});
