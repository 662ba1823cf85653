import { expect, it } from 'vitest';
import { answerValue, count, counted, length, percent, place } from './numbers.ts';

it('gives measurements honest digits and their unit', () => {
  expect(length(1.4183, 'metric')).toBe('1.42 m');
  expect(length(12.345, 'metric')).toBe('12.3 m');
  expect(length(1.4183, 'arbitrary')).toBe('1.42 units');
  expect(place([1.2, -0.351, 0.8], 'metric')).toBe('1.20, −0.35, 0.80 m');
});

it('leaves counts whole', () => {
  expect(answerValue(3)).toBe('3');
  expect(answerValue(2.34567)).toBe('2.35');
  expect(count(100_000)).toBe('100\u202f000');
  expect(counted(1, 'frame')).toBe('1 frame');
  expect(percent(0.815)).toBe('82 %');
});
