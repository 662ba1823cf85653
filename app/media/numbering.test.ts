import { describe, expect, test } from 'vitest';
import { timesOfNumbers } from './numbering.ts';

describe('times of numbered frames', () => {
  test('follow the number, so that a gap leaves its time empty', () => {
    const { ptsMicros, gaps } = timesOfNumbers([0, 1, 4, 5], 30);
    expect(ptsMicros).toEqual([0, 33_333, 133_333, 166_667]);
    expect(gaps).toEqual([{ beforeIndex: 2, first: 2, last: 3, count: 2 }]);
  });

  test('count from the first number', () => {
    expect(timesOfNumbers([100, 101, 102], 10)).toEqual({ ptsMicros: [0, 100_000, 200_000], gaps: [] });
  });

  test('take a regular step as meant, and still see a gap in it', () => {
    const { ptsMicros, gaps } = timesOfNumbers([0, 10, 20, 40], 10);
    expect(ptsMicros).toEqual([0, 100_000, 200_000, 400_000]);
    expect(gaps).toEqual([{ beforeIndex: 3, first: 30, last: 30, count: 1 }]);
  });

  test('a single step of two is a gap', () => {
    expect(timesOfNumbers([0, 2], 10).gaps).toEqual([{ beforeIndex: 1, first: 1, last: 1, count: 1 }]);
  });

  test('do not drift over a long recording', () => {
    const { ptsMicros } = timesOfNumbers(
      Array.from({ length: 108_001 }, (_, i) => i),
      30,
    );
    expect(ptsMicros.at(-1)).toBe(3_600_000_000);
  });
});
