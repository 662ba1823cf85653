import sharp from 'sharp';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { DepthImage, RgbImage } from './frame.ts';
import { sameSize } from './scaling.ts';
import type { ImageSize } from './scaling.ts';

// Frames are decoded side by side already; more threads for one image, and a cache of images that are read once,
// only cost. Each decode occupies one thread of libuv's pool (four unless UV_THREADPOOL_SIZE says otherwise): with the
// few frames that are read ahead, others who need the pool wait for at most a few milliseconds.
sharp.concurrency(1);
sharp.cache(false);

const message = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';

const unreadable = (file: string, reason: string): LociError =>
  lociError('frame-unreadable', `${file} cannot be read: ${reason}`, 'Copy or record this image again.', { file });

const rgbOf = async (input: Uint8Array | string, source: string): Promise<Result<RgbImage>> => {
  try {
    const { data, info } = await sharp(input, { failOn: 'error' })
      .autoOrient()
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return success({
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
  } catch (thrown) {
    return failure(unreadable(source, message(thrown)));
  }
};

/** Reads bytes that `source` names in messages. Any 8-bit or 16-bit colour or grey image becomes 8-bit RGB, upright. */
export const decodeRgb = (bytes: Uint8Array, source: string): Promise<Result<RgbImage>> => rgbOf(bytes, source);

/** Makes a picture of another size. */
export const resizeRgb = async (image: RgbImage, size: ImageSize): Promise<RgbImage> => {
  if (sameSize(image, size)) {
    return image;
  }
  const data = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .resize(size.width, size.height, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...size, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
};

/** Sensors write the largest value where they saw nothing; Loci writes 0. */
const largestMeansNone = (data: Uint16Array): void => {
  for (let i = 0; i < data.length; i += 1) {
    if (data[i] === 0xffff) {
      data[i] = 0;
    }
  }
};

const depthOf = async (
  input: Uint8Array | string,
  metresPerUnit: number,
  source: string,
): Promise<Result<DepthImage>> => {
  try {
    const image = sharp(input, { failOn: 'error' });
    const { format, depth, channels } = await image.metadata();
    if (format !== 'png' || depth !== 'ushort' || channels !== 1) {
      return failure(unreadable(source, 'depth has to be a 16-bit grey PNG'));
    }
    const { data: raw, info } = await image
      .toColourspace('grey16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const data = new Uint16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2);
    largestMeansNone(data);
    return success({ width: info.width, height: info.height, data, metresPerUnit });
  } catch (thrown) {
    return failure(unreadable(source, message(thrown)));
  }
};

/** Reads a 16-bit grey PNG, value by value as it was written; 0 and 65535 both become 0, none. */
export const decodeDepth = (bytes: Uint8Array, metresPerUnit: number, source: string): Promise<Result<DepthImage>> =>
  depthOf(bytes, metresPerUnit, source);

/**
 * Reads a colour image file. The decoder opens the file itself: a file handle of Node's costs four turns through the
 * thread pool, which on a busy machine took as long as the decoding.
 */
export const readRgb = (file: string): Promise<Result<RgbImage>> => rgbOf(file, file);

/** Reads a depth image file. */
export const readDepth = (file: string, metresPerUnit: number): Promise<Result<DepthImage>> =>
  depthOf(file, metresPerUnit, file);

/** Width and height of an image, a file or its bytes, as `readRgb` would give it, from its header; `undefined` when it has none. */
export const imageSizeOf = async (image: Uint8Array | string): Promise<ImageSize | undefined> => {
  try {
    const { autoOrient } = await sharp(image).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch {
    return undefined;
  }
};

const samples = 5;

/** The size that most of a few images, spread evenly over all, have; `undefined` when none of them can be read. */
export const commonSize = async (
  files: readonly string[],
  sizeOf: (file: string) => Promise<ImageSize | undefined> = imageSizeOf,
): Promise<ImageSize | undefined> => {
  const step = Math.max(1, Math.floor(files.length / samples));
  const sizes = await Promise.all(files.filter((_, i) => i % step === 0).map((file) => sizeOf(file)));
  const known = sizes.filter((size) => size !== undefined);
  const votes = known.map((size) => known.filter((other) => sameSize(size, other)).length);
  return known[votes.indexOf(Math.max(...votes))];
};
