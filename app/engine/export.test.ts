import { describe, expect, it } from 'vitest';
import { toPly, toTum } from './export.ts';

describe('a trajectory for other tools', () => {
  it('gives the position and the quaternion of a known turn', () => {
    // A quarter turn about z: x goes to y.
    const worldFromCamera = [0, -1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 3, 0, 0, 0, 1];
    const text = toTum([{ ptsMicros: 1_500_000, index: 45, tracking: 'tracked', inliers: 10, worldFromCamera }]);
    const numbers = text.trim().split(' ').map(Number);
    expect(numbers.slice(0, 4)).toEqual([1.5, 1, 2, 3]);
    const half = Math.SQRT1_2;
    [0, 0, half, half].forEach((expected, i) => expect(numbers[4 + i]).toBeCloseTo(expected, 6));
  });

  it('leaves out frames without a pose', () => {
    expect(toTum([{ ptsMicros: 0, index: 0, tracking: 'lost', inliers: 0 }])).toBe('');
  });
});

describe('points for other tools', () => {
  it('are readable as the PLY header says', () => {
    const bytes = toPly({
      positions: new Float32Array([1, 2, 3, 4, 5, 6]),
      colours: new Uint8Array([10, 20, 30, 40, 50, 60]),
    });
    const text = Buffer.from(bytes).toString('latin1');
    const start = text.indexOf('end_header\n') + 'end_header\n'.length;
    expect(text).toContain('element vertex 2\n');
    const view = new DataView(bytes.buffer, start);
    expect(view.byteLength).toBe(30);
    expect([0, 4, 8].map((at) => view.getFloat32(15 + at, true))).toEqual([4, 5, 6]);
    expect([12, 13, 14].map((at) => view.getUint8(15 + at))).toEqual([40, 50, 60]);
  });
});
