import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../app/media/open-source.ts';
import { encodePreview } from '../../app/media/preview.ts';
import {
  depthPngOf,
  jpegOf,
  logStartMicros,
  logStepMicros,
  LogWriter,
  makeLog,
  protobufTopic,
  ros2Topic,
  walk,
} from '../fixtures/mcap.ts';
import type { LogOptions } from '../fixtures/mcap.ts';
import { open, readAll } from '../fixtures/reading.ts';
import { probedPtsMicros, temporaryFolder, truncateFile } from '../fixtures/recordings.ts';
import type { RenderedFrame } from '../fixtures/rendered-room.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder[Symbol.asyncDispose]());

const stepsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => i * logStepMicros);

/** Mean difference of two pictures' values. */
const difference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

const expectPose = (found: readonly number[] | undefined, expected: readonly number[]): void => {
  expect(found).toHaveLength(16);
  found!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
};

describe('a log', () => {
  test.each<[string, LogOptions]>([
    ['in chunks, indexed', { name: 'indexed.mcap' }],
    ['compressed with zstd', { name: 'zstd.mcap', zstd: true }],
    ['without chunks or an index', { name: 'plain.mcap', chunks: false }],
  ])('%s gives colour, depth, camera and times', async (_, options) => {
    const { path, frames, intrinsics } = await makeLog(folder.path, options);
    await using source = await open(path);
    expect(source.info).toMatchObject({
      kind: 'mcap',
      width: 160,
      height: 120,
      hasDepth: true,
      hasRecordedPoses: false,
      totalFrames: 8,
      intrinsics: { ...intrinsics, width: 160, height: 120 },
    });
    expect(source.info.distortion).toBeUndefined();
    expect(source.info.depthIntrinsics).toBeUndefined();
    const reading = await readAll(source);
    expect(reading).toMatchObject({ warnings: [], ends: 1 });
    expect(reading.error).toBeUndefined();
    expect(reading.ptsMicros).toEqual(stepsOf(8));
    reading.frames.forEach((frame, i) => {
      expect(difference(frame.image.data, frames[i]!.rgb)).toBeLessThan(4);
      expect(frame.depth).toMatchObject({ metresPerUnit: 0.001, data: frames[i]!.depthMillimetres });
    });
  });

  test.each(['h264', 'h265'] as const)('of packets of %s keeps the time of each', async (colour) => {
    const jitter = [0, 900, -700, 300, 0, 1200, -300, 500];
    const { path, frames } = await makeLog(folder.path, {
      name: `${colour}.mcap`,
      colour,
      stampOf: (i) => logStartMicros + i * logStepMicros + jitter[i]!,
    });
    await using source = await open(path);
    expect(source.info).toMatchObject({ width: 160, height: 120 });
    const reading = await readAll(source);
    expect(reading.error).toBeUndefined();
    expect(reading.ptsMicros).toEqual(stepsOf(8).map((pts, i) => pts + jitter[i]!));
    reading.frames.forEach((frame, i) => {
      // Halved colour leaves a difference; it is smallest to the very picture that the packet holds.
      const differences = frames.map(({ rgb }) => difference(frame.image.data, rgb));
      expect(differences.indexOf(Math.min(...differences))).toBe(i);
      expect(frame.depth?.data).toEqual(frames[i]!.depthMillimetres);
    });
  });

  test('goes on after a time exactly, and finds a frame by its time', async () => {
    const { path, frames } = await makeLog(folder.path, { name: 'resumed.mcap' });
    await using source = await open(path);
    const rest = await readAll(source, { fromPtsMicros: 3 * logStepMicros });
    expect(rest.ptsMicros).toEqual(stepsOf(8).slice(3));
    const found = await source.frameAt(5 * logStepMicros);
    expect(found.ok && difference(found.value.image.data, frames[5]!.rgb)).toBeLessThan(4);
    expect(await source.frameAt(5)).toMatchObject({ ok: false, error: { code: 'frame-missing' } });
  });

  test('can be read in part and smaller', async () => {
    const { path } = await makeLog(folder.path, { name: 'part.mcap' });
    await using source = await open(path, { startSeconds: 0.1, endSeconds: 0.2, maxSizePixels: 80 });
    const { ptsMicros, frames } = await readAll(source);
    expect(ptsMicros).toEqual([4, 5, 6].map((i) => i * logStepMicros));
    expect(source.info.intrinsics).toMatchObject({ fx: 64, width: 80 });
    expect(frames[0]).toMatchObject({ image: { width: 80, height: 60 }, depth: { width: 80, height: 60 } });
  });

  test('plays in a browser once encoded', async () => {
    const { path } = await makeLog(folder.path, { name: 'preview.mcap', withDepth: false });
    await using source = await open(path);
    const file = join(folder.path, 'preview.mp4');
    expect(await encodePreview(source, file, () => undefined)).toMatchObject({ ok: true });
    expect(await probedPtsMicros(file)).toEqual(stepsOf(8));
  });

  test('with a lens tells its coefficients', async () => {
    const { path } = await makeLog(folder.path, { name: 'lens.mcap', distortion: [-0.2, 0.03, 0, 0, 0] });
    await using source = await open(path);
    expect(source.info.distortion).toMatchObject({ model: 'brown-conrady', k1: -0.2, k2: 0.03 });
  });
});

describe('poses of a log', () => {
  test('are those of its topic of poses', async () => {
    const { path, frames } = await makeLog(folder.path, { name: 'poses.mcap', poses: 'pose' });
    await using source = await open(path);
    expect(source.info.hasRecordedPoses).toBe(true);
    const reading = await readAll(source);
    reading.frames.forEach((frame, i) => expectPose(frame.recordedPose, frames[i]!.worldFromCamera));
  });

  test('are chained through the tree of transforms up to its root', async () => {
    const { path, frames } = await makeLog(folder.path, { name: 'tree.mcap', poses: 'tree' });
    await using source = await open(path);
    const { frames: read } = await readAll(source);
    read.forEach((frame, i) => {
      const p = frames[i]!.worldFromCamera;
      // A quarter turn about z swaps the first two rows, the first with its sign changed, and lifts by half a metre.
      const turned = [...p.slice(4, 8).map((value) => 0 - value), ...p.slice(0, 4), ...p.slice(8, 11), p[11]! + 0.5];
      expectPose(frame.recordedPose, [...turned, 0, 0, 0, 1]);
    });
  });
});

/** Colour as raw pixels in each of the encodings of a camera driver. */
const encodings: Record<string, (rgb: Uint8Array) => { bytes: number; data: Uint8Array }> = {
  rgb8: (rgb) => ({ bytes: 3, data: rgb }),
  bgr8: (rgb) => ({ bytes: 3, data: rgb.map((_, i) => rgb[i - (i % 3) + 2 - (i % 3)]!) }),
  rgba8: (rgb) => ({
    bytes: 4,
    data: Uint8Array.from({ length: (rgb.length / 3) * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : rgb[Math.floor(i / 4) * 3 + (i % 4)]!,
    ),
  }),
};

const floatDepth = ({ depthMillimetres }: RenderedFrame): Buffer => {
  const metres = Float32Array.from(depthMillimetres, (value, i) => (i === 0 ? Number.NaN : value / 1000));
  return Buffer.from(metres.buffer);
};

describe('messages of ROS 2', () => {
  test.each(Object.keys(encodings))('raw pictures in %s with padded rows, and depth in metres', async (encoding) => {
    const [frame] = walk(1) as [RenderedFrame];
    const path = join(folder.path, `ros2-${encoding}.mcap`);
    const log = await LogWriter.create(path);
    const image = await ros2Topic(log, '/rgb/image_raw', 'sensor_msgs/msg/Image');
    const depth = await ros2Topic(log, '/depth/image_raw', 'sensor_msgs/msg/Image');
    const info = await ros2Topic(log, '/rgb/camera_info', 'sensor_msgs/msg/CameraInfo');
    const { width, height } = frame;
    const { bytes, data } = encodings[encoding]!(frame.rgb);
    const step = width * bytes + 8;
    const padded = new Uint8Array(step * height);
    for (let y = 0; y < height; y += 1) {
      padded.set(data.subarray(y * width * bytes, (y + 1) * width * bytes), y * step);
    }
    await info(logStartMicros, { width, height, distortion_model: '', d: [], k: [100, 0, 80, 0, 101, 60, 0, 0, 1] });
    await image(logStartMicros, { width, height, encoding, is_bigendian: 0, step, data: padded });
    const metres = { width, height, encoding: '32FC1', is_bigendian: 0, step: width * 4, data: floatDepth(frame) };
    await depth(logStartMicros, metres);
    await log.end();
    await using source = await open(path);
    expect(source.info.intrinsics).toMatchObject({ fx: 100, fy: 101, cx: 80, cy: 60 });
    const { frames } = await readAll(source);
    expect(frames[0]!.image.data).toEqual(frame.rgb);
    expect(frames[0]!.depth!.data[0]).toBe(0);
    expect(frames[0]!.depth!.data.subarray(1)).toEqual(frame.depthMillimetres.subarray(1));
  });

  test('compressed pictures, and depth as ROS compresses it', async () => {
    const [frame] = walk(1) as [RenderedFrame];
    const path = join(folder.path, 'ros2-compressed.mcap');
    const log = await LogWriter.create(path);
    const image = await ros2Topic(log, '/rgb/compressed', 'sensor_msgs/msg/CompressedImage');
    const depth = await ros2Topic(log, '/depth/compressedDepth', 'sensor_msgs/msg/CompressedImage');
    await image(logStartMicros, { format: 'rgb8; jpeg compressed bgr8', data: await jpegOf(frame) });
    const withHeader = Buffer.concat([Buffer.alloc(12), await depthPngOf(frame)]);
    await depth(logStartMicros, { format: '16UC1; compressedDepth png', data: withHeader });
    await log.end();
    await using source = await open(path, { intrinsics: { fx: 128, fy: 128, cx: 79.5, cy: 59.5 } });
    const { frames } = await readAll(source);
    expect(frames[0]!.depth!.data).toEqual(frame.depthMillimetres);
  });
});

const rosOneDefinition = `Header header
uint32 height
uint32 width
string encoding
uint8 is_bigendian
uint32 step
uint8[] data
${'='.repeat(80)}
MSG: std_msgs/Header
uint32 seq
time stamp
string frame_id
`;

/** A ROS 1 `sensor_msgs/Image`, byte by byte as its documentation lays it out. */
const rosOneImage = ({ rgb, width, height }: RenderedFrame, micros: number): Buffer => {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const text = (value: string): Buffer => Buffer.concat([u32(value.length), Buffer.from(value)]);
  const stamp = [u32(Math.floor(micros / 1e6)), u32((micros % 1e6) * 1000)];
  const head = [u32(7), ...stamp, text('camera'), u32(height), u32(width), text('rgb8')];
  return Buffer.concat([...head, Buffer.from([0]), u32(width * 3), u32(rgb.length), rgb]);
};

test('messages of ROS 1 are read', async () => {
  const frames = walk(2);
  const path = join(folder.path, 'ros1.mcap');
  const log = await LogWriter.create(path);
  const data = new TextEncoder().encode(rosOneDefinition);
  const write = await log.topic('/image', { name: 'sensor_msgs/Image', encoding: 'ros1msg', data }, 'ros1');
  for (const [i, frame] of frames.entries()) {
    await write(logStartMicros + i * 50_000, rosOneImage(frame, logStartMicros + i * 50_000));
  }
  await log.end();
  await using source = await open(path);
  const reading = await readAll(source);
  expect(reading.ptsMicros).toEqual([0, 50_000]);
  expect(reading.frames[1]!.image.data).toEqual(frames[1]!.rgb);
});

test('messages in JSON are read, their bytes in base 64', async () => {
  const [frame] = walk(1) as [RenderedFrame];
  const path = join(folder.path, 'json.mcap');
  const log = await LogWriter.create(path);
  const schema = { name: 'foxglove.CompressedImage', encoding: 'jsonschema', data: new Uint8Array() };
  const write = await log.topic('/image', schema, 'json');
  const message = {
    timestamp: { sec: logStartMicros / 1e6, nsec: 0 },
    frame_id: 'camera',
    format: 'jpeg',
    data: (await jpegOf(frame)).toString('base64'),
  };
  await write(logStartMicros, new TextEncoder().encode(JSON.stringify(message)));
  await log.end();
  await using source = await open(path);
  expect((await readAll(source)).frames).toHaveLength(1);
});

describe('topics', () => {
  test('are chosen by their number of messages, or by name', async () => {
    const frames = walk(4);
    const path = join(folder.path, 'two-cameras.mcap');
    const log = await LogWriter.create(path);
    const front = await protobufTopic(log, '/front', 'CompressedImage');
    const rear = await protobufTopic(log, '/rear', 'CompressedImage');
    for (const [i, frame] of frames.entries()) {
      const message = { frame_id: 'camera', format: 'jpeg', data: await jpegOf(frame) };
      await front(logStartMicros + i * logStepMicros, message);
      if (i === 0) {
        await rear(logStartMicros, message);
      }
    }
    await log.end();
    expect((await readAll(await open(path))).frames).toHaveLength(4);
    expect((await readAll(await open(path, { topics: ['/rear'] }))).frames).toHaveLength(1);
    const refused = await openSource(path, { topics: ['/left'] });
    expect(refused).toMatchObject({ ok: false, error: { code: 'bad-usage' } });
    expect(!refused.ok && refused.error.hint).toContain('/front');
  });

  test('of none that Loci can read are listed', async () => {
    const path = join(folder.path, 'no-pictures.mcap');
    const log = await LogWriter.create(path);
    const write = await log.topic('/words', { name: 'std_msgs/String', encoding: 'x', data: new Uint8Array() }, 'x');
    await write(logStartMicros, new Uint8Array([1]));
    await log.end();
    const refused = await openSource(path);
    expect(refused).toMatchObject({ ok: false, error: { code: 'source-empty', file: path } });
    expect(!refused.ok && refused.error.hint).toContain('/words (std_msgs/String)');
  });
});

describe('a faulty log', () => {
  test.each([true, false])('that is cut short (chunks: %s) is read up to the break', async (chunks) => {
    const { path } = await makeLog(folder.path, { name: `cut-${String(chunks)}.mcap`, frames: 24, chunks });
    await truncateFile(path, 0.6);
    await using source = await open(path);
    const { ptsMicros, error, ends } = await readAll(source);
    expect(ptsMicros.length).toBeGreaterThan(5);
    expect(ptsMicros).toEqual(stepsOf(24).slice(0, ptsMicros.length));
    expect(error).toMatchObject({ code: 'source-truncated', file: path });
    expect(ends).toBe(1);
  });

  test('with time stamps that repeat and run backwards leaves those frames out and names them', async () => {
    const stamps = [0, 1, 2, 2, 1.5, 3, 4, 5].map((step) => logStartMicros + step * 40_000);
    const { path } = await makeLog(folder.path, { name: 'unordered.mcap', stampOf: (i) => stamps[i]! });
    await using source = await open(path);
    const { ptsMicros, warnings, error } = await readAll(source);
    expect(ptsMicros).toEqual([0, 1, 2, 3, 4, 5].map((step) => step * 40_000));
    expect(warnings).toMatchObject([{ code: 'timestamp-invalid', place: '0.060000 s to 0.080000 s' }]);
    expect(error).toBeUndefined();
  });

  test('that is empty, or no log at all, is refused', async () => {
    const [empty, text] = [join(folder.path, 'empty.mcap'), join(folder.path, 'text.mcap')];
    await writeFile(empty, '');
    await writeFile(text, 'This is no log.\n'.repeat(10));
    expect(await openSource(empty)).toMatchObject({ ok: false, error: { code: 'source-empty' } });
    expect(await openSource(text)).toMatchObject({ ok: false, error: { file: text } });
  });
});
