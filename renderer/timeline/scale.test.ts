import { describe, expect, it } from 'vitest';
import { clampScale, panBy, reveal, ticks, timeAt, xOf, zoomAt } from './scale.ts';

const whole = { start: 0, end: 60e6, width: 600 };

describe('the time scale', () => {
  it('maps times to pixels and back', () => {
    expect(xOf(whole, 15e6)).toBe(150);
    expect(timeAt(whole, 150)).toBe(15e6);
  });

  it('zooms about the pointer', () => {
    const zoomed = zoomAt(whole, 150, 0.5, 0, 60e6);
    expect(zoomed.end - zoomed.start).toBe(30e6);
    expect(timeAt(zoomed, 150)).toBeCloseTo(15e6);
  });

  it('never shows time outside the session', () => {
    const zoomed = zoomAt(zoomAt(whole, 0, 0.1, 0, 60e6), 600, 4, 0, 60e6);
    expect(zoomed.start).toBe(0);
    expect(panBy(zoomed, -500, 0, 60e6).start).toBe(0);
    expect(panBy(zoomed, 1e6, 0, 60e6).end).toBe(60e6);
    expect(zoomAt(whole, 300, 3, 0, 60e6)).toEqual(whole);
  });

  it('zooms in no further than a tenth of a second', () => {
    const closest = zoomAt(whole, 300, 1e-9, 0, 60e6);
    expect(closest.end - closest.start).toBe(100_000);
  });

  it('gives an empty session some room, so that nothing divides by zero', () => {
    expect(clampScale({ start: 0, end: 0, width: 600 }, 0, 0)).toEqual({ start: 0, end: 100_000, width: 600 });
  });

  it('turns the page when the playhead leaves', () => {
    const page = { start: 0, end: 10e6, width: 600 };
    expect(reveal(page, 5e6, 0, 60e6)).toBe(page);
    const next = reveal(page, 12e6, 0, 60e6);
    expect(next.start).toBeLessThan(12e6);
    expect(next.end).toBeGreaterThan(12e6);
  });
});

describe('ticks', () => {
  it('are round and not crowded', () => {
    const { step, times } = ticks(whole);
    expect(step).toBe(10e6);
    expect(times).toEqual([0, 10e6, 20e6, 30e6, 40e6, 50e6, 60e6]);
  });

  it('begin at the first round time in view', () => {
    expect(ticks({ start: 3_250_000, end: 3_850_000, width: 600 }).times[0]).toBe(3_300_000);
  });
});
