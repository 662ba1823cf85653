import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSource } from '../../app/media/open-source.ts';
import { encodePreview } from '../../app/media/preview.ts';
import { open, readAll } from '../fixtures/reading.ts';
import { makeRecord3d, record3dDepthSize, record3dSize, stored, writeZip } from '../fixtures/record3d.ts';
import { probedPtsMicros, temporaryFolder, truncateFile } from '../fixtures/recordings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const pixels = record3dDepthSize.width * record3dDepthSize.height;

/** Depth of 60×80 pixels, a wall at 2 m with a shelf at 1.5 m before it, from the reference implementation's compressor. */
const compressedDepth =
  'YnZ4MgBLAAAMADAAAKUAAIJdkyLg7wBgigAAAD788ABfAiICAAAgAAAA8AbwB+Qg8GMAAADwJsCXAAAAAAAAAAAAAADvIwAAAAAA' +
  'AAAAAAAAAAAAAHwPjw4AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA8D0AAAAAAAAAAAAAAAAAAAAATLUAAAAAAAAAAAAA' +
  'AIBJnCSIYakiDAEsQRUlCGIJqihBEEtQRQmCWIJqlCCIJaiiBEEsQRUlCGIJqihBEEtQRQmCWIIqSiCIJaiiBEEsQRUlCGIJqihB' +
  'EEtQRQmCWIIqSiCIJaiiBEEsQRUlCGIJqihBEEtQRQmCWIIqShCEJaiiBEEsQRUlCGIJqihBEEtQRQmCWIIqShCEJaiiBEEsQRUl' +
  'CGIJqihBEEtQRQmCWIIqShDEEqiiBEEsQRUlCGIJqihBEEtQRQmCWIIqShDEEqiiBEEsQRUlCGIJqihBEEtQRclYVIua4P8W/P+D' +
  '/3/+/xVidngk';

describe('a Record3D recording', () => {
  test('gives upright colour, trusted depth, camera, times and poses with z up', async () => {
    const { path, frames, intrinsics } = await makeRecord3d(folder.path);
    await using source = await open(path);
    expect(source.info).toMatchObject({
      kind: 'record3d',
      path,
      ...record3dSize,
      totalFrames: 5,
      frameRate: 25,
      hasDepth: true,
      hasRecordedPoses: true,
      intrinsics: { ...intrinsics, ...record3dSize },
      depthIntrinsics: { fx: 50, fy: 50.5, cx: 29, cy: 40, ...record3dDepthSize },
    });
    const reading = await readAll(source);
    expect(reading.warnings).toEqual([]);
    expect(reading.ptsMicros).toEqual([0, 40_000, 80_000, 120_000, 160_000]);
    reading.frames.forEach(({ image, depth, recordedPose }, i) => {
      const { rgb, depthMillimetres, worldFromCamera } = frames[i]!;
      const centre = 3 * (80 * 120 + 60);
      expect(Math.abs(image.data[centre]! - rgb[centre]!)).toBeLessThan(25);
      expect(depth!.data.subarray(0, pixels / 2).every((value) => value === 0)).toBe(true);
      expect(depth!.data[60 * 60 + 20]).toBe(depthMillimetres[120 * 120 + 40]);
      recordedPose!.forEach((value, j) => expect(value).toBeCloseTo(worldFromCamera[j]!, 6));
    });
  });

  test('has a camera that looks along −z of a world whose y is up', async () => {
    const still = [0, 0, 0, 1];
    const { path } = await makeRecord3d(folder.path, {
      frames: 2,
      change: ({ metadata }) => {
        metadata['poses'] = [
          [...still, 1, 2, 3],
          [...still, 1, 2, 2],
        ];
      },
    });
    await using source = await open(path);
    const { frames } = await readAll(source);
    // One step along −z is one step ahead, which is where the camera looks; down is down.
    expect(frames.map(({ recordedPose }) => recordedPose)).toEqual([
      [1, 0, 0, 1, 0, 0, 1, -3, 0, -1, 0, 2, 0, 0, 0, 1],
      [1, 0, 0, 1, 0, 0, 1, -2, 0, -1, 0, 2, 0, 0, 0, 1],
    ]);
  });

  test('whose poses count from the first frame is placed where that was', async () => {
    const half = Math.SQRT1_2;
    const { path } = await makeRecord3d(folder.path, {
      frames: 2,
      change: ({ metadata }) => {
        // Turned by a quarter about the axis that is up: one step ahead is a step along −x.
        metadata['initPose'] = [0, half, 0, half, 0, 1.5, 0];
        metadata['poses'] = [
          [0, 0, 0, 1, 0, 0, 0],
          [0, 0, 0, 1, 0, 0, -1],
        ];
      },
    });
    await using source = await open(path);
    const { frames } = await readAll(source);
    const positions = frames.map(({ recordedPose }) => [3, 7, 11].map((i) => recordedPose![i]!));
    [0, 0, 1.5, -1, 0, 1.5].forEach((value, i) => expect(positions.flat()[i]).toBeCloseTo(value, 9));
  });

  test('is read with the depth that its own compression holds', async () => {
    const { path } = await makeRecord3d(folder.path, {
      frames: 1,
      change: ({ files }) => {
        files.set('rgbd/0.depth', Buffer.from(compressedDepth, 'base64'));
        files.delete('rgbd/0.conf');
      },
    });
    await using source = await open(path);
    const { frames } = await readAll(source);
    const expected = Uint16Array.from({ length: pixels }, (_, i) => (i % 60 < 20 && i >= pixels / 2 ? 1500 : 2000));
    expect(frames[0]!.depth!.data).toEqual(expected);
  });

  test('of an older version tells less: no size of depth, no time stamps, no poses', async () => {
    const { path } = await makeRecord3d(folder.path, {
      frames: 3,
      change: ({ files, metadata }) => {
        // What is undefined is not written.
        Object.assign(metadata, { dw: undefined, dh: undefined, frameTimestamps: undefined });
        Object.assign(metadata, { initPose: undefined, poses: undefined });
        for (let i = 0; i < 3; i += 1) {
          files.set(`rgbd/${i}.depth`, stored(new Uint8Array(new Float32Array(192 * 256).fill(1.25).buffer)));
          files.delete(`rgbd/${i}.conf`);
        }
      },
    });
    await using source = await open(path);
    const { frames, warnings, ptsMicros } = await readAll(source);
    expect(source.info.hasRecordedPoses).toBe(false);
    expect(ptsMicros).toEqual([0, 16_667, 33_333]);
    expect(warnings).toEqual([]);
    expect(frames[2]!.depth).toMatchObject({ width: 192, height: 256 });
    expect(frames[2]!.depth!.data.every((value) => value === 1250)).toBe(true);
  });

  test('of the front camera, which repeats one pose, has none', async () => {
    const { path } = await makeRecord3d(folder.path, {
      change: ({ metadata }) => {
        metadata['poses'] = Array.from({ length: 5 }, () => [0, 0, 0, 1, 0, 0, 0]);
      },
    });
    await using source = await open(path);
    expect(source.info.hasRecordedPoses).toBe(false);
  });

  test('is scaled, cut and resumed like every other, and gives single frames', async () => {
    const { path } = await makeRecord3d(folder.path);
    await using source = await open(path, { maxSizePixels: 80, startSeconds: 0.03 });
    expect(source.info).toMatchObject({ width: 60, height: 80, totalFrames: 4, intrinsics: { fx: 50 } });
    expect((await readAll(source, { fromPtsMicros: 100_000 })).ptsMicros).toEqual([120_000, 160_000]);
    const one = await source.frameAt(80_000);
    expect(one.ok && one.value).toMatchObject({ ptsMicros: 80_000, image: { width: 60 }, depth: { width: 60 } });
  });

  test('can be encoded for playing, each frame at its time', async () => {
    const { path } = await makeRecord3d(folder.path);
    await using source = await open(path);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, () => {})).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toEqual([0, 40_000, 80_000, 120_000, 160_000]);
  });
});

describe('a Record3D recording with faults', () => {
  test('misses what is missing or damaged, and names it', async () => {
    const { path } = await makeRecord3d(folder.path, {
      frames: 8,
      change: ({ files, metadata }) => {
        files.delete('rgbd/1.jpg');
        files.delete('rgbd/2.depth');
        files.set('rgbd/3.depth', stored(new Uint8Array(100)));
        files.set('rgbd/4.depth', files.get('rgbd/4.depth')!.subarray(0, 5000));
        files.set('rgbd/5.jpg', Buffer.from('no picture'));
        files.set('rgbd/6.conf', Buffer.from('no confidence'));
        (metadata['poses'] as unknown[])[7] = [0, 0, 0, 'x'];
      },
    });
    await using source = await open(path);
    const { frames, warnings, ptsMicros } = await readAll(source);
    expect(ptsMicros).toEqual([0, 80_000, 120_000, 160_000, 240_000, 280_000]);
    expect(frames.map(({ depth }) => depth !== undefined)).toEqual([true, false, false, false, false, true]);
    expect(frames.at(-1)!.recordedPose).toBeUndefined();
    expect(warnings).toMatchObject([
      { code: 'frame-missing', place: 'frame 1' },
      { code: 'frame-missing', file: `${path}/rgbd/2.depth` },
      { code: 'frame-unreadable', file: `${path}/rgbd/3.depth` },
      { code: 'frame-unreadable', file: `${path}/rgbd/4.depth` },
      { code: 'frame-unreadable', file: `${path}/rgbd/5.jpg` },
      { code: 'frame-unreadable', file: `${path}/rgbd/6.conf` },
      { code: 'pose-invalid', place: 'poses[7]' },
    ]);
  });

  test('leaves out frames whose time stamps repeat, and says when there are too few', async () => {
    const repeated = await makeRecord3d(folder.path, {
      change: ({ metadata }) => {
        metadata['frameTimestamps'] = [5, 5.1, 5.1, 5.2, 5.3];
      },
    });
    await using source = await open(repeated.path);
    const reading = await readAll(source);
    expect(reading.ptsMicros).toEqual([0, 100_000, 200_000, 300_000]);
    expect(reading.warnings).toMatchObject([{ code: 'timestamp-invalid' }]);

    const few = await makeRecord3d(folder.path, {
      change: ({ metadata }) => {
        metadata['frameTimestamps'] = [5, 5.1];
      },
    });
    await using other = await open(few.path);
    expect(await readAll(other)).toMatchObject({
      ptsMicros: [0, 16_667, 33_333, 50_000, 66_667],
      warnings: [{ code: 'timestamp-invalid', place: 'frameTimestamps' }],
    });
  });

  test('is refused when its metadata are none, or describe other pictures', async () => {
    const refused = async (change: Parameters<typeof makeRecord3d>[1]): Promise<unknown> => {
      const { path } = await makeRecord3d(folder.path, { frames: 1, ...change });
      return openSource(path);
    };
    const unreadable = { ok: false, error: { code: 'source-unreadable' } };
    expect(await refused({ change: ({ files }) => files.set('metadata', Buffer.from('{')) })).toMatchObject(unreadable);
    expect(
      await refused({
        change: ({ metadata }) => {
          metadata['K'] = [0, 0, 0, 0, 0, 0, 0, 0, 1];
        },
      }),
    ).toMatchObject({ ok: false, error: { code: 'source-unreadable', place: 'K' } });
    expect(
      await refused({
        change: ({ metadata }) => {
          [metadata['w'], metadata['h']] = [metadata['h'], metadata['w']];
        },
      }),
    ).toMatchObject({ ok: false, error: { code: 'intrinsics-invalid' } });
  });

  test('is refused when it is no archive, was cut short, or holds no pictures', async () => {
    const { path } = await makeRecord3d(folder.path);
    await truncateFile(path, 0.7);
    expect(await openSource(path)).toMatchObject({ ok: false, error: { code: 'source-unreadable', file: path } });
    await writeZip(path, new Map([['metadata', Buffer.from('{}')]]));
    expect(await openSource(path)).toMatchObject({ ok: false, error: { code: 'source-empty', file: path } });
  });
});
