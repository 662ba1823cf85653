import { expect, test } from 'vitest';
import { releasePixels } from './frame.ts';

const frameOf = (pixels: Uint8Array, depth: Uint16Array) => ({
  ptsMicros: 0,
  index: 0,
  image: { width: 2, height: 1, data: pixels },
  depth: { width: 2, height: 1, data: depth, metresPerUnit: 0.001 },
});

test('released pixels give their memory back', () => {
  const frame = frameOf(new Uint8Array(6), new Uint16Array(2));
  releasePixels(frame);
  expect([frame.image.data.length, frame.depth.data.length]).toEqual([0, 0]);
});

test('a buffer that holds more than the pixels is left alone', () => {
  const shared = new Uint8Array(12);
  const frame = frameOf(shared.subarray(0, 6), new Uint16Array(2));
  releasePixels(frame);
  expect(frame.image.data.length).toBe(6);
  expect(shared.length).toBe(12);
});
