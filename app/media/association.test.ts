import { expect, test } from 'vitest';
import { associate } from './association.ts';

test('pairs nearest times within the limit, closest first, each once', () => {
  const pairs = associate([0, 33, 66, 100], [5, 30, 70, 125], 20);
  expect([...pairs].sort(([a], [b]) => a - b)).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
});

test('a time that two could claim goes to the closer one', () => {
  expect([...associate([0, 10], [8], 20)]).toEqual([[1, 0]]);
});

test('exactly the limit still belongs', () => {
  expect(associate([0], [20], 20).size).toBe(1);
  expect(associate([0], [21], 20).size).toBe(0);
});
