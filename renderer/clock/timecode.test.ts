import { expect, it } from 'vitest';
import { shortTime, timecode } from './timecode.ts';

it.each([
  [0, '00:00.000'],
  [42_133_333, '00:42.133'],
  [59_999_600, '01:00.000'],
  [3_642_133_000, '1:00:42.133'],
])('writes %d µs as %s', (micros, text) => {
  expect(timecode(micros)).toBe(text);
});

it('writes short times without milliseconds', () => {
  expect([shortTime(42_400_000), shortTime(3_600_000_000)]).toEqual(['0:42', '1:00:00']);
});
