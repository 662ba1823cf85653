import { expect, test } from 'vitest';
import type { RgbImage } from '../media/frame.ts';
import { cosineSimilarity, descriptorLength, describePicture } from './descriptor.ts';

/** A picture painted by a function of place, both axes 0 … 1, yielding red, green and blue of 0 … 1. */
const paint = (
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [number, number, number],
): RgbImage => {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt((x + 0.5) / width, (y + 0.5) / height);
      data.set(
        colour.map((value) => Math.round(value * 255)),
        (y * width + x) * 3,
      );
    }
  }
  return { width, height, data };
};

/** A room seen from one place: wall, floor, a red cupboard and a bright window, turned by a share of the width. */
const room = (turn: number, width = 320, height = 240, light = 1): RgbImage =>
  paint(width, height, (x, y) => {
    const across = x + turn;
    const at = (left: number, right: number, top: number, bottom: number): boolean =>
      across > left && across < right && y > top && y < bottom;
    const colour: readonly [number, number, number] = at(0.1, 0.35, 0.3, 0.8)
      ? [0.7, 0.15, 0.1]
      : at(0.6, 0.8, 0.15, 0.45)
        ? [0.9, 0.95, 1]
        : y > 0.7
          ? [0.45, 0.35, 0.2]
          : [0.6, 0.6, 0.5];
    return [colour[0] * light, colour[1] * light, colour[2] * light];
  });

/** Another place: stripes of blue and green. */
const corridor = paint(320, 240, (x) => (Math.floor(x * 9) % 2 === 0 ? [0.1, 0.2, 0.7] : [0.1, 0.5, 0.2]));

const similarity = (a: RgbImage, b: RgbImage): number => cosineSimilarity(describePicture(a), describePicture(b));

test('is a unit vector of the promised length, the same each time', () => {
  const descriptor = describePicture(room(0));

  expect(descriptor).toHaveLength(descriptorLength);
  expect(Math.hypot(...descriptor)).toBeCloseTo(1, 5);
  expect(describePicture(room(0))).toEqual(descriptor);
});

test('falls off as the view turns, and is low for another place', () => {
  const here = room(0);

  const turned = [0.02, 0.1, 0.3].map((turn) => similarity(here, room(turn)));

  expect(turned[0]).toBeGreaterThan(0.95);
  expect(turned[1]).toBeLessThan(turned[0]!);
  expect(turned[2]).toBeLessThan(turned[1]!);
  expect(similarity(here, corridor)).toBeLessThan(0.5);
  expect(similarity(here, corridor)).toBeLessThan(turned[2]!);
});

test('hardly depends on resolution or a little less light', () => {
  expect(similarity(room(0), room(0, 1280, 960))).toBeGreaterThan(0.98);
  expect(similarity(room(0), room(0, 320, 240, 0.9))).toBeGreaterThan(0.95);
});

test.each([
  ['black', 0],
  ['mid-grey', 0.5],
  ['white', 1],
])('of an even %s picture is finite', (_, level) => {
  const descriptor = describePicture(paint(64, 48, () => [level, level, level]));

  expect(descriptor.every((value) => Number.isFinite(value))).toBe(true);
});

test('of a picture smaller than the thumbnail is finite', () => {
  const descriptor = describePicture(paint(5, 3, (x, y) => [x, y, 0]));

  expect(descriptor.every((value) => Number.isFinite(value))).toBe(true);
  expect(Math.hypot(...descriptor)).toBeCloseTo(1, 5);
});

test('the cosine of anything with nothing is none', () => {
  expect(cosineSimilarity(new Float32Array([1, 2]), new Float32Array(2))).toBe(0);
  expect(cosineSimilarity(new Float32Array([3, 4]), new Float32Array([6, 8]))).toBeCloseTo(1, 6);
  expect(cosineSimilarity(new Float32Array([3, 4]), new Float32Array([-4, 3]))).toBeCloseTo(0, 6);
});
