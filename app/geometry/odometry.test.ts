import { beforeAll, describe, expect, it } from 'vitest';
import { lookFrom, renderRoom, roomIntrinsics, walkFrame, type Thing } from '../../test/fixtures/textured-room.ts';
import type { Vector3 } from '../contract/geometry.ts';
import type { ByteImage, DepthImage, Frame } from '../media/frame.ts';
import { trajectoryError } from './evaluate.ts';
import { cameraPosition, compose, invertPose, motionBetween, transformPoint } from './pose.ts';
import { Odometry, type TrackedFrame } from './tracker.ts';

const frameCount = 45;
let walk: ReturnType<typeof walkFrame>[];

beforeAll(() => {
  walk = Array.from({ length: frameCount }, (_, i) => walkFrame(i));
});

const rgbd = (): Odometry => Odometry.create({ intrinsics: roomIntrinsics, mode: 'rgbd' });

const trackAll = async (odometry: Odometry, frames: readonly Frame[]): Promise<TrackedFrame[]> => {
  const records: TrackedFrame[] = [];
  for (const frame of frames) {
    records.push(...(await odometry.track(frame)));
  }
  return records;
};

const latest = (records: readonly TrackedFrame[]): TrackedFrame[] => [
  ...new Map(records.map((record) => [record.ptsMicros, record])).values(),
];

const truth = (): { ptsMicros: number; worldFromCamera: readonly number[] }[] =>
  walk.map(({ ptsMicros, recordedPose }) => ({ ptsMicros, worldFromCamera: recordedPose }));

const isTracked = ({ tracking }: TrackedFrame): boolean => tracking === 'tracked';

/** Without colour and depth: what a lens cap shows. */
const darkened = (frame: Frame): Frame => ({
  ...frame,
  image: { ...frame.image, data: new Uint8Array(frame.image.data.length) },
  depth: { ...frame.depth!, data: new Uint16Array(frame.depth!.data.length) },
});

describe('odometry with depth', () => {
  it('finds the walk to a few millimetres', async () => {
    using odometry = rgbd();
    const records = [...(await trackAll(odometry, walk)), ...odometry.finish()];

    const frames = latest(records);
    expect(frames).toHaveLength(frameCount);
    expect(frames.every(({ tracking, inliers }) => tracking === 'tracked' && inliers >= 50)).toBe(true);
    const error = trajectoryError(frames, truth());
    expect(error?.rmse).toBeLessThan(0.006);
  });

  it('answers the frame first, and revises only frames that it answered before', async () => {
    using odometry = rgbd();
    const answered = new Set<number>();
    for (const frame of walk) {
      const [current, ...revisions] = await odometry.track(frame);
      expect(current).toMatchObject({ ptsMicros: frame.ptsMicros, index: frame.index, revision: false });
      expect(revisions.every(({ revision, ptsMicros }) => revision && answered.has(ptsMicros))).toBe(true);
      answered.add(frame.ptsMicros);
    }
  });

  it('starts at the origin with z up although the camera looks down', async () => {
    using odometry = rgbd();
    const [first] = await odometry.track(walk[0]!);
    expect(Math.hypot(...cameraPosition(first!.worldFromCamera!))).toBe(0);
    // The last row says how much of world z each camera axis has; both worlds have the same vertical.
    const up = first!.worldFromCamera!.slice(8, 11);
    const trueUp = walk[0]!.recordedPose.slice(8, 11);
    const cosine = up.reduce((sum, value, i) => sum + value * trueUp[i]!, 0);
    expect((Math.acos(Math.min(1, cosine)) * 180) / Math.PI).toBeLessThan(1);
  });

  it('keeps the first frame, then frames as the view changes', async () => {
    using odometry = rgbd();
    const records = (await trackAll(odometry, walk)).filter(({ revision }) => !revision);
    const keyframes = records.filter(({ keyframe }) => keyframe);
    expect(keyframes[0]).toMatchObject({ index: 0, keyframeReason: 'first' });
    expect(keyframes.length).toBeGreaterThan(3);
    expect(keyframes.length).toBeLessThan(frameCount / 2);
  });

  it('predicts through a lens covered for a moment, and finds itself again', async () => {
    using odometry = rgbd();
    // The walk has 15 frames a second, so this is a quarter of a second.
    const covered = walk.map((frame, i) => (i >= 20 && i < 24 ? darkened(frame) : frame));
    const frames = latest([...(await trackAll(odometry, covered)), ...odometry.finish()]);

    expect(frames.slice(20, 24).every(({ tracking, inliers }) => tracking === 'predicted' && inliers === 0)).toBe(true);
    expect(frames.filter(({ tracking }) => tracking !== 'predicted').every(isTracked)).toBe(true);
    expect(frames.every(({ subMap }) => subMap === 0)).toBe(true);
    expect(trajectoryError(frames, truth())?.rmse).toBeLessThan(0.02);
  });

  it('is lost, without a pose, while a lens stays covered, and goes on in the same place afterwards', async () => {
    using odometry = rgbd();
    const end = walk[19]!.ptsMicros;
    const dark = Array.from({ length: 150 }, (_, i) => ({
      ...darkened(walk[19]!),
      ptsMicros: end + (i + 1) * 66_667,
      index: 20 + i,
    }));
    const later = walk.slice(20).map((frame) => ({ ...frame, ptsMicros: frame.ptsMicros + 10_000_000 }));
    const frames = latest([
      ...(await trackAll(odometry, [...walk.slice(0, 20), ...dark, ...later])),
      ...odometry.finish(),
    ]);

    const [first, last] = [frames.slice(20, 27), frames.slice(28, 170)];
    expect(first.every(({ tracking }) => tracking === 'predicted')).toBe(true);
    expect(last.every(({ tracking, worldFromCamera }) => tracking === 'lost' && worldFromCamera === undefined)).toBe(
      true,
    );
    const after = frames.slice(170);
    expect(after.every((frame) => isTracked(frame) && frame.subMap === 0)).toBe(true);
    const poses = [
      ...truth().slice(0, 20),
      ...later.map((frame) => ({ ...frame, worldFromCamera: frame.recordedPose })),
    ];
    expect(trajectoryError([...frames.slice(0, 20), ...after], poses)?.rmse).toBeLessThan(0.01);
  });

  it('begins a new sub-map at once where nothing is known', async () => {
    using odometry = rgbd();
    // Cut from one end of the room to the other, and half a turn besides.
    const [east, west] = [walk.slice(0, 20), walk.slice(20, 30)];
    const cut = west.map((frame, i): ReturnType<typeof walkFrame> => {
      const recordedPose = lookFrom([0.2 + 0.02 * i, 1, 0], Math.PI, 0);
      return { ...frame, ...renderRoom(recordedPose), recordedPose };
    });
    const frames = latest(await trackAll(odometry, [...east, ...cut]));

    expect(frames.filter(isTracked).length).toBeGreaterThan(26);
    expect(frames[19]!.subMap).toBe(0);
    expect(frames[29]).toMatchObject({ tracking: 'tracked', subMap: 1 });
    // Within the sub-map the camera walks as it should.
    const found = motionBetween(frames[24]!.worldFromCamera!, frames[29]!.worldFromCamera!);
    expect(found.metres).toBeCloseTo(0.1, 2);
  });

  it('leaves the event loop free while it works', async () => {
    using odometry = rgbd();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await odometry.track(walk[0]!);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it('refuses a frame of another size than its intrinsics', async () => {
    using odometry = Odometry.create({ intrinsics: { ...roomIntrinsics, width: 640 }, mode: 'rgbd' });
    await expect(odometry.track(walk[0]!)).rejects.toThrow('320 × 240');
  });
});

describe('odometry without depth', () => {
  const monocular = (): Odometry => Odometry.create({ intrinsics: roomIntrinsics, mode: 'monocular' });

  it('finds the walk up to its scale, the frames before the start included', async () => {
    using odometry = monocular();
    const records = await trackAll(odometry, walk);
    expect(records[0]).toMatchObject({ tracking: 'initialising' });

    const frames = latest([...records, ...odometry.finish()]);
    const posed = frames.filter(({ tracking }) => tracking === 'tracked');
    expect(posed.length).toBeGreaterThan(frameCount - 3);
    expect(frames[0]).toMatchObject({ tracking: 'tracked', worldFromCamera: expect.any(Array) as unknown });
    // The path is 1.5 m long.
    expect(trajectoryError(frames, truth(), true)?.rmse).toBeLessThan(0.01);
  });

  it('follows a turn on the spot, which shows no depth of what comes into view', async () => {
    using odometry = monocular();
    const start = walk.slice(0, 20);
    const stand = cameraPosition(start[19]!.recordedPose);
    const turn = Array.from({ length: 20 }, (_, i): ReturnType<typeof walkFrame> => {
      const recordedPose = lookFrom(stand, 0.09 + 0.08 * i, 0.3);
      return {
        ...renderRoom(recordedPose),
        recordedPose,
        index: 20 + i,
        ptsMicros: start[19]!.ptsMicros + (i + 1) * 66_667,
      };
    });
    const frames = latest(await trackAll(odometry, [...start, ...turn]));

    expect(frames.filter(({ tracking }) => tracking === 'tracked').length).toBeGreaterThan(37);
    const [from, to] = [frames[19]!, frames[39]!];
    const found = motionBetween(from.worldFromCamera!, to.worldFromCamera!).radians;
    const truth = motionBetween(start[19]!.recordedPose, turn[19]!.recordedPose).radians;
    expect(Math.abs(found - truth)).toBeLessThan(0.05);
  });

  it.each([0.75, 1.3])('finds the focal length from a guess of %f times it', async (share) => {
    const { fx, fy } = roomIntrinsics;
    const guess = { ...roomIntrinsics, fx: share * fx, fy: share * fy };
    using odometry = Odometry.create({ intrinsics: guess, mode: 'monocular', refineIntrinsics: true });
    const guessed = odometry.camera();
    expect(guessed.intrinsics).toEqual(guess);
    const frames = latest([...(await trackAll(odometry, walk)), ...odometry.finish()]);

    const { intrinsics, focalSigmaPixels = Infinity } = odometry.camera();
    expect(Math.abs(intrinsics.fx / fx - 1)).toBeLessThan(0.03);
    expect(intrinsics.fy / intrinsics.fx).toBeCloseTo(fy / fx, 9);
    expect(focalSigmaPixels).toBeLessThan(guessed.focalSigmaPixels! / 4);
    expect(Math.abs(intrinsics.fx - fx)).toBeLessThan(3 * focalSigmaPixels);
    // Frames from before it was known are revised.
    expect(trajectoryError(frames, truth(), true)?.rmse).toBeLessThan(0.02);

    const restored = Odometry.restore(odometry.snapshot());
    expect(restored.ok && restored.value.camera()).toEqual(odometry.camera());
  });

  it('keeps the focal length that it was given', async () => {
    using odometry = monocular();
    await trackAll(odometry, walk.slice(0, 30));
    expect(odometry.camera()).toEqual({ intrinsics: roomIntrinsics });
  });

  it('does not look at depth', async () => {
    using withDepth = monocular();
    using withoutDepth = monocular();
    const frames = walk.slice(0, 12);
    const blind = frames.map(({ ptsMicros, index, image }) => ({ ptsMicros, index, image }));
    expect(await trackAll(withDepth, frames)).toEqual(await trackAll(withoutDepth, blind));
  });
});

describe('views', () => {
  it('hand out every keyframe once, in order of time', async () => {
    using odometry = rgbd();
    const records = await trackAll(odometry, walk);
    const early = odometry.takeViews();
    const frames = latest([...records, ...odometry.finish()]);
    const views = [...early, ...odometry.takeViews()];

    const keyframes = frames.filter(({ keyframe }) => keyframe).map(({ ptsMicros }) => ptsMicros);
    expect(keyframes.length).toBeGreaterThan(3);
    expect(views.map(({ ptsMicros }) => ptsMicros)).toEqual(keyframes);
    expect(odometry.takeViews()).toEqual([]);
  });
});

describe('what moves in a keyframe', () => {
  /** Tracks the walk; the left half of the keyframe at `index` is said to move once `said` frames have followed it. */
  const trackExcluding = async (index: number, said: number): Promise<Odometry> => {
    const odometry = rgbd();
    const { width, height } = roomIntrinsics;
    const moving = Uint8Array.from({ length: width * height }, (_, i) => Number(i % width < width / 2));
    for (const frame of walk) {
      await odometry.track(frame);
      if (frame.index === index + said) {
        odometry.exclude(walk[index]!.ptsMicros, { data: moving, width, height });
      }
    }
    odometry.finish();
    return odometry;
  };

  it('is let go of alike, whether it is said at once or a frame later', async () => {
    using reference = rgbd();
    const records = await trackAll(reference, walk);
    // Where keyframes follow each other the window is adjusted in between, too.
    const keyframes = records.filter(({ keyframe, revision }) => keyframe && !revision).map(({ index }) => index);
    const index = keyframes.find((keyframe) => keyframe > 4) ?? 0;
    using atOnce = await trackExcluding(index, 0);
    using later = await trackExcluding(index, 1);

    expect(later.landmarks()).toEqual(atOnce.landmarks());
    reference.finish();
    expect(atOnce.landmarks()).not.toEqual(reference.landmarks());
  });

  const box: Thing = { min: [-0.3, 0.1, -1.3], max: [0.4, 0.5, 0.1] };
  /** Corners at its edges are seen a little beside it. */
  const rim = 4;

  /** Where the box is seen in a frame, with a rim, for what lies behind it is not known. */
  const boxIn = ({ data, width, height }: DepthImage, empty: DepthImage): ByteImage => {
    const isBox = (x: number, y: number): boolean => data[y * width + x] !== empty.data[y * width + x];
    const moving = Uint8Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return Number([-rim, 0, rim].some((dx) => [-rim, 0, rim].some((dy) => isBox(x + dx, y + dy))));
    });
    return { data: moving, width, height };
  };

  /** Landmarks on the box, after a walk past it; `isSaid`: each keyframe's box is said to move. */
  const landmarksOnBox = async (frames: readonly ReturnType<typeof walkFrame>[], isSaid: boolean): Promise<number> => {
    using odometry = rgbd();
    const records: TrackedFrame[] = [];
    for (const frame of frames) {
      const [current] = await odometry.track(frame);
      records.push(current!);
      if (isSaid && current!.keyframe) {
        odometry.exclude(frame.ptsMicros, boxIn(frame.depth, walk[frame.index]!.depth));
      }
    }
    odometry.finish();
    // Tracking has a world of its own, which begins at the first camera.
    const toRoom = compose(frames[0]!.recordedPose, invertPose(records[0]!.worldFromCamera!));
    const { positions } = odometry.landmarks();
    const points = Array.from({ length: positions.length / 3 }, (_, i) =>
      transformPoint(toRoom, [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!]),
    );
    const isOnBox = (point: Vector3): boolean =>
      point.every((value, axis) => value > box.min[axis]! - 0.05 && value < box.max[axis]! + 0.05);
    const floor = box.min[2] + 0.1;
    return points.filter((point) => isOnBox(point) && point[2] > floor).length;
  };

  it('has no landmarks', async () => {
    const frames = walk
      .slice(0, 30)
      .map((frame) => ({ ...frame, ...renderRoom(frame.recordedPose, roomIntrinsics, [box]) }));
    expect(await landmarksOnBox(frames, false)).toBeGreaterThan(20);
    expect(await landmarksOnBox(frames, true)).toBe(0);
  });

  it('is still let go of when tracking is taken up again in between', async () => {
    const { width, height } = roomIntrinsics;
    const moving = Uint8Array.from({ length: width * height }, (_, i) => Number(i % width < width / 2));
    using original = rgbd();
    using unsaid = rgbd();
    let read = 0;
    for (let isKeyframe = false; read < 5 || !isKeyframe; read++) {
      isKeyframe = (await original.track(walk[read]!))[0]!.keyframe;
      await unsaid.track(walk[read]!);
    }
    original.exclude(walk[read - 1]!.ptsMicros, { data: moving, width, height });
    const restored = Odometry.restore(original.snapshot());
    expect(restored.ok).toBe(true);
    using odometry = restored.ok ? restored.value : rgbd();
    const rest = walk.slice(read);
    expect([...(await trackAll(odometry, rest)), ...odometry.finish()]).toEqual([
      ...(await trackAll(original, rest)),
      ...original.finish(),
    ]);
    expect(odometry.landmarks()).toEqual(original.landmarks());
    await trackAll(unsaid, rest);
    unsaid.finish();
    expect(odometry.landmarks()).not.toEqual(unsaid.landmarks());
  });
});

describe('snapshot', () => {
  it.each(['rgbd', 'monocular'] as const)('lets %s odometry go on exactly as if never stopped', async (mode) => {
    using original = Odometry.create({ intrinsics: roomIntrinsics, mode });
    await trackAll(original, walk.slice(0, 22));
    const snapshot = original.snapshot();
    const expected = [...(await trackAll(original, walk.slice(22))), ...original.finish()];

    const restored = Odometry.restore(snapshot);
    expect(restored.ok).toBe(true);
    using odometry = restored.ok ? restored.value : rgbd();
    const actual = [...(await trackAll(odometry, walk.slice(22))), ...odometry.finish()];
    expect(actual).toEqual(expected);
    expect(odometry.landmarks()).toEqual(original.landmarks());
    expect(odometry.takeViews()).toEqual(original.takeViews());
  });

  it.each(['rgbd', 'monocular'] as const)('of %s odometry holds right after a keyframe', async (mode) => {
    using original = Odometry.create({ intrinsics: roomIntrinsics, mode });
    let read = 0;
    // The window of the tenth frame or so is still being adjusted.
    for (let isKeyframe = false; read < 10 || !isKeyframe; read++) {
      isKeyframe = (await original.track(walk[read]!))[0]!.keyframe;
    }
    const restored = Odometry.restore(original.snapshot());
    expect(restored.ok).toBe(true);
    using odometry = restored.ok ? restored.value : rgbd();
    expect(odometry.snapshot()).toEqual(original.snapshot());
    const rest = walk.slice(read);
    expect([...(await trackAll(odometry, rest)), ...odometry.finish()]).toEqual([
      ...(await trackAll(original, rest)),
      ...original.finish(),
    ]);
    expect(odometry.landmarks()).toEqual(original.landmarks());
  });

  it('does not change what follows, and nor does asking for anything else', async () => {
    using asked = rgbd();
    using unasked = rgbd();
    for (const frame of walk) {
      expect(await asked.track(frame)).toEqual(await unasked.track(frame));
      asked.snapshot();
      asked.landmarks();
      asked.takeViews();
      asked.camera();
    }
    expect(asked.finish()).toEqual(unasked.finish());
    expect(asked.landmarks()).toEqual(unasked.landmarks());
  });

  it('holds before the monocular start too', async () => {
    using original = Odometry.create({ intrinsics: roomIntrinsics, mode: 'monocular' });
    await trackAll(original, walk.slice(0, 2));
    const restored = Odometry.restore(original.snapshot());
    const expected = await trackAll(original, walk.slice(2, 14));
    expect(restored.ok && (await trackAll(restored.value, walk.slice(2, 14)))).toEqual(expected);
  });

  it('is refused when it is damaged, cut short or none', async () => {
    using odometry = rgbd();
    await odometry.track(walk[0]!);
    const snapshot = odometry.snapshot();
    const flipped = snapshot.map((byte, i) => (i === 5000 ? byte ^ 1 : byte));
    for (const bytes of [flipped, snapshot.subarray(0, 1000), new Uint8Array(3), new Uint8Array()]) {
      expect(Odometry.restore(bytes)).toMatchObject({ ok: false, error: { code: 'library-damaged' } });
    }
  });
});
