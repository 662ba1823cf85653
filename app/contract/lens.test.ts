import { expect, test } from 'vitest';
import type { Distortion } from './geometry.ts';
import { distort } from './lens.ts';
import type { PlanePoint } from './lens.ts';

const points: readonly PlanePoint[] = [
  [0.1, -0.2],
  [0.6, 0.4],
  [-0.6, 1 / 3],
];

const none = { k3: 0, k4: 0, k5: 0, k6: 0 };

// What OpenCV 4.6 answers for them: cv::projectPoints with 5 and 8 coefficients, and cv::fisheye::projectPoints.
test.each<[string, Distortion, readonly PlanePoint[]]>([
  [
    'five Brown–Conrady coefficients',
    { ...none, model: 'brown-conrady', k1: -0.28, k2: 0.07, p1: 0.0012, p2: -0.0008, k3: 0.02 },
    [
      [0.09851375, -0.1970475],
      [0.525268096, 0.351080064],
      [-0.532862673646, 0.29639076931],
    ],
  ],
  [
    'the rational model',
    { model: 'brown-conrady', k1: 0.35, k2: -0.12, p1: 0.0005, p2: 0.0003, k3: 0.01, k4: 0.6, k5: 0.05, k6: 0.02 },
    [
      [0.098746179602, -0.197437359203],
      [0.5204931478, 0.347151431866],
      [-0.527355791282, 0.293289513675],
    ],
  ],
  [
    'a Kannala–Brandt fisheye',
    { model: 'kannala-brandt', k1: -0.02, k2: 0.004, k3: -0.003, k4: 0.0005 },
    [
      [0.098287279819, -0.196574559637],
      [0.515998769996, 0.343999179997],
      [-0.522225879569, 0.290125488649],
    ],
  ],
])('%s bend points as another implementation does', (_, lens, expected) => {
  points.forEach((point, i) => {
    const [x, y] = distort(lens, point);
    expect(x).toBeCloseTo(expected[i]![0], 10);
    expect(y).toBeCloseTo(expected[i]![1], 10);
  });
});

test('the middle of the picture stays where it is', () => {
  expect(distort({ model: 'kannala-brandt', k1: 0.1, k2: 0, k3: 0, k4: 0 }, [0, 0])).toEqual([0, 0]);
});
