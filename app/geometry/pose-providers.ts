import type { Result } from '../contract/errors.ts';
import type { Poses } from '../contract/job.ts';
import type { SourceInfo } from '../media/frame.ts';
import { openRecordedPoses } from './known-poses.ts';
import { openRobotPoses } from './kinematics/robot-poses.ts';
import { openOdometry } from './odometry.ts';
import type { OpenPoses, PoseProvider } from './pose-provider.ts';

/** Where poses can come from. Adding a kind is adding its file and an entry to one of these. */
const named: Readonly<Record<Extract<Poses, string>, OpenPoses<string>>> = {
  tracked: openOdometry,
  recorded: openRecordedPoses,
};
const described = { robot: openRobotPoses };

/** Opens what gives the poses of a recording. */
export const openPoses = (poses: Poses, recording: SourceInfo): Promise<Result<PoseProvider>> =>
  typeof poses === 'string' ? named[poses](poses, recording) : described[poses.kind](poses, recording);
