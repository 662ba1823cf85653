import { describe, expect, it } from 'vitest';
import type { FrameRecord } from '../../app/contract/session.ts';
import { fullInliers, trackingColumns } from './trackingColumns.ts';

const records = (length: number, lostAt: number): FrameRecord[] =>
  Array.from({ length }, (_, index) => ({
    index,
    ptsMicros: index * 10_000,
    tracking: index === lostAt ? 'lost' : 'tracked',
    inliers: index === lostAt ? 0 : 100,
  }));

describe('the tracking lane', () => {
  it('never hides a single lost frame, however many share its pixel', () => {
    const many = records(100_000, 43_210);
    const pts = Float64Array.from(many, ({ ptsMicros }) => ptsMicros);
    const columns = trackingColumns(many, pts, { start: 0, end: 1e9, width: 500 });
    expect(columns.flatMap((column, x) => (column?.lost ? [x] : []))).toEqual([216]);
    expect(columns[216]?.inliers).toBe(0);
    expect(columns[0]?.inliers).toBe(100);
  });

  it('holds a frame until the next one when zoomed in, and ends with the last', () => {
    const few = records(3, -1);
    const pts = Float64Array.from(few, ({ ptsMicros }) => ptsMicros);
    const columns = trackingColumns(few, pts, { start: 5_000, end: 45_000, width: 40 });
    expect(columns[0]?.inliers).toBe(100);
    expect(columns[15]).toBeDefined();
    expect(columns[20]).toBeUndefined();
  });

  it('scales to what is usual, not to the best frame', () => {
    const usual = records(1000, -1).map((record) => ({ ...record, inliers: record.index === 5 ? 9999 : 100 }));
    expect(fullInliers(usual)).toBeCloseTo(110);
    expect(fullInliers([])).toBe(1);
  });
});
