import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prefetch, readAhead } from './read-ahead.ts';

test('values come in order although later ones are made sooner', async () => {
  const values: number[] = [];
  for await (const value of readAhead([30, 5, 1], (ms) => delay(ms, ms), 3)) {
    values.push(value);
  }
  expect(values).toEqual([30, 5, 1]);
});

test('no more than the allowed number is made ahead of the reader', async () => {
  let made = 0;
  const values = readAhead(
    Array.from({ length: 100 }, (_, i) => i),
    (i) => {
      made += 1;
      return Promise.resolve(i);
    },
    4,
  );
  await values.next();
  await delay(5);
  expect(made).toBe(4);
});

test('a reader that leaves a prefetched generator stops it, also in the middle of a request', async () => {
  const leaving = new AbortController();
  let cleanedUp = false;
  const source = async function* (): AsyncGenerator<number, void, undefined> {
    try {
      yield 1;
      await delay(60_000, undefined, { signal: leaving.signal }).catch(() => undefined);
    } finally {
      cleanedUp = true;
    }
  };
  for await (const value of prefetch(source(), 3, () => leaving.abort())) {
    expect(value).toBe(1);
    break;
  }
  expect(cleanedUp).toBe(true);
});

test('a failure reaches the reader', async () => {
  const failing = readAhead([1], () => Promise.reject(new Error('lost')), 2);
  await expect(failing.next()).rejects.toThrow('lost');
});
