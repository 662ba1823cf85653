import { expect, it } from 'vitest';
import { movingPath, movingShare } from './movingPath.ts';

const maskOf = (...rows: string[]) => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8ClampedArray.from(
    Array.from(rows.join(''), (pixel) => (pixel === '#' ? [255, 255, 255, 255] : [0, 0, 0, 255])).flat(),
  ),
});
const frame = { width: 640, height: 480 };

it('covers what moves, in pixels of the frame, and nothing else', () => {
  const mask = maskOf('....', '.##.', '...#');
  expect(movingPath(mask, frame, undefined)).toBe(
    'M160.0,160.0L480.0,160.0L480.0,320.0L160.0,320.0Z' + 'M480.0,320.0L640.0,320.0L640.0,480.0L480.0,480.0Z',
  );
  expect(movingShare(mask)).toBe(3 / 12);
  expect(movingPath(maskOf('....'), frame, undefined)).toBe('');
});

it('keeps runs apart, and goes to the edges', () => {
  expect(movingPath(maskOf('#.##'), frame, undefined).match(/Z/g)).toHaveLength(2);
});

it('follows the lens, where the frames are not the recording’s own', () => {
  const path = movingPath(maskOf('#'), frame, ([x, y]) => [x / 2, y / 2 + 10]);
  expect(path).toMatch(/^M0\.0,10\.0L.*L320\.0,10\.0L320\.0,250\.0L.*L0\.0,250\.0Z$/);
});
