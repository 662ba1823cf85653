import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { rawPixels, temporaryFolder } from '../../test/fixtures/recordings.ts';
import { LociException } from '../contract/errors.ts';
import { decodeDepthPng, decodeJpeg, encodeDepthPng, encodeJpeg, encodeThumbnail } from './encode.ts';

const picture = (width: number, height: number): { width: number; height: number; data: Uint8Array } => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => 128 + 100 * Math.sin(i / (3 * width))),
});

describe('depth images', () => {
  test('come back value by value, as another decoder sees them too', async () => {
    await using folder = await temporaryFolder();
    const data = Uint16Array.from({ length: 70 * 30 }, (_, i) => (i * 31) % 65_535);
    const png = await encodeDepthPng({ width: 70, height: 30, data, metresPerUnit: 0.001 });
    const file = join(folder.path, 'depth.png');
    await writeFile(file, png);

    const seenByFfmpeg = await rawPixels(file, 'gray16le');
    expect(new Uint16Array(seenByFfmpeg.buffer, seenByFfmpeg.byteOffset, data.length)).toEqual(data);

    const decoded = await decodeDepthPng(png, 0.0002);
    expect(decoded).toMatchObject({ width: 70, height: 30, metresPerUnit: 0.0002 });
    expect(decoded.data).toEqual(data);
  });

  test('65535 means none, as 0 does', async () => {
    const png = await encodeDepthPng({
      width: 4,
      height: 1,
      data: Uint16Array.of(0, 1, 65_534, 65_535),
      metresPerUnit: 1,
    });
    expect([...(await decodeDepthPng(png, 1)).data]).toEqual([0, 1, 65_534, 0]);
  });

  test('of 8 bits are no depth images', async () => {
    const grey = await sharp(new Uint8Array(16), { raw: { width: 4, height: 4, channels: 1 } })
      .png()
      .toBuffer();
    await expect(decodeDepthPng(grey, 0.001)).rejects.toThrow(/16-bit grey PNG/);
  });
});

describe('pictures', () => {
  test('survive JPEG with little loss', async () => {
    const image = picture(64, 48);
    const decoded = await decodeJpeg(await encodeJpeg(image, 95));
    expect(decoded).toMatchObject({ width: 64, height: 48 });
    const worst = Math.max(...decoded.data.map((value, i) => Math.abs(value - image.data[i]!)));
    expect(worst).toBeLessThanOrEqual(6);
  });

  test('become small thumbnails of the same shape, and never larger ones', async () => {
    const small = await decodeJpeg(await encodeThumbnail(picture(640, 480), 160));
    expect(small).toMatchObject({ width: 160, height: 120 });
    const kept = await decodeJpeg(await encodeThumbnail(picture(64, 48), 160));
    expect(kept).toMatchObject({ width: 64, height: 48 });
  });

  test('that are damaged are refused with a code', async () => {
    const jpeg = await encodeJpeg(picture(64, 48));
    await expect(decodeJpeg(jpeg.subarray(0, jpeg.length / 2))).rejects.toThrow(LociException);
  });
});
