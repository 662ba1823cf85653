import sharp from 'sharp';
import { failure, lociError, success, type LociError, type Result } from '../../contract/errors.ts';
import type { DepthImage, RgbImage } from '../frame.ts';
import { decodeDepth, decodeRgb } from '../image-files.ts';
import type { CompressedImage, ImageMessage, RawImage } from './messages.ts';

const unreadable = (place: string, reason: string): LociError =>
  lociError('frame-unreadable', `${place} cannot be read: ${reason}`, 'Record or export this topic again.');

interface Layout {
  /** Bytes of a pixel. */
  readonly bytes: number;
  /** Where red, green and blue are in it. */
  readonly rgb: readonly [number, number, number];
}

/** Encodings of colour (sensor_msgs/image_encodings and Foxglove's RawImage). Adding one is adding a line. */
const layouts: Readonly<Record<string, Layout>> = {
  rgb8: { bytes: 3, rgb: [0, 1, 2] },
  bgr8: { bytes: 3, rgb: [2, 1, 0] },
  '8UC3': { bytes: 3, rgb: [2, 1, 0] },
  rgba8: { bytes: 4, rgb: [0, 1, 2] },
  bgra8: { bytes: 4, rgb: [2, 1, 0] },
  mono8: { bytes: 1, rgb: [0, 0, 0] },
  '8UC1': { bytes: 1, rgb: [0, 0, 0] },
};

/** Encodings of depth, and how many bytes a value has. */
const depthBytes: Readonly<Record<string, 2 | 4>> = { '16UC1': 2, mono16: 2, '32FC1': 4 };

const tooShort = ({ data, step, height, width }: RawImage, bytes: number): boolean =>
  step < width * bytes || data.byteLength < step * (height - 1) + width * bytes;

const rawToRgb = (raw: RawImage, place: string): Result<RgbImage> => {
  const layout = layouts[raw.encoding];
  if (!layout) {
    return failure(unreadable(place, `the encoding ${raw.encoding} is not one of ${Object.keys(layouts).join(', ')}`));
  }
  const { bytes, rgb } = layout;
  const { width, height, step, data } = raw;
  if (tooShort(raw, bytes)) {
    return failure(unreadable(place, 'it has fewer bytes than its size needs'));
  }
  const [red, green, blue] = rgb;
  const to = new Uint8Array(width * height * 3);
  for (let y = 0, out = 0; y < height; y += 1) {
    for (let x = 0, at = y * step; x < width; x += 1, at += bytes) {
      to[out++] = data[at + red] ?? 0;
      to[out++] = data[at + green] ?? 0;
      to[out++] = data[at + blue] ?? 0;
    }
  }
  return success({ width, height, data: to });
};

/** Depth in metres as 32-bit floats is kept to the millimetre. */
const millimetre = 0.001;
const largest = 0xffff;

const rawToDepth = (raw: RawImage, metresPerUnit: number, place: string): Result<DepthImage> => {
  const bytes = depthBytes[raw.encoding];
  if (bytes === undefined) {
    return failure(unreadable(place, `${raw.encoding} is no encoding of depth`));
  }
  if (tooShort(raw, bytes)) {
    return failure(unreadable(place, 'it has fewer bytes than its size needs'));
  }
  const { width, height, step, data, bigEndian } = raw;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const to = new Uint16Array(width * height);
  for (let y = 0, out = 0; y < height; y += 1) {
    for (let x = 0, at = y * step; x < width; x += 1, at += bytes) {
      const value =
        bytes === 2 ? view.getUint16(at, !bigEndian) : Math.round(view.getFloat32(at, !bigEndian) / millimetre);
      // No surface is written as 0, as the largest value, as NaN or as infinity.
      to[out++] = value > 0 && value < largest ? value : 0;
    }
  }
  return success({ width, height, data: to, metresPerUnit: bytes === 2 ? metresPerUnit : millimetre });
};

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** ROS's `compressedDepth` puts a short header of its own before the PNG. */
const withoutHeader = ({ data, format }: CompressedImage): Uint8Array => {
  const start = /compressedDepth/.test(format)
    ? Buffer.from(data.buffer, data.byteOffset, 64).indexOf(pngSignature)
    : 0;
  return start > 0 ? data.subarray(start) : data;
};

/** Tells whether a picture is one of depth: by its encoding, or as a PNG of 16-bit grey values. */
export const isDepth = async (message: ImageMessage): Promise<boolean> => {
  if (message.type === 'raw') {
    return message.encoding in depthBytes;
  }
  try {
    const { format, depth, channels } = await sharp(withoutHeader(message)).metadata();
    return format === 'png' && depth === 'ushort' && channels === 1;
  } catch {
    return false;
  }
};

/** A colour picture. `place` names it in messages. */
export const colourOf = (message: ImageMessage, place: string): Promise<Result<RgbImage>> =>
  message.type === 'raw' ? Promise.resolve(rawToRgb(message, place)) : decodeRgb(message.data, place);

/** A depth picture; `metresPerUnit` of whole numbers, as floats are metres. */
export const depthOf = (message: ImageMessage, metresPerUnit: number, place: string): Promise<Result<DepthImage>> =>
  message.type === 'raw'
    ? Promise.resolve(rawToDepth(message, metresPerUnit, place))
    : decodeDepth(withoutHeader(message), metresPerUnit, place);
