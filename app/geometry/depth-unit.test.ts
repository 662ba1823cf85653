import { expect, test } from 'vitest';
import type { LociError } from '../contract/errors.ts';
import type { Frame, SourceInfo } from '../media/frame.ts';
import { DepthUnitCheck } from './depth-unit.ts';

const size = { width: 64, height: 48 };
const info: SourceInfo = {
  kind: 'rgbd-folder',
  path: '/recordings/room',
  fingerprint: 'room',
  ...size,
  frameRate: 30,
  hasDepth: true,
  hasRecordedPoses: false,
};

/** A wall that recedes from `nearMetres` to three times as far, written in `unit` and read as millimetres. */
const wall = (nearMetres: number, unit: number, holes = 0): Frame => {
  const pixels = size.width * size.height;
  const value = (i: number): number => (i % 100 < holes ? 0 : Math.round((nearMetres * (1 + (2 * i) / pixels)) / unit));
  return {
    ptsMicros: 0,
    index: 0,
    image: { ...size, data: new Uint8Array(pixels * 3) },
    depth: { ...size, data: Uint16Array.from({ length: pixels }, (_, i) => value(i)), metresPerUnit: 0.001 },
  };
};

const judge = (frame: Frame, times = 40): LociError[] => {
  const check = new DepthUnitCheck(info);
  return Array.from({ length: times }, () => check.observe(frame)).filter((warning) => warning !== undefined);
};

test('depth in its right unit is not remarked on', () => {
  expect(judge(wall(1, 0.001))).toEqual([]);
  expect(judge(wall(0.2, 0.001))).toEqual([]);
  expect(judge(wall(3, 0.001))).toEqual([]);
});

test.each([
  ['fifths of a millimetre', 1 / 5000, '0.0002'],
  ['tenths of a millimetre', 0.0001, '0.0001'],
  ['centimetres', 0.01, '0.01'],
])('depth in %s read as millimetres is named once, with the unit that it is likely in', (_, unit, scale) => {
  const [warning, ...others] = judge(wall(0.9, unit));
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ code: 'depth-unit', file: info.path });
  expect(warning!.hint).toContain(`--depth-scale ${scale} `);
});

test('a few frames, or frames of holes, are not enough to judge by', () => {
  expect(judge(wall(1, 0.0001), 5)).toEqual([]);
  expect(judge(wall(1, 0.0001, 99))).toEqual([]);
});
