import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { farthest, multiply, productOfExponentials } from '../fixtures/franka-arm.ts';
import { loci, type Said } from '../fixtures/loci.ts';
import { makeRoomVideo, temporaryFolder } from '../fixtures/recordings.ts';
import { writeJointCsv, type JointSample } from '../fixtures/robot-logs.ts';

/** The arm sways evenly, so that positions between samples are known without interpolating them here. */
const jointsAt = (seconds: number): number[] =>
  [0, -0.5, 0.1, -1.6, 0, 2.4, 0.8].map((start, i) => start + [0.4, 0.3, -0.2, 0.25, 0.1, -0.3, 0.5][i]! * seconds);
/** The base rolls along x and turns, on the floor. */
const baseAt = (seconds: number): { readonly x: number; readonly y: number; readonly yaw: number } => ({
  x: -1 + 0.6 * seconds,
  y: -0.5,
  yaw: 0.3 * seconds,
});
const turned = (yaw: number, x: number, y: number): number[] => [
  ...[Math.cos(yaw), -Math.sin(yaw), 0, x],
  ...[Math.sin(yaw), Math.cos(yaw), 0, y],
  ...[0, 0, 1, 0],
  ...[0, 0, 0, 1],
];
/** The camera is bolted 4 cm before the flange, turned by a quarter. */
const tipFromCamera = [0, -1, 0, 0.04, 1, 0, 0, 0.01, 0, 0, 1, 0.03, 0, 0, 0, 1];
const cameraAt = (seconds: number): number[] => {
  const { x, y, yaw } = baseAt(seconds);
  return multiply(multiply(turned(yaw, x, y), productOfExponentials(jointsAt(seconds))), tipFromCamera);
};

const framesPerSecond = 30;
const frames = 45;
/** The robot's clock, far from the recording's. */
const clockSeconds = 5_000;

interface RobotRecording {
  readonly video: string;
  readonly robot: readonly string[];
}

/** A video from a camera on a mobile Panda, its logs at 100 Hz, and the options that name them. */
const makeRobotRecording = async (
  folder: string,
  isKnown: (seconds: number) => boolean = () => true,
): Promise<RobotRecording> => {
  const poses = Array.from({ length: frames }, (_, i) => cameraAt(i / framesPerSecond));
  const { path: video, intrinsics } = await makeRoomVideo(folder, { poses, framesPerSecond });
  const times = Array.from({ length: 200 }, (_, i) => i / 100 - 0.2);
  const samples = times.map((time): JointSample => ({
    seconds: clockSeconds + time,
    positions: jointsAt(time).map((position) => (isKnown(time) ? position : Number.NaN)),
  }));
  const joints = await writeJointCsv(folder, samples);
  const base = join(folder, 'base.jsonl');
  const rows = times
    .filter(isKnown)
    .map((time) => JSON.stringify({ time_us: (clockSeconds + time) * 1e6, ...baseAt(time) }));
  await writeFile(base, rows.join('\n'));
  const handEye = join(folder, 'hand-eye.json');
  await writeFile(handEye, JSON.stringify({ tipFromCamera }));
  const { fx, fy, cx, cy } = intrinsics;
  return {
    video,
    robot: [
      ...['--poses', 'robot', '--robot', 'panda', '--joints', joints, '--base', base, '--hand-eye', handEye],
      ...['--joint-offset-seconds', String(-clockSeconds), '--intrinsics', [fx, fy, cx, cy].join(',')],
    ],
  };
};

const ingest = (folder: string, { video, robot }: RobotRecording, ...more: string[]): Promise<Said> =>
  loci('ingest', video, '--library', join(folder, 'library'), '--environment', 'room', '--json', ...robot, ...more);

/** Rows time, x, y, z, qx, qy, qz, qw of the trajectory that the library holds. */
const trajectoryOf = async (folder: string): Promise<number[][]> => {
  const out = join(folder, 'trajectory.txt');
  await loci('export', 'trajectory', '--library', join(folder, 'library'), '--environment', 'room', '--out', out);
  return (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
};

const warningsOf = (said: Said): { code: string; message: string }[] =>
  said.lines.flatMap(({ warning }) => (warning ? [warning as { code: string; message: string }] : []));

/** The direction in which the camera looks and its place, from a row of the trajectory. */
const rayOf = ([, x, y, z, qx, qy, qz, qw]: readonly number[]): number[] => [
  ...[x!, y!, z!],
  ...[2 * (qx! * qz! + qw! * qy!), 2 * (qy! * qz! - qw! * qx!), 1 - 2 * (qx! * qx! + qy! * qy!)],
];

describe('a camera on a robot’s hand', () => {
  it('is where base, joints and hand–eye transform put it, in metres, at every frame', async () => {
    await using folder = await temporaryFolder();
    const said = await ingest(folder.path, await makeRobotRecording(folder.path));
    expect(said.stderr).toBe('');
    expect(warningsOf(said)).toEqual([]);
    expect(said.lines.at(-1)).toMatchObject({
      ...{ type: 'summary', frames, scale: 'metric' },
      tracking: { tracked: frames, lost: 0 },
    });
    const trajectory = await trajectoryOf(folder.path);
    expect(trajectory).toHaveLength(frames);
    for (const row of trajectory) {
      const truth = cameraAt(row[0]!);
      expect(
        farthest(
          rayOf(row),
          [3, 7, 11, 2, 6, 10].map((i) => truth[i]!),
        ),
      ).toBeLessThan(5e-6);
    }
    const [session] = (await loci('sessions', '--library', join(folder.path, 'library'), '--json')).lines;
    expect(session).toMatchObject({ poses: { kind: 'robot', robot: 'panda' } });
  });

  it('has no pose where the logs have a gap or NaN, which is named, and goes on after it', async () => {
    await using folder = await temporaryFolder();
    const isKnown = (seconds: number): boolean => seconds < 0.515 || seconds > 1.015;
    const recording = await makeRobotRecording(folder.path, isKnown);
    const said = await ingest(folder.path, recording);
    expect(said.status).toBe(0);
    expect(warningsOf(said).map(({ message }) => message)).toEqual([
      expect.stringMatching(/joints\.csv \(line 74\): 50 rows are passed over, which lack a finite number/),
      expect.stringContaining('joints.csv: there is 1 gap of more than 0.2 s'),
      expect.stringContaining('base.jsonl: there is 1 gap of more than 0.2 s'),
    ]);
    const known = (await trajectoryOf(folder.path)).map(([seconds]) => seconds!);
    const all = Array.from({ length: frames }, (_, i) => Number((i / framesPerSecond).toFixed(6)));
    expect(known).toEqual(all.filter(isKnown));
    expect(said.lines.at(-1)).toMatchObject({
      tracking: { tracked: known.length, lost: frames - known.length },
    });
  });

  it('is refused with the offset that is missing when the logs are of another time', async () => {
    await using folder = await temporaryFolder();
    const said = await ingest(folder.path, await makeRobotRecording(folder.path), '--joint-offset-seconds', '0');
    expect(said.status).toBe(1);
    expect(said.stderr).toContain('(log-invalid)');
    expect(said.stderr).toContain('-4999.800 joins the beginnings');
  });

  it('needs to know the robot and its joints', async () => {
    const said = await loci('ingest', 'video.mp4', '--environment', 'room', '--poses', 'robot', '--robot', 'panda');
    expect(said.status).toBe(2);
    expect(said.stderr).toContain('--joints');
  });
});
