import type { Intrinsics, Lens } from '../contract/geometry.ts';
import { distort } from '../contract/lens.ts';
import { resizeIntrinsics } from './camera.ts';

/** A pinhole picture of more than this from corner to corner is mostly stretched border. */
const maxDiagonalRadians = (120 * Math.PI) / 180;

const samplesPerSide = 48;
const samplesPerRay = 16;

/** Points all round the edge of an image, in pixels. */
const edgeOf = ({ width, height }: Intrinsics): [number, number][] =>
  Array.from({ length: samplesPerSide + 1 }, (_, i) => {
    const [u, v] = [((width - 1) * i) / samplesPerSide, ((height - 1) * i) / samplesPerSide];
    return [
      [u, 0],
      [u, height - 1],
      [0, v],
      [width - 1, v],
    ] as [number, number][];
  }).flat();

/** Tells whether every ray from the middle of a pinhole picture to its edge stays inside the lens's, and never folds. */
const staysInside = (lens: Lens, pinhole: Intrinsics): boolean => {
  const { fx, fy, cx, cy, width, height } = lens.intrinsics;
  return edgeOf(pinhole).every(([u, v]) => {
    const [x, y] = [(u - pinhole.cx) / pinhole.fx, (v - pinhole.cy) / pinhole.fy];
    let previous = 0;
    for (let i = 1; i <= samplesPerRay; i += 1) {
      const [a, b] = distort(lens.distortion, [(x * i) / samplesPerRay, (y * i) / samplesPerRay]);
      // How far out along the ray: a folded picture comes back, or out again on the other side.
      const [px, py, radius] = [fx * a + cx, fy * b + cy, a * x + b * y];
      if (radius <= previous || px < 0 || py < 0 || px > width - 1 || py > height - 1) {
        return false;
      }
      previous = radius;
    }
    return true;
  });
};

const zoomed = (camera: Intrinsics, zoom: number): Intrinsics => ({
  ...camera,
  fx: camera.fx * zoom,
  fy: camera.fy * zoom,
});

const bisections = 24;
const maxZoom = 8;

/**
 * The pinhole camera of the rectified picture: same size and principal point, and the shortest focal length at which
 * every pixel shows something the lens saw, within 120° from corner to corner. `undefined` when the coefficients fold the
 * picture over itself and no such camera exists.
 */
export const rectifiedIntrinsics = (lens: Lens): Intrinsics | undefined => {
  const { intrinsics } = lens;
  const { width, height, fx, fy } = intrinsics;
  const halfDiagonal = Math.hypot(width / 2 / fx, height / 2 / fy);
  let low = Math.min(maxZoom, halfDiagonal / Math.tan(maxDiagonalRadians / 2));
  let high = maxZoom;
  if (!staysInside(lens, zoomed(intrinsics, high))) {
    return undefined;
  }
  if (staysInside(lens, zoomed(intrinsics, low))) {
    return zoomed(intrinsics, low);
  }
  for (let i = 0; i < bisections; i += 1) {
    const middle = (low + high) / 2;
    [low, high] = staysInside(lens, zoomed(intrinsics, middle)) ? [low, middle] : [middle, high];
  }
  return zoomed(intrinsics, high);
};

/** For every pixel of the rectified picture, row by row, the place (u, v) in the lens's picture that it shows. */
export const rectificationMap = (lens: Lens, pinhole: Intrinsics): Float32Array => {
  const { fx, fy, cx, cy } = lens.intrinsics;
  const map = new Float32Array(pinhole.width * pinhole.height * 2);
  for (let v = 0, i = 0; v < pinhole.height; v += 1) {
    for (let u = 0; u < pinhole.width; u += 1) {
      const [x, y] = distort(lens.distortion, [(u - pinhole.cx) / pinhole.fx, (v - pinhole.cy) / pinhole.fy]);
      map[i++] = fx * x + cx;
      map[i++] = fy * y + cy;
    }
  }
  return map;
};

/** The same lens before an image of another size. */
export const resizeLens = (lens: Lens, width: number, height: number): Lens => ({
  ...lens,
  intrinsics: resizeIntrinsics(lens.intrinsics, width, height),
});
