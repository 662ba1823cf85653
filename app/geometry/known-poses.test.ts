import { describe, expect, it } from 'vitest';
import type { Pose } from '../contract/geometry.ts';
import type { Frame } from '../media/frame.ts';
import { poseFrom } from './pose.ts';
import { KnownPoses, type PoseOf } from './known-poses.ts';

const image = { width: 1, height: 1, data: new Uint8Array(3) };

const frame = (index: number, recordedPose?: Pose): Frame => ({
  ptsMicros: index * 100_000,
  index,
  image,
  ...(recordedPose && { recordedPose }),
});

const poseOf: PoseOf = ({ recordedPose }) => recordedPose;

const at = (x: number): Pose => poseFrom([0, 0, 0, 1], [x, 0, 0]);

describe('KnownPoses', () => {
  it('takes the pose as it is', async () => {
    using tracker = new KnownPoses(poseOf);
    const [record] = await tracker.track(frame(0, at(1)));
    expect(record).toMatchObject({ tracking: 'recorded', worldFromCamera: at(1), keyframeReason: 'first' });
  });

  it('is lost where there is none, or none that can be', async () => {
    using tracker = new KnownPoses(poseOf);
    for (const pose of [undefined, at(Number.NaN)]) {
      const [record] = await tracker.track(frame(0, pose));
      expect(record).toMatchObject({ tracking: 'lost', keyframe: false });
      expect(record?.worldFromCamera).toBeUndefined();
    }
  });

  it('keeps a frame every 15 cm, every 15° and every two seconds', async () => {
    using tracker = new KnownPoses(poseOf);
    const turned = poseFrom([0, Math.sin(0.15), 0, Math.cos(0.15)], [0.2, 0, 0]);
    const poses = [at(0), at(0.1), at(0.2), turned, ...Array.from({ length: 21 }, () => turned)];
    const reasons: (string | undefined)[] = [];
    for (const [i, pose] of poses.entries()) {
      reasons.push((await tracker.track(frame(i, pose)))[0]?.keyframeReason);
    }
    expect(reasons.slice(0, 5)).toEqual(['first', undefined, 'motion', 'motion', undefined]);
    expect(reasons.indexOf('time')).toBe(23);
  });

  it('goes on from a snapshot', async () => {
    using tracker = new KnownPoses(poseOf);
    await tracker.track(frame(0, at(0)));
    const restored = KnownPoses.restore(poseOf, tracker.snapshot());
    expect(restored.ok && (await restored.value.track(frame(1, at(0.1))))[0]).toMatchObject({ keyframe: false });
    expect(KnownPoses.restore(poseOf, new Uint8Array([1]))).toMatchObject({
      ok: false,
      error: { code: 'library-damaged' },
    });
  });
});
