import { dirname, resolve } from 'node:path';
import { quat } from 'gl-matrix';
import { lociError, success, type LociError, type Result } from '../../contract/errors.ts';
import type { Pose } from '../../contract/geometry.ts';
import type { RobotPoses } from '../../contract/job.ts';
import { fingerprintOf } from '../../media/fingerprint.ts';
import type { SourceInfo } from '../../media/frame.ts';
import { KnownPoses, type PoseOf } from '../known-poses.ts';
import type { OpenPoses } from '../pose-provider.ts';
import { compose, identityPose, poseFrom } from '../pose.ts';
import { forwardKinematics, type KinematicChain } from './chain.ts';
import { readHandEye } from './hand-eye.ts';
import { readBaseLog } from './logs/base-log.ts';
import { readJointLog } from './logs/joint-log.ts';
import type { SampledLog } from './logs/read-samples.ts';
import type { Bracket, TimedSamples } from './logs/timed-samples.ts';
import { logInvalid } from './robot-errors.ts';
import { openRobot, shippedRobots } from './robot-description.ts';

/** The angle between −½ and ½ turn. */
const wrap = (radians: number): number => radians - 2 * Math.PI * Math.round(radians / (2 * Math.PI));

/** Positions between two samples: in proportion, the shorter way round where a joint turns without end. */
export const mixJoints = (chain: KinematicChain, { before, after, share }: Bracket): number[] =>
  before.map((position, i) => {
    const endless = chain.joints.some(({ variable, type }) => variable === i && type === 'continuous');
    const difference = (after[i] ?? Number.NaN) - position;
    return position + share * (endless ? wrap(difference) : difference);
  });

/** A pose between two samples x, y, z, qx, qy, qz, qw: places in proportion, turns along the great arc (slerp). */
export const mixPoses = ({ before, after, share }: Bracket): Pose => {
  const at = (row: readonly number[], i: number): number => row[i] ?? Number.NaN;
  const place = (i: number): number => at(before, i) + share * (at(after, i) - at(before, i));
  const turnOf = (row: readonly number[]): quat => [at(row, 3), at(row, 4), at(row, 5), at(row, 6)];
  const turn: [number, number, number, number] = [0, 0, 0, 1];
  quat.slerp(turn, turnOf(before), turnOf(after), share);
  return poseFrom(turn, [place(0), place(1), place(2)]);
};

/** What a robot's camera pose is computed from. */
interface Robot {
  readonly chain: KinematicChain;
  readonly tipFromCamera: Pose;
  readonly joints: TimedSamples;
  readonly base?: TimedSamples;
}

/** `worldFromCamera` = base pose ∘ chain ∘ hand–eye at a frame's time on the clock of the logs. */
const poseFunction =
  ({ chain, tipFromCamera, joints, base }: Robot, { offsetSeconds, maxGapSeconds }: RobotPoses): PoseOf =>
  ({ ptsMicros }) => {
    const logMicros = ptsMicros - offsetSeconds * 1e6;
    const positions = joints.around(logMicros, maxGapSeconds * 1e6);
    const standing = base?.around(logMicros, maxGapSeconds * 1e6);
    if (positions === undefined || (base !== undefined && standing === undefined)) {
      return undefined;
    }
    const worldFromBase = standing ? mixPoses(standing) : identityPose;
    const baseFromTip = forwardKinematics(chain, mixJoints(chain, positions));
    return compose(worldFromBase, compose(baseFromTip, tipFromCamera));
  };

const seconds = (micros: number): string => (micros / 1e6).toFixed(3);

/** Refuses a log that was taken at another time than the recording, and says which offset would join their beginnings. */
const checkOverlap = (
  file: string,
  samples: TimedSamples,
  { offsetSeconds }: RobotPoses,
  { durationMicros = Infinity }: SourceInfo,
): Result<undefined> => {
  const [first = 0, last = 0] = [samples.firstMicros, samples.lastMicros];
  const [from, to] = [first + offsetSeconds * 1e6, last + offsetSeconds * 1e6];
  if (to >= 0 && from <= durationMicros) {
    return success(undefined);
  }
  const recording = Number.isFinite(durationMicros) ? `0 to ${seconds(durationMicros)} s` : 'from 0 s';
  return logInvalid(
    file,
    `it covers ${seconds(from)} to ${seconds(to)} s of presentation time, the recording ${recording}`,
    `Pass --joint-offset-seconds, which is added to the times of the log; ${seconds(-first)} joins the beginnings.`,
  );
};

const gapWarning = (file: string, samples: TimedSamples, maxGapSeconds: number): LociError[] => {
  const { count, longestMicros } = samples.gaps(maxGapSeconds * 1e6);
  const gaps = count === 1 ? 'is 1 gap' : `are ${count} gaps`;
  const reason = `there ${gaps} of more than ${maxGapSeconds} s, the longest of ${seconds(longestMicros)} s`;
  const hint = 'Frames within have no pose; --joint-gap-seconds sets how long a gap is interpolated over.';
  return count === 0 ? [] : [lociError('log-invalid', `${file}: ${reason}`, hint, { file })];
};

const cameraAtTip = ({ tip }: KinematicChain): LociError =>
  lociError(
    'robot-invalid',
    `No hand–eye transform is given; the camera is taken to be the link ${tip} itself, looking along its z axis`,
    'Pass --hand-eye with the calibrated transform.',
  );

/** Poses of a camera on a robot's arm, which may stand on a moving base, from the robot's logs. */
export const openRobotPoses: OpenPoses<RobotPoses> = async (request, recording) => {
  const robotFile = request.robot in shippedRobots ? undefined : resolve(request.robot);
  const chain = await openRobot(robotFile ?? request.robot, { base: request.baseLink, tip: request.tip });
  if (!chain.ok) {
    return chain;
  }
  const handEyeFile = request.handEye === undefined ? undefined : resolve(request.handEye);
  const tipFromCamera = handEyeFile === undefined ? success(identityPose) : await readHandEye(handEyeFile);
  if (!tipFromCamera.ok) {
    return tipFromCamera;
  }
  const { timeUnit, jointTopic, baseTopic } = request;
  const jointFile = resolve(request.joints);
  const joints = await readJointLog(jointFile, chain.value, { topic: jointTopic, timeUnit });
  if (!joints.ok) {
    return joints;
  }
  const baseFile = request.base === undefined ? undefined : resolve(request.base);
  const base = baseFile === undefined ? undefined : await readBaseLog(baseFile, { topic: baseTopic, timeUnit });
  if (base?.ok === false) {
    return base;
  }
  const logs: readonly (readonly [string, SampledLog])[] = [
    [jointFile, joints.value] as const,
    ...(baseFile !== undefined && base ? [[baseFile, base.value] as const] : []),
  ];
  for (const [file, { samples }] of logs) {
    const overlap = checkOverlap(file, samples, request, recording);
    if (!overlap.ok) {
      return overlap;
    }
  }
  const poseOf = poseFunction(
    {
      chain: chain.value,
      tipFromCamera: tipFromCamera.value,
      joints: joints.value.samples,
      ...(base && { base: base.value.samples }),
    },
    request,
  );
  const files = [robotFile, handEyeFile, jointFile, baseFile].filter((file) => file !== undefined);
  return success({
    isMetric: true,
    hasOwnWorld: true,
    fingerprint: await fingerprintOf(dirname(jointFile), files),
    warnings: [
      ...(handEyeFile === undefined ? [cameraAtTip(chain.value)] : []),
      ...logs.flatMap(([file, { samples, warnings }]) => [
        ...warnings,
        ...gapWarning(file, samples, request.maxGapSeconds),
      ]),
    ],
    start: () => new KnownPoses(poseOf),
    resume: (snapshot) => KnownPoses.restore(poseOf, snapshot),
  });
};
