import { expect, test } from 'vitest';
import { Newest } from './newest.ts';

test('a slow reader gets the newest value and learns how many it missed', async () => {
  const newest = new Newest<string>();
  newest.put('first');
  newest.put('second');
  newest.put('third');
  expect(await newest.take()).toEqual({ value: 'third', replaced: 2 });
  newest.put('fourth');
  expect(await newest.take()).toEqual({ value: 'fourth', replaced: 0 });
});

test('a reader that is early waits for the next value, and for the end', async () => {
  const newest = new Newest<number>();
  const [first] = [newest.take()];
  newest.put(1);
  expect(await first).toEqual({ value: 1, replaced: 0 });
  const end = newest.take();
  newest.close();
  expect(await end).toBeUndefined();
});

test('what was put before the end is still handed over', async () => {
  const newest = new Newest<number>();
  newest.put(1);
  newest.close();
  expect(await newest.take()).toEqual({ value: 1, replaced: 0 });
  expect(await newest.take()).toBeUndefined();
});
