import { expect, test } from 'vitest';
import type { Distortion, Intrinsics } from '../contract/geometry.ts';
import { success } from '../contract/errors.ts';
import type { Frame, FrameSource, SourceInfo } from '../media/frame.ts';
import { distort } from '../contract/lens.ts';
import { rectified } from './rectified-source.ts';

const size = { width: 160, height: 120 };
const intrinsics: Intrinsics = { fx: 90, fy: 92, cx: 81, cy: 58, ...size };
const none = { k3: 0, k4: 0, k5: 0, k6: 0 };

const lenses: [string, Distortion][] = [
  ['a barrel', { ...none, model: 'brown-conrady', k1: -0.2, k2: 0.03, p1: 0.001, p2: -0.002 }],
  ['a pincushion', { ...none, model: 'brown-conrady', k1: 0.15, k2: 0.02, p1: 0, p2: 0 }],
  ['a fisheye', { model: 'kannala-brandt', k1: 0.03, k2: -0.01, k3: 0.002, k4: 0 }],
];

/** The ray (x/z, y/z) seen at a pixel of the bent picture, found by walking downhill from the pinhole's. */
const rayAt = (distortion: Distortion, u: number, v: number): [number, number] => {
  const target = [(u - intrinsics.cx) / intrinsics.fx, (v - intrinsics.cy) / intrinsics.fy] as const;
  let [x, y] = target;
  for (let i = 0; i < 200; i += 1) {
    const [a, b] = distort(distortion, [x, y]);
    x += 0.5 * (target[0] - a);
    y += 0.5 * (target[1] - b);
  }
  return [x, y];
};

/** A wall two metres ahead whose colour tells the place on it, and whose depth tells its left half from its right. */
const wall = (x: number, y: number): { colour: [number, number, number]; depth: number } => ({
  colour: [128 + 60 * x, 128 + 60 * y, 128],
  depth: x < 0 ? 2000 : 3000,
});

/** A source of one frame, drawn ray by ray through the lens. */
const bentWall = (distortion: Distortion): FrameSource => {
  const image = { ...size, data: new Uint8Array(size.width * size.height * 3) };
  const depth = { ...size, data: new Uint16Array(size.width * size.height), metresPerUnit: 0.001 };
  for (let v = 0; v < size.height; v += 1) {
    for (let u = 0; u < size.width; u += 1) {
      const seen = wall(...rayAt(distortion, u, v));
      image.data.set(seen.colour, (v * size.width + u) * 3);
      depth.data[v * size.width + u] = seen.depth;
    }
  }
  const frame: Frame = { ptsMicros: 0, index: 0, image, depth, files: { jpeg: 'as-recorded.jpg' } };
  const info: SourceInfo = {
    kind: 'rgbd-folder',
    path: 'wall',
    fingerprint: 'wall',
    ...size,
    frameRate: 1,
    intrinsics,
    distortion,
    hasDepth: true,
    hasRecordedPoses: false,
  };
  return {
    info,
    async *frames() {
      yield await Promise.resolve({ type: 'frame', frame } as const);
      yield { type: 'end' };
    },
    frameAt: () => Promise.resolve(success(frame)),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
};

test.each(lenses)('%s is straightened: every pixel shows what a pinhole would see there', async (_, distortion) => {
  const opened = rectified(bentWall(distortion));
  expect(opened).toMatchObject({ ok: true });
  if (!opened.ok) {
    return;
  }
  await using source = opened.value;
  const pinhole = source.info.intrinsics!;
  expect(source.info).toMatchObject({ lens: { intrinsics, distortion } });
  expect(source.info.distortion).toBeUndefined();
  const frames: Frame[] = [];
  for await (const event of source.frames()) {
    if (event.type === 'frame') {
      frames.push(event.frame);
    }
  }
  const { image, depth, files } = frames[0]!;
  expect(files).toBeUndefined();
  let worst = 0;
  let wrongDepths = 0;
  for (let v = 0; v < size.height; v += 1) {
    for (let u = 0; u < size.width; u += 1) {
      const [x, y] = [(u - pinhole.cx) / pinhole.fx, (v - pinhole.cy) / pinhole.fy];
      const expected = wall(x, y);
      const at = (v * size.width + u) * 3;
      expected.colour.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(image.data[at + i]! - Math.min(255, Math.max(0, value))));
      });
      // Within a pixel of the border between the halves either depth is right.
      if (Math.abs(x * pinhole.fx) > 1.5 && depth!.data[v * size.width + u] !== expected.depth) {
        wrongDepths += 1;
      }
    }
  }
  // Two grey values for rounding at both ends and the table's 1/32 pixel.
  expect(worst).toBeLessThanOrEqual(2);
  expect(wrongDepths).toBe(0);
});

test('coefficients that fold the picture over itself are refused', () => {
  const folded = rectified(bentWall({ ...none, model: 'brown-conrady', k1: -9, k2: 0, p1: 0, p2: 0.9 }));
  expect(folded).toMatchObject({ ok: false, error: { code: 'intrinsics-invalid' } });
});

test('a source without a lens is handed on as it is', () => {
  const source = bentWall({ ...none, model: 'brown-conrady', k1: 0, k2: 0, p1: 0, p2: 0 });
  const { distortion: _, ...info } = source.info;
  const plain = { ...source, info };
  expect(rectified(plain)).toEqual({ ok: true, value: plain });
});
