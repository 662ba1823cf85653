import { expect, it } from 'vitest';
import { bestAssignment } from './assignment.ts';

const gainOf = (gains: readonly (readonly number[])[], given: readonly (number | undefined)[]): number =>
  given.reduce<number>((sum, column, row) => sum + (column === undefined ? 0 : gains[row]![column]!), 0);

/** The largest sum over all ways to give each row at most one column. */
const bestByTrying = (gains: readonly (readonly number[])[], row = 0, taken: readonly number[] = []): number => {
  const columns = gains[row];
  if (!columns) {
    return 0;
  }
  const without = bestByTrying(gains, row + 1, taken);
  const withOne = columns.map((gain, column) =>
    taken.includes(column) ? 0 : gain + bestByTrying(gains, row + 1, [...taken, column]),
  );
  return Math.max(without, ...withOne);
};

it.each([
  [3, 5],
  [4, 4],
  [5, 3],
  [1, 6],
])('finds the best assignment of %i rows to %i columns', (rows, columns) => {
  for (let trial = 0; trial < 20; trial++) {
    const gains = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => ((row * 31 + column * 17 + trial * 13) * 7919) % 101),
    );
    const given = bestAssignment(gains);
    const used = given.filter((column) => column !== undefined);
    expect(new Set(used).size).toBe(used.length);
    expect(gainOf(gains, given)).toBe(bestByTrying(gains));
  }
});

it('prefers the larger sum to the largest single gain', () => {
  expect(
    bestAssignment([
      [10, 9],
      [9, 1],
    ]),
  ).toEqual([1, 0]);
});

it('gives nothing where there is nothing to give', () => {
  expect(bestAssignment([])).toEqual([]);
  expect(bestAssignment([[], []])).toEqual([undefined, undefined]);
});
