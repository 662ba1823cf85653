import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SourceEvent } from '../../app/media/frame.ts';
import { open, readAll } from '../fixtures/reading.ts';
import { probedPtsMicros, rawPixels } from '../fixtures/recordings.ts';

// Real recordings that are not part of the project; made-up ones of the same kinds are read in the tests beside this.
const recordings = join(import.meta.dirname, '../../../shared/data');

const present = existsSync(join(recordings, 'kitchen'));

const readSome = async (events: AsyncIterable<SourceEvent>, count: number): Promise<SourceEvent[]> => {
  const read: SourceEvent[] = [];
  for await (const event of events) {
    read.push(event);
    if (read.length === count) {
      break;
    }
  }
  return read;
};

describe.skipIf(!present)('real recordings (skipped where ../shared/data is absent)', () => {
  test('the kitchen is known for what it is, and its first frames are decoded', async () => {
    const path = join(recordings, 'kitchen');
    await using source = await open(path);
    expect(source.info).toMatchObject({
      kind: 'rgbd-folder',
      width: 640,
      height: 480,
      frameRate: 30,
      totalFrames: 600,
      intrinsics: { fx: 525, fy: 525, cx: 320, cy: 240, width: 640, height: 480 },
      depthIntrinsics: { fx: 585, fy: 585, cx: 320, cy: 240, width: 640, height: 480 },
      hasDepth: true,
      hasRecordedPoses: true,
    });
    const events = await readSome(source.frames({ fromPtsMicros: 10_000_000 }), 5);
    const frames = events.flatMap((event) => (event.type === 'frame' ? event.frame : []));
    expect(frames.map((frame) => frame.ptsMicros)).toEqual([
      10_000_000, 10_033_333, 10_066_667, 10_100_000, 10_133_333,
    ]);
    expect(frames[0]!.recordedPose).toHaveLength(16);
    const witness = await rawPixels(join(path, 'frame-000300.depth.png'), 'gray16le');
    const expected = new Uint16Array(witness.buffer, witness.byteOffset, 640 * 480).map((value) =>
      value === 65_535 ? 0 : value,
    );
    expect(frames[0]!.depth!.data).toEqual(expected);
  });

  test('the walk and the rendered room open with depth and poses', async () => {
    await using walk = await open(join(recordings, 'home-walk'), { framesPerSecond: 5 });
    expect(walk.info).toMatchObject({ width: 540, height: 360, totalFrames: 373, frameRate: 5, hasDepth: true });
    await using room = await open(join(recordings, 'livingroom'), {
      intrinsics: { fx: 525, fy: 525, cx: 319.5, cy: 239.5 },
    });
    expect(room.info).toMatchObject({ kind: 'open3d', totalFrames: 211, hasRecordedPoses: true });
    const [first] = await readSome(room.frames(), 1);
    expect(first).toMatchObject({ type: 'frame', frame: { ptsMicros: 0 } });
    const pose = first!.type === 'frame' ? first!.frame.recordedPose! : [];
    expect(pose.map(Math.abs)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });

  test('the tour is read with the time stamps of its container', async () => {
    const file = join(recordings, 'videos', 'home-tour.mp4');
    await using source = await open(file, { maxSizePixels: 320 });
    expect(source.info).toMatchObject({ kind: 'video', width: 320, height: 180, totalFrames: 168 });
    expect((await readAll(source)).ptsMicros).toEqual(await probedPtsMicros(file));
  });
});
