import { describe, expect, it } from 'vitest';
import { parseRange } from './byte-range.ts';

describe('a byte range', () => {
  it('covers what was asked for, both ends included', () => {
    expect(parseRange('bytes=0-99', 1000)).toEqual({ first: 0, last: 99 });
    expect(parseRange('bytes=500-', 1000)).toEqual({ first: 500, last: 999 });
    expect(parseRange('bytes=-100', 1000)).toEqual({ first: 900, last: 999 });
  });

  it('ends with the file', () => {
    expect(parseRange('bytes=900-5000', 1000)).toEqual({ first: 900, last: 999 });
    expect(parseRange('bytes=-5000', 1000)).toEqual({ first: 0, last: 999 });
  });

  it('is the whole file without a header, or with one that is not understood', () => {
    expect(parseRange(undefined, 1000)).toBeUndefined();
    expect(parseRange('bytes=0-1,5-6', 1000)).toBeUndefined();
    expect(parseRange('lines=1-2', 1000)).toBeUndefined();
  });

  it('cannot be satisfied beyond the end', () => {
    expect(parseRange('bytes=1000-', 1000)).toBe('unsatisfiable');
    expect(parseRange('bytes=5-2', 1000)).toBe('unsatisfiable');
  });
});
