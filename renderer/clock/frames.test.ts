import { describe, expect, it } from 'vitest';
import { displayMicros, firstAtOrAfter, frameAt, nearestFrame, seekMicros } from './frames.ts';

// Uneven on purpose: 30 frames a second, then a gap of half a second.
const list = Float64Array.of(0, 33_333, 66_667, 566_667, 600_000);

describe('looking up frames by time stamp', () => {
  it.each([
    [0, 0],
    [33_332, 0],
    [33_333, 1],
    [500_000, 2],
    [566_667, 3],
    [9_000_000, 4],
    [-5, 0],
  ])('shows at %d µs frame %d', (micros, expected) => {
    expect(frameAt(list, micros)).toBe(expected);
  });

  it('knows no frame in an empty list', () => {
    expect(frameAt(new Float64Array(), 100)).toBe(-1);
  });

  it('forgives the rounding of a decoder in both directions', () => {
    expect(nearestFrame(list, 33_332.9)).toBe(1);
    expect(nearestFrame(list, 33_334)).toBe(1);
    expect(nearestFrame(list, 500_000)).toBe(3);
  });

  it('seeks to a time at which only that frame is on display', () => {
    for (let index = 0; index < list.length; index++) {
      const at = seekMicros(list, index);
      expect(frameAt(list, at)).toBe(index);
      expect(at).toBeGreaterThan(list[index]!);
    }
  });

  it('gives the last frame the display time of the one before', () => {
    expect(displayMicros(list, 4)).toBe(33_333);
    expect(displayMicros(Float64Array.of(7), 0)).toBe(0);
  });

  it('finds where a window of time begins', () => {
    expect(firstAtOrAfter(list, 33_334)).toBe(2);
    expect(firstAtOrAfter(list, 600_001)).toBe(5);
  });
});
