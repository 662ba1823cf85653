import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { robotPosesSchema } from '../../contract/job.ts';
import type { Frame, SourceInfo } from '../../media/frame.ts';
import { expectValue } from '../../../test/fixtures/reading.ts';
import { temporaryFolder } from '../../../test/fixtures/recordings.ts';
import { writeJointCsv } from '../../../test/fixtures/robot-logs.ts';
import type { PoseProvider } from '../pose-provider.ts';
import { openPoses } from '../pose-providers.ts';
import { mixPoses } from './robot-poses.ts';

const recording: SourceInfo = {
  ...{ kind: 'video', path: 'video.mp4', fingerprint: 'f', width: 4, height: 3, frameRate: 10 },
  ...{ durationMicros: 4e6, hasDepth: false, hasRecordedPoses: false },
};
const frameAt = (seconds: number): Frame => ({
  ptsMicros: Math.round(seconds * 1e6),
  index: 0,
  image: { width: 1, height: 1, data: new Uint8Array(3) },
});

/** One joint that turns without end and carries its tip 2 m out, so that the tip's place tells the angle. */
const table = {
  ...{ version: 1, robot: 'boom', convention: 'modified' },
  joints: [
    { name: 'swing', type: 'continuous' },
    { name: 'end', type: 'fixed', a: 2 },
  ],
};

const openBoom = async (
  folder: string,
  angles: readonly (readonly [seconds: number, radians: number])[],
): Promise<PoseProvider> => {
  const robot = join(folder, 'boom.json');
  await writeFile(robot, JSON.stringify(table));
  const joints = await writeJointCsv(
    folder,
    angles.map(([seconds, radians]) => ({ seconds, positions: [radians] })),
  );
  const poses = robotPosesSchema.parse({ kind: 'robot', robot, joints, maxGapSeconds: 1 });
  return expectValue(await openPoses(poses, recording));
};

const intrinsics = { fx: 4, fy: 4, cx: 2, cy: 1.5, width: 4, height: 3 };

/** The angle of the boom at a time, or `lost`. */
const angleAt = async (provider: PoseProvider, seconds: number): Promise<number | string> => {
  using tracker = provider.start({ intrinsics, mode: 'monocular' });
  const [record] = await tracker.track(frameAt(seconds));
  const pose = record?.worldFromCamera;
  return pose ? Math.atan2(pose[7]! / 2, pose[3]! / 2) : record!.tracking;
};

describe('poses from a robot', () => {
  it('are interpolated in proportion to time', async () => {
    await using folder = await temporaryFolder();
    const provider = await openBoom(folder.path, [
      [0, 0],
      [1, 0.8],
    ]);
    expect(await angleAt(provider, 0)).toBeCloseTo(0, 12);
    expect(await angleAt(provider, 0.25)).toBeCloseTo(0.2, 12);
    expect(await angleAt(provider, 1)).toBeCloseTo(0.8, 12);
  });

  it('go the shorter way round where a joint that turns without end was logged modulo a turn', async () => {
    await using folder = await temporaryFolder();
    const provider = await openBoom(folder.path, [
      [0, Math.PI - 0.1],
      [1, -Math.PI + 0.3],
    ]);
    expect(await angleAt(provider, 0.75)).toBeCloseTo(-Math.PI + 0.2, 12);
  });

  it('are lost before, after and in long gaps of the log, and are not extrapolated', async () => {
    await using folder = await temporaryFolder();
    const provider = await openBoom(folder.path, [
      [0.5, 0],
      [1.5, 0.1],
      [2.6, 0.2],
    ]);
    const found = await Promise.all([0.4, 1, 2, 2.6, 2.7].map((seconds) => angleAt(provider, seconds)));
    expect(found).toEqual(['lost', expect.closeTo(0.05, 9), 'lost', expect.closeTo(0.2, 9), 'lost']);
  });

  it('go on from a snapshot with the same keyframes', async () => {
    await using folder = await temporaryFolder();
    const provider = await openBoom(folder.path, [
      [0, 0],
      [1, 0.2],
    ]);
    using tracker = provider.start({ intrinsics, mode: 'monocular' });
    await tracker.track(frameAt(0));
    using resumed = expectValue(provider.resume(tracker.snapshot()));
    for (const seconds of [0.2, 0.5]) {
      expect(await resumed.track(frameAt(seconds))).toEqual(await tracker.track(frameAt(seconds)));
    }
  });

  it('have another fingerprint when the log is another', async () => {
    await using folder = await temporaryFolder();
    const one = await openBoom(folder.path, [[0, 0]]);
    const other = await openBoom(folder.path, [
      [0, 0],
      [1, 1],
    ]);
    expect(one.fingerprint).not.toBe(other.fingerprint);
  });

  it('say that the camera is taken to be the tip when no hand–eye transform is given', async () => {
    await using folder = await temporaryFolder();
    const provider = await openBoom(folder.path, [[0, 0]]);
    expect(provider).toMatchObject({ isMetric: true, hasOwnWorld: true, warnings: [{ code: 'robot-invalid' }] });
  });

  it('refuse a hand–eye transform that is none', async () => {
    await using folder = await temporaryFolder();
    const robot = join(folder.path, 'boom.json');
    await writeFile(robot, JSON.stringify(table));
    const joints = await writeJointCsv(folder.path, [{ seconds: 0, positions: [0] }]);
    const handEye = join(folder.path, 'hand-eye.json');
    for (const content of ['{"tipFromCamera":[1,2]}', '{"translation":[0,0,0],"quaternion":[0,0,0,0]}', 'none']) {
      await writeFile(handEye, content);
      const opened = await openPoses(robotPosesSchema.parse({ kind: 'robot', robot, joints, handEye }), recording);
      expect(opened).toMatchObject({ ok: false, error: { code: 'robot-invalid', file: handEye } });
    }
  });
});

describe('a base between two samples', () => {
  it('turns evenly about one axis while it moves evenly', () => {
    const about = (radians: number): number[] => [0, 0, Math.sin(radians / 2), Math.cos(radians / 2)];
    const pose = mixPoses({ before: [0, 0, 0, ...about(0.2)], after: [1, 2, 0, ...about(1.4)], share: 0.25 });
    expect([pose[3], pose[7]]).toEqual([0.25, 0.5]);
    expect(Math.atan2(pose[4]!, pose[0]!)).toBeCloseTo(0.5, 12);
  });
});
