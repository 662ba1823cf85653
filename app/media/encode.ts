import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { LociException } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import type { ByteImage, DepthImage, RgbImage } from './frame.ts';
import { decodeDepth, decodeRgb } from './image-files.ts';

const asBytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

const raw = (image: RgbImage): Sharp =>
  sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } });

/** A frame's picture as JPEG. */
export const encodeJpeg = async (image: RgbImage, quality = 85): Promise<Uint8Array> =>
  asBytes(await raw(image).jpeg({ quality }).toBuffer());

/** A small JPEG, its longest side at most `maxSizePixels`. */
export const encodeThumbnail = async (image: RgbImage, maxSizePixels = 192, quality = 75): Promise<Uint8Array> =>
  asBytes(
    await raw(image)
      .resize(maxSizePixels, maxSizePixels, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality })
      .toBuffer(),
  );

/** What Loci wrote itself is readable unless the disk lost it, which nobody here can mend: that is thrown. */
const intact = <T>(result: Result<T>): T => {
  if (!result.ok) {
    throw new LociException(result.error);
  }
  return result.value;
};

/** Reads a JPEG, or any other still image, back. Throws a `LociException` when it is damaged. */
export const decodeJpeg = async (bytes: Uint8Array, name = 'The picture'): Promise<RgbImage> =>
  intact(await decodeRgb(bytes, name));

/** Depth as a 16-bit grey PNG, without loss; compressed for speed. The scale is not in it. */
export const encodeDepthPng = async (depth: DepthImage): Promise<Uint8Array> =>
  asBytes(
    await sharp(depth.data, { raw: { width: depth.width, height: depth.height, channels: 1 } })
      .toColourspace('grey16')
      .png({ compressionLevel: 2, adaptiveFiltering: false })
      .toBuffer(),
  );

/** Reads what `encodeDepthPng` wrote; `metresPerUnit` is kept beside it. Throws a `LociException` when it is damaged. */
export const decodeDepthPng = async (
  bytes: Uint8Array,
  metresPerUnit: number,
  name = 'The depth image',
): Promise<DepthImage> => intact(await decodeDepth(bytes, metresPerUnit, name));

/** A mask as a PNG of one bit a pixel, white where its bytes are not 0. */
export const encodeMaskPng = async (mask: ByteImage): Promise<Uint8Array> =>
  asBytes(
    await sharp(mask.data, { raw: { width: mask.width, height: mask.height, channels: 1 } })
      .threshold(1)
      .png({ palette: true, colours: 2 })
      .toBuffer(),
  );

/** Reads what `encodeMaskPng` wrote: 255 where it is white, else 0. */
export const decodeMaskPng = async (png: Uint8Array): Promise<ByteImage> => {
  const { data, info } = await sharp(png).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: asBytes(data) };
};
