import { describe, expect, test } from 'vitest';
import { isSelected, selectionFrom } from './selection.ts';
import type { Selection } from './selection.ts';

const take = (times: readonly number[], selection: Selection): number[] =>
  times.filter((time, i) => isSelected(selection, time, times[i - 1]));

const timesAt = (framesPerSecond: number, seconds: number): number[] =>
  Array.from({ length: framesPerSecond * seconds }, (_, i) => Math.round((i * 1e6) / framesPerSecond));

const everything = { fromMicros: -Infinity, toMicros: Infinity };

describe('selecting frames', () => {
  test('takes every second of 60 frames a second when 30 are wanted', () => {
    const times = timesAt(60, 4);
    const taken = take(times, { ...everything, maxFramesPerSecond: 30 });
    expect(taken).toEqual(times.filter((_, i) => i % 2 === 0));
  });

  test('takes all frames of a recording that is no faster than wanted, though rounded to milliseconds', () => {
    const times = timesAt(30, 10).map((time) => Math.round(time / 1000) * 1000);
    expect(take(times, { ...everything, maxFramesPerSecond: 30 })).toEqual(times);
  });

  test('takes as many frames a second as wanted, whatever the rate', () => {
    for (const rate of [24, 25, 29, 50, 59, 120]) {
      const taken = take(timesAt(rate, 10), { ...everything, maxFramesPerSecond: 7 });
      // Ten seconds may touch one slot more than they hold.
      expect([70, 71]).toContain(taken.length);
    }
  });

  test('takes the same frames from a later time on as from the beginning', () => {
    const times = timesAt(50, 6);
    const selection = { ...everything, maxFramesPerSecond: 12 };
    const all = take(times, selection);
    const from = 2_340_001;
    expect(take(times, { ...selection, fromMicros: from })).toEqual(all.filter((time) => time >= from));
  });
});

describe('start and end', () => {
  test('count from the beginning of the recording and include both ends', () => {
    const selection = selectionFrom({ startSeconds: 1, endSeconds: 2 }, 500_000);
    expect(selection).toEqual({ ok: true, value: { fromMicros: 1_500_000, toMicros: 2_500_000 } });
    expect(take([1_499_999, 1_500_000, 2_500_000, 2_500_001], selection.ok ? selection.value : everything)).toEqual([
      1_500_000, 2_500_000,
    ]);
  });

  test('an end before the start is refused', () => {
    expect(selectionFrom({ startSeconds: 3, endSeconds: 2 }, 0)).toMatchObject({ error: { code: 'bad-usage' } });
  });
});
