import type { Intrinsics } from '../contract/geometry.ts';
import type { DepthImage } from './frame.ts';

/** Width and height of an image in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Tells whether two images have the same width and height. */
export const sameSize = (a: ImageSize, b: ImageSize): boolean => a.width === b.width && a.height === b.height;

const evenAtLeastTwo = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

/** The size of a frame whose longest side must not exceed `maxSizePixels`: never larger, even sides when smaller. */
export const fitWithin = (size: ImageSize, maxSizePixels: number | undefined): ImageSize => {
  const longest = Math.max(size.width, size.height);
  if (maxSizePixels === undefined || longest <= maxSizePixels) {
    return size;
  }
  const target = 2 * Math.floor(maxSizePixels / 2);
  const share = target / longest;
  return { width: evenAtLeastTwo(size.width * share), height: evenAtLeastTwo(size.height * share) };
};

/**
 * The same camera seen through an image of another size. Pixel centres lie at whole numbers (OpenCV), hence the half
 * pixel: c′ = (c + ½)·s − ½.
 */
export const scaleIntrinsics = (intrinsics: Intrinsics, size: ImageSize): Intrinsics => {
  const sx = size.width / intrinsics.width;
  const sy = size.height / intrinsics.height;
  return {
    fx: intrinsics.fx * sx,
    fy: intrinsics.fy * sy,
    cx: (intrinsics.cx + 0.5) * sx - 0.5,
    cy: (intrinsics.cy + 0.5) * sy - 0.5,
    width: size.width,
    height: size.height,
  };
};

/** Depth of another size by nearest neighbour: a mean over an edge would be a surface that is not there. */
export const scaleDepth = (depth: DepthImage, size: ImageSize): DepthImage => {
  if (sameSize(depth, size)) {
    return depth;
  }
  const { width, height } = size;
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * depth.width) / width));
  const data = new Uint16Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * depth.height) / height) * depth.width;
    for (let x = 0; x < width; x += 1) {
      data[y * width + x] = depth.data[row + (columns[x] ?? 0)] ?? 0;
    }
  }
  return { width, height, data, metresPerUnit: depth.metresPerUnit };
};
