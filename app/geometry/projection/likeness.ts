import type { Likeness } from '../../contract/projection.ts';
import type { RgbImage } from '../../media/frame.ts';
import { addon } from '../addon.ts';

/** Told of pictures that are the same; JSON has no infinity. */
const largestPsnrDecibels = 99;

/** Peak signal-to-noise ratio of two 8-bit pictures of one size, over all pixels and channels. */
export const psnrDecibels = (a: RgbImage, b: RgbImage): number => {
  let squares = 0;
  for (let i = 0; i < a.data.length; i++) {
    squares += ((a.data[i] ?? 0) - (b.data[i] ?? 0)) ** 2;
  }
  return Math.min(largestPsnrDecibels, 10 * Math.log10((255 ** 2 * a.data.length) / squares));
};

/** A picture of one channel. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/** Brightness by ITU-R BT.601, which the authors' `rgb2gray` uses. */
const brightness = ({ width, height, data }: RgbImage): Plane => ({
  width,
  height,
  data: Float64Array.from(
    { length: width * height },
    (_, i) => 0.299 * (data[3 * i] ?? 0) + 0.587 * (data[3 * i + 1] ?? 0) + 0.114 * (data[3 * i + 2] ?? 0),
  ),
});

const windowSize = 11;
const windowSigma = 1.5;
const window = Array.from({ length: windowSize }, (_, i) =>
  Math.exp(-((i - (windowSize - 1) / 2) ** 2) / (2 * windowSigma ** 2)),
);
const windowSum = window.reduce((sum, weight) => sum + weight, 0);
const weights = Float64Array.from(window, (weight) => weight / windowSum);

/** Weighted means of the window round each pixel that it fits round: `windowSize − 1` fewer columns and rows. */
const smooth = ({ width, height, data }: Plane): Float64Array => {
  const columns = width - windowSize + 1;
  const rows = height - windowSize + 1;
  const across = new Float64Array(columns * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0; k < windowSize; k++) {
        sum += (weights[k] ?? 0) * (data[y * width + x + k] ?? 0);
      }
      across[y * columns + x] = sum;
    }
  }
  const smoothed = new Float64Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0; k < windowSize; k++) {
        sum += (weights[k] ?? 0) * (across[(y + k) * columns + x] ?? 0);
      }
      smoothed[y * columns + x] = sum;
    }
  }
  return smoothed;
};

const product = (a: Plane, b: Plane): Plane => ({ ...a, data: a.data.map((value, i) => value * (b.data[i] ?? 0)) });

/**
 * Mean structural similarity of the brightness of two pictures of one size, at least 11 × 11 (Wang, Bovik, Sheikh and
 * Simoncelli 2004, eq. 13 and section III.C: Gaussian window of 11 × 11 with σ = 1.5, K₁ = 0.01, K₂ = 0.03, L = 255).
 */
export const structuralSimilarity = (first: RgbImage, second: RgbImage): number => {
  const [a, b] = [brightness(first), brightness(second)];
  const [meanA, meanB] = [smooth(a), smooth(b)];
  const [squareA, squareB, mixed] = [smooth(product(a, a)), smooth(product(b, b)), smooth(product(a, b))];
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const [ma = 0, mb = 0] = [meanA[i], meanB[i]];
    const varianceA = (squareA[i] ?? 0) - ma * ma;
    const varianceB = (squareB[i] ?? 0) - mb * mb;
    const covariance = (mixed[i] ?? 0) - ma * mb;
    sum += ((2 * ma * mb + c1) * (2 * covariance + c2)) / ((ma * ma + mb * mb + c1) * (varianceA + varianceB + c2));
  }
  return sum / meanA.length;
};

/** How alike two pictures of one size and one view are. */
export const likeness = async (first: RgbImage, last: RgbImage): Promise<Likeness> => {
  const { confident, kept } = await addon().countKeptMatches(first, last);
  return {
    psnrDecibels: psnrDecibels(first, last),
    ssim: structuralSimilarity(first, last),
    ...(confident > 0 && { matchAccuracy: kept / confident }),
    confidentMatches: confident,
  };
};
