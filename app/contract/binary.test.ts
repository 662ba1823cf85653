import { describe, expect, it } from 'vitest';
import { decodePoints, encodePoints, joinPoints, type PointCloud } from './binary.ts';

const plain: PointCloud = { positions: Float32Array.of(1, 2, 3, 4, 5, 6), colours: Uint8Array.of(9, 8, 7, 6, 5, 4) };

const whole: PointCloud = {
  positions: Float32Array.of(-1, 0.5, 2),
  colours: Uint8Array.of(1, 2, 3),
  normals: Int8Array.of(0, -127, 0),
  confidences: Uint8Array.of(200),
  firstSeenMicros: Float64Array.of(1_000_000),
  lastSeenMicros: Float64Array.of(9_007_199_254_740_991),
};

const bytesOf = (...parts: readonly Uint8Array[]): ArrayBuffer => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes.buffer;
};

describe('packed points', () => {
  it.each([
    ['positions and colours alone', plain],
    ['all that a map knows', whole],
  ])('come back with %s', (_, cloud) => {
    expect(decodePoints(bytesOf(encodePoints(cloud)))).toEqual(cloud);
  });

  it('may follow one another', () => {
    const decoded = decodePoints(bytesOf(encodePoints(whole), encodePoints(whole)));
    expect(decoded).toEqual(joinPoints([whole, whole]));
    expect([...decoded.positions]).toEqual([-1, 0.5, 2, -1, 0.5, 2]);
    expect([...decoded.lastSeenMicros!]).toEqual([9_007_199_254_740_991, 9_007_199_254_740_991]);
  });

  it('are none in no bytes', () => {
    expect(decodePoints(new ArrayBuffer()).positions).toHaveLength(0);
  });

  it('are read as the first version wrote them', () => {
    // A count, then all positions, then all colours.
    const count = new Uint8Array(Uint32Array.of(2).buffer);
    const positions = new Uint8Array(plain.positions.slice().buffer);
    expect(decodePoints(bytesOf(count, positions, plain.colours))).toEqual(plain);
  });

  it('of a later version are refused', () => {
    const bytes = encodePoints(plain);
    bytes[4] = 3;
    expect(() => decodePoints(bytesOf(bytes))).toThrow('version 3');
  });
});

describe('joined points', () => {
  it('leave out what some of them do not know', () => {
    const joined = joinPoints([plain, whole]);
    expect(joined.positions).toHaveLength(9);
    expect(joined.normals).toBeUndefined();
  });
});
