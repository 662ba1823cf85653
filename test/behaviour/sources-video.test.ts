import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectValue, open, readAll } from '../fixtures/reading.ts';
import { ffmpeg, makeVideo, probedPtsMicros, rawPixels, temporaryFolder } from '../fixtures/recordings.ts';
import type { VideoOptions } from '../fixtures/recordings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder[Symbol.asyncDispose]());

/** Decoders that this process has started and that still live, from `/proc/<pid>/stat`: pid (name) state parent … */
const decodersRunning = (): number =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const [, name, state, parent] = /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return name === 'ffmpeg' && state !== 'Z' && Number(parent) === process.pid;
      } catch {
        // It ended while the list was read.
        return false;
      }
    }).length;

const untilNoDecoderRuns = async (): Promise<void> => {
  for (let i = 0; i < 100 && decodersRunning() > 0; i += 1) {
    await delay(20);
  }
};

describe('time stamps', () => {
  test.each<[string, VideoOptions]>([
    ['H.264 with B-frames in MP4', { name: 'b.mp4', bFrames: 3 }],
    ['a variable frame rate', { name: 'uneven.mp4', variableFrameRate: true }],
    ['a rate that is no whole number of microseconds', { name: 'ntsc.mp4', framesPerSecond: 30_000 / 1001 }],
    ['VP9 in WebM, in milliseconds', { name: 'v.webm', codec: 'libvpx-vp9' }],
    ['HEVC in Matroska that begins at 5 s', { name: 'late.mkv', codec: 'libx265', offsetSeconds: 5 }],
    ['H.264 in a transport stream', { name: 't.ts' }],
    ['MPEG-4 in AVI', { name: 'a.avi', codec: 'mpeg4' }],
    ['a video with sound', { name: 'sound.mp4', withAudio: true }],
  ])('are those of the container: %s', async (_, options) => {
    const file = await makeVideo(folder.path, { frames: 40, ...options });
    await using source = await open(file);
    const reading = await readAll(source);
    expect(reading.ptsMicros).toEqual(await probedPtsMicros(file));
    expect(reading.frames.map((frame) => frame.index)).toEqual(reading.ptsMicros.map((_pts, i) => i));
    expect(reading).toMatchObject({ warnings: [], ends: 1 });
    expect(reading.error).toBeUndefined();
  });

  test('belong to the picture they stand beside', async () => {
    const file = await makeVideo(folder.path, { name: 'pixels.mp4', frames: 20, variableFrameRate: true });
    await using source = await open(file);
    const { frames } = await readAll(source);
    const pixels = await rawPixels(file, 'rgb24');
    const size = 320 * 240 * 3;
    for (const [i, frame] of frames.entries()) {
      expect(Buffer.compare(frame.image.data, pixels.subarray(i * size, (i + 1) * size))).toBe(0);
    }
    expect(frames).toHaveLength(20);
  });
});

describe('what a video is', () => {
  test('is known before its first frame', async () => {
    const file = await makeVideo(folder.path, { name: 'info.mp4', frames: 45 });
    await using source = await open(file, { intrinsics: { fx: 300, fy: 300, cx: 159.5, cy: 119.5 } });
    expect(source.info).toMatchObject({
      kind: 'video',
      path: file,
      width: 320,
      height: 240,
      frameRate: 30,
      totalFrames: 45,
      durationMicros: 1_500_000,
      intrinsics: { fx: 300, width: 320, height: 240 },
      hasDepth: false,
    });
  });

  test('a recording that lies on its side is turned upright, as a player shows it', async () => {
    const file = await makeVideo(folder.path, { name: 'turned.mp4', frames: 3, rotationDegrees: 90 });
    await using source = await open(file, { intrinsics: { fx: 300, fy: 300, cx: 119.5, cy: 159.5 } });
    expect(source.info).toMatchObject({ width: 240, height: 320, intrinsics: { width: 240, height: 320, cx: 119.5 } });
    const { frames } = await readAll(source);
    const lying = await makeVideo(folder.path, { name: 'not-turned.mp4', frames: 3 });
    const turned = await rawPixels(lying, 'rgb24', 'transpose=cclock');
    expect(frames[0]!.image).toMatchObject({ width: 240, height: 320 });
    expect(Buffer.compare(frames[0]!.image.data, turned.subarray(0, 240 * 320 * 3))).toBe(0);
  });

  test('pixels that are not square become square', async () => {
    const file = await makeVideo(folder.path, { name: 'wide.mp4', frames: 2, sampleAspectRatio: '4/3' });
    await using source = await open(file);
    expect(source.info).toMatchObject({ width: 427, height: 240 });
    expect((await readAll(source)).frames[1]!.image.data).toHaveLength(427 * 240 * 3);
  });

  test('its fingerprint stays until the file changes', async () => {
    const file = await makeVideo(folder.path, { name: 'print.mp4', frames: 5 });
    const first = (await open(file)).info.fingerprint;
    expect((await open(file)).info.fingerprint).toBe(first);
    await makeVideo(folder.path, { name: 'print.mp4', frames: 6 });
    expect((await open(file)).info.fingerprint).not.toBe(first);
  });
});

describe('reading a part', () => {
  test('start and end keep the time stamps of what is between', async () => {
    const file = await makeVideo(folder.path, { name: 'part.mp4', frames: 150, keyInterval: 40 });
    const all = await probedPtsMicros(file);
    await using source = await open(file, { startSeconds: 2.5, endSeconds: 4 });
    expect((await readAll(source)).ptsMicros).toEqual(all.filter((pts) => pts >= 2_500_000 && pts <= 4_000_000));
    expect(source.info).toMatchObject({ durationMicros: 1_500_000 });
    expect(source.info.totalFrames).toBeUndefined();
  });

  test('a time beyond the end has a reason to tell', async () => {
    const file = await makeVideo(folder.path, { name: 'beyond.mp4', frames: 30 });
    await using source = await open(file, { startSeconds: 100 });
    expect(await readAll(source)).toMatchObject({ frames: [], ends: 1, error: { code: 'source-empty' } });
  });

  test('a maximum rate selects frames and moves none', async () => {
    const file = await makeVideo(folder.path, { name: 'fast.mp4', frames: 120, framesPerSecond: 60 });
    const all = await probedPtsMicros(file);
    await using source = await open(file, { maxFramesPerSecond: 20 });
    expect((await readAll(source)).ptsMicros).toEqual(all.filter((_, i) => i % 3 === 0));
    expect(source.info.frameRate).toBe(20);
  });

  test('a maximum size scales pictures and camera down, never up', async () => {
    const file = await makeVideo(folder.path, { name: 'large.mp4', frames: 3, width: 640, height: 360 });
    const intrinsics = { fx: 600, fy: 600, cx: 319.5, cy: 179.5 };
    await using small = await open(file, { maxSizePixels: 321, intrinsics });
    expect(small.info).toMatchObject({
      width: 320,
      height: 180,
      intrinsics: { fx: 300, fy: 300, cx: 159.5, cy: 89.5, width: 320, height: 180 },
    });
    expect((await readAll(small)).frames[0]!.image).toMatchObject({ width: 320, height: 180 });
    await using same = await open(file, { maxSizePixels: 2000 });
    expect(same.info).toMatchObject({ width: 640, height: 360 });
  });

  test.each(['resume.mp4', 'resume.webm', 'resume.ts'])('resuming %s anywhere gives exactly the rest', async (name) => {
    const file = await makeVideo(folder.path, {
      name,
      frames: 200,
      keyInterval: 60,
      ...(name.endsWith('webm') ? { codec: 'libvpx-vp9' } : { bFrames: 3 }),
    });
    for (const options of [{}, { maxFramesPerSecond: 11 }]) {
      await using source = await open(file, options);
      const all = (await readAll(source)).ptsMicros;
      // Just before a key frame, where a seek that goes too far would show, and at the end.
      for (const at of [all.findIndex((pts) => pts >= all[0]! + 3_850_000), all.length - 1]) {
        const rest = await readAll(source, { fromPtsMicros: all[at]! });
        expect(rest.ptsMicros).toEqual(all.slice(at));
      }
      const nothing = await readAll(source, { fromPtsMicros: all.at(-1)! + 1 });
      expect(nothing).toMatchObject({ frames: [], ends: 1 });
      expect(nothing.error).toBeUndefined();
    }
  });

  test('one frame can be had by its exact time stamp, and by no other', async () => {
    const file = await makeVideo(folder.path, { name: 'random.mp4', frames: 100, variableFrameRate: true });
    await using source = await open(file);
    const { frames } = await readAll(source);
    const wanted = frames[71]!;
    const found = expectValue(await source.frameAt(wanted.ptsMicros));
    expect(found.ptsMicros).toBe(wanted.ptsMicros);
    expect(Buffer.compare(found.image.data, wanted.image.data)).toBe(0);
    expect(await source.frameAt(wanted.ptsMicros + 1)).toMatchObject({ error: { code: 'frame-missing' } });
    expect(await source.frameAt(9e9)).toMatchObject({ error: { code: 'frame-missing' } });
  });
});

describe('back-pressure', () => {
  let longVideo: string;

  beforeAll(async () => {
    longVideo = await makeVideo(folder.path, { name: 'long.mp4', frames: 600, width: 640, height: 480 });
  });

  test('a slow reader holds up the decoder instead of filling memory, and leaving ends it', async () => {
    // Given 600 frames that would take 550 MB
    await using source = await open(longVideo);
    const before = process.memoryUsage.rss();
    let read = 0;
    for await (const event of source.frames()) {
      expect(event.type).toBe('frame');
      read += 1;
      if (read === 2) {
        // When nobody reads for long enough to decode everything
        await delay(1000);
        // Then only the few frames ahead are held, and the decoder waits
        expect(decodersRunning()).toBe(1);
        expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
        break;
      }
    }
    await untilNoDecoderRuns();
    expect(decodersRunning()).toBe(0);
  });

  test('an abort ends the decoder and the reading, saying so', async () => {
    await using source = await open(longVideo);
    const abort = new AbortController();
    let frames = 0;
    let last;
    for await (const event of source.frames({ signal: abort.signal })) {
      last = event;
      frames += event.type === 'frame' ? 1 : 0;
      if (frames === 5) {
        abort.abort();
      }
    }
    expect(frames).toBeLessThan(20);
    expect(last).toMatchObject({ type: 'end', error: { code: 'cancelled' } });
    await untilNoDecoderRuns();
    expect(decodersRunning()).toBe(0);
  });

  test('an abort before the first frame is heard too', async () => {
    await using source = await open(longVideo);
    const reading = await readAll(source, { signal: AbortSignal.abort() });
    expect(reading).toMatchObject({ frames: [], ends: 1, error: { code: 'cancelled' } });
  });

  test('closing a source ends the readings that were left lying', async () => {
    const source = await open(longVideo);
    const reading = source.frames()[Symbol.asyncIterator]();
    await reading.next();
    expect(decodersRunning()).toBe(1);
    await source.close();
    await untilNoDecoderRuns();
    expect(decodersRunning()).toBe(0);
  });

  test('the event loop is free while frames are read', async () => {
    await using source = await open(longVideo, { endSeconds: 3 });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const started = performance.now();
    await readAll(source);
    const elapsed = performance.now() - started;
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(elapsed / 5 / 10);
  });
});

describe('a camera file beside a video', () => {
  test('gives its frames a camera, and a person’s word overrides it', async () => {
    const file = await makeVideo(folder.path, { name: 'with-camera.mp4', frames: 2 });
    const camera = { width: 640, height: 480, fx: 520, fy: 520, cx: 319.5, cy: 239.5 };
    await writeFile(`${folder.path}/with-camera.camera.json`, JSON.stringify(camera));
    expect((await open(file)).info.intrinsics).toMatchObject({ fx: 260, cx: 159.5, width: 320 });
    const given = { fx: 300, fy: 300, cx: 160, cy: 120 };
    expect((await open(file, { intrinsics: given })).info.intrinsics).toMatchObject({ fx: 300, cx: 160 });
  });

  test('a focal length in the metadata is taken as likely', async () => {
    const plain = await makeVideo(folder.path, { name: 'plain.mp4', frames: 2 });
    const told = `${folder.path}/told.mov`;
    const tag = 'com.apple.quicktime.camera.focal_length.35mm_equivalent=26';
    await ffmpeg('-i', plain, '-c', 'copy', '-movflags', 'use_metadata_tags', '-metadata', tag, told);
    const { info } = await open(told);
    expect(info.intrinsics).toBeUndefined();
    // 26 mm before a diagonal of 43.27 mm, as 240 pixels before one of 400.
    expect(info.likelyIntrinsics!.fx).toBeCloseTo((400 * 26) / 43.267, 1);
  });
});
