import type { RgbImage } from '../media/frame.ts';

/** Names what made a descriptor; descriptors of different names must not be compared. */
export const descriptorModel = 'loci-hog-colour-1';

/** Numbers in a descriptor: 4 × 4 cells × 8 orientations, 4 × 4 cells × 3 colours, 16 histogram bins. */
export const descriptorLength = 192;

const width = 64;
const height = 48;
const grid = 4;
const orientations = 8;
const hueBins = 12;
const greyBins = 4;

const gradientsLength = grid * grid * orientations;
const coloursLength = grid * grid * 3;

/** Share of the squared length of the descriptor that each part has. */
const shares = { gradients: 0.5, colours: 0.3, histogram: 0.2 };

/** At most so many samples are averaged into a thumbnail's pixel along each axis, so that large frames cost no more. */
const samplesPerAxis = 4;

/**
 * Describes a picture so that pictures of the same view have a high cosine similarity, without any model: histograms
 * of oriented gradients (Dalal and Triggs, CVPR 2005, with their clipping at 0.2) on a 64 × 48 thumbnail, mean colours
 * on a 4 × 4 grid relative to mid-grey, and a histogram of hues weighted by saturation. Has length 1, unless the
 * picture is one even mid-grey. Costs about the same for any size of picture.
 */
export const describePicture = (image: RgbImage): Float32Array => {
  const rgb = thumbnail(image);
  const descriptor = new Float32Array(descriptorLength);
  const gradients = descriptor.subarray(0, gradientsLength);
  const colours = descriptor.subarray(gradientsLength, gradientsLength + coloursLength);
  const histogram = descriptor.subarray(gradientsLength + coloursLength);
  fillGradients(rgb, gradients);
  fillColours(rgb, colours);
  fillHistogram(rgb, histogram);
  scaleTo(gradients, shares.gradients);
  scaleTo(colours, shares.colours);
  scaleTo(histogram, shares.histogram);
  scaleTo(descriptor, 1);
  return descriptor;
};

/** Cosine of the angle between two vectors of equal length, −1 … 1; 0 when either of them is zero. */
export const cosineSimilarity = (a: Float32Array, b: Float32Array): number => {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
};

/** The picture as 64 × 48 RGB floats of 0 … 1, each the mean of samples spread over its area. */
const thumbnail = ({ width: sourceWidth, height: sourceHeight, data }: RgbImage): Float32Array => {
  const rgb = new Float32Array(width * height * 3);
  const columns = samplePositions(sourceWidth, width);
  const rows = samplePositions(sourceHeight, height);
  const samples = samplesPerAxis * samplesPerAxis * 255;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = y * samplesPerAxis; j < (y + 1) * samplesPerAxis; j += 1) {
        const row = (rows[j] ?? 0) * sourceWidth;
        for (let i = x * samplesPerAxis; i < (x + 1) * samplesPerAxis; i += 1) {
          const at = (row + (columns[i] ?? 0)) * 3;
          red += data[at] ?? 0;
          green += data[at + 1] ?? 0;
          blue += data[at + 2] ?? 0;
        }
      }
      const to = (y * width + x) * 3;
      rgb[to] = red / samples;
      rgb[to + 1] = green / samples;
      rgb[to + 2] = blue / samples;
    }
  }
  return rgb;
};

/** Where along an axis of `source` pixels the samples of `target` thumbnail pixels lie. */
const samplePositions = (source: number, target: number): Uint32Array => {
  const count = target * samplesPerAxis;
  return Uint32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * source) / count));
};

const cellOf = (x: number, y: number): number =>
  Math.floor((y * grid) / height) * grid + Math.floor((x * grid) / width);

const fillGradients = (rgb: Float32Array, gradients: Float32Array): void => {
  const grey = (x: number, y: number): number => {
    const at = (y * width + x) * 3;
    return 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
  };
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const dx = grey(x + 1, y) - grey(x - 1, y);
      const dy = grey(x, y + 1) - grey(x, y - 1);
      // Unsigned orientation: an edge from dark to bright is the same as one from bright to dark.
      const angle = (Math.atan2(dy, dx) + Math.PI) % Math.PI;
      const position = (angle / Math.PI) * orientations;
      const lower = Math.floor(position) % orientations;
      const share = position - Math.floor(position);
      const magnitude = Math.hypot(dx, dy);
      const cell = cellOf(x, y) * orientations;
      add(gradients, cell + lower, magnitude * (1 - share));
      add(gradients, cell + ((lower + 1) % orientations), magnitude * share);
    }
  }
  scaleTo(gradients, 1);
  for (let i = 0; i < gradients.length; i += 1) {
    gradients[i] = Math.min(gradients[i] ?? 0, 0.2);
  }
};

const fillColours = (rgb: Float32Array, colours: Float32Array): void => {
  const pixelsPerCell = (width * height) / (grid * grid);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 3;
      const to = cellOf(x, y) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        add(colours, to + channel, ((rgb[from + channel] ?? 0) - 0.5) / pixelsPerCell);
      }
    }
  }
};

const fillHistogram = (rgb: Float32Array, histogram: Float32Array): void => {
  for (let at = 0; at < rgb.length; at += 3) {
    const red = rgb[at] ?? 0;
    const green = rgb[at + 1] ?? 0;
    const blue = rgb[at + 2] ?? 0;
    const brightest = Math.max(red, green, blue);
    const range = brightest - Math.min(red, green, blue);
    const saturation = brightest === 0 ? 0 : range / brightest;
    // Hue in sixths of the colour circle, 0 = red, as in every HSV conversion.
    let hue = 0;
    if (range > 0) {
      hue =
        brightest === red
          ? ((green - blue) / range + 6) % 6
          : brightest === green
            ? (blue - red) / range + 2
            : (red - green) / range + 4;
    }
    add(histogram, Math.min(Math.floor((hue / 6) * hueBins), hueBins - 1), saturation);
    add(histogram, hueBins + Math.min(Math.floor(brightest * greyBins), greyBins - 1), 1 - saturation);
  }
};

const add = (values: Float32Array, at: number, amount: number): void => {
  values[at] = (values[at] ?? 0) + amount;
};

/** Scales a vector to a squared length; leaves one without a direction at zero. */
const scaleTo = (values: Float32Array, squaredLength: number): void => {
  let sum = 0;
  for (const value of values) {
    sum += value * value;
  }
  if (sum < 1e-12) {
    values.fill(0);
    return;
  }
  const factor = Math.sqrt(squaredLength / sum);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = (values[i] ?? 0) * factor;
  }
};
