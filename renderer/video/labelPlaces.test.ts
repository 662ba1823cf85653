import { expect, it } from 'vitest';
import { labelBaselines } from './labelPlaces.ts';

it('puts a label on its box, or inside at the upper end of the picture', () => {
  expect(labelBaselines([{ left: 10, top: 100, text: 'mug' }])).toEqual([96]);
  expect(labelBaselines([{ left: 10, top: 2, text: 'mug' }])).toEqual([16]);
});

it('moves a label down that would cover others, and leaves what is beside them', () => {
  const labels = [
    { left: 10, top: 100, text: 'chair 2' },
    { left: 30, top: 105, text: 'table' },
    { left: 20, top: 110, text: 'cup' },
    { left: 300, top: 100, text: 'lamp' },
  ];
  const [chair, table, cup, lamp] = labelBaselines(labels);
  expect([chair, lamp]).toEqual([96, 96]);
  expect(table! - chair!).toBeGreaterThanOrEqual(14);
  expect(cup! - table!).toBeGreaterThanOrEqual(14);
});

it('comes to an end whatever the fractions of a pixel', () => {
  const labels = Array.from({ length: 200 }, (_, i) => ({ left: i / 7, top: 100 + Math.sin(i) / 3, text: 'chair' }));
  const baselines = labelBaselines(labels).toSorted((a, b) => a - b);
  expect(baselines.every((baseline, i) => i === 0 || baseline - baselines[i - 1]! > 13)).toBe(true);
});
