import type { Result } from '../../../contract/errors.ts';
import type { TimeUnit } from '../../../contract/job.ts';
import type { LogRow } from './log-file.ts';
import { readSamples, type SampledLog, type SampleReader } from './read-samples.ts';

type Message = LogRow['message'];

/** ROS poses, odometry and transforms, `foxglove.PoseInFrame` and `FrameTransform`. */
const poseSchema = /(PoseStamped|PoseWithCovarianceStamped|Odometry|PoseInFrame|TransformStamped|FrameTransform)$/;

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Message)[name] : undefined;

const numbersOf = (value: unknown, names: readonly string[]): readonly number[] | undefined => {
  const numbers = names.map((name) => fieldOf(value, name));
  return numbers.includes(undefined) ? undefined : numbers.map(Number);
};

/** A message's pose, however deep: `pose.pose` of odometry, `pose`, `transform`, or the message itself. */
const nestedPose = (message: unknown): readonly number[] | undefined => {
  const inner = fieldOf(message, 'pose') ?? fieldOf(message, 'transform');
  if (inner !== undefined) {
    return nestedPose(inner);
  }
  const position = numbersOf(fieldOf(message, 'position') ?? fieldOf(message, 'translation'), ['x', 'y', 'z']);
  const turn = numbersOf(fieldOf(message, 'orientation') ?? fieldOf(message, 'rotation'), ['x', 'y', 'z', 'w']);
  return position && turn && [...position, ...turn];
};

/** A flat row: place and quaternion as in TUM's files, or place on the floor and yaw in radians. */
const flatPose = (message: Message): readonly number[] | undefined => {
  const position = numbersOf(message, ['x', 'y', 'z']) ?? numbersOf(message, ['tx', 'ty', 'tz']);
  const turn = numbersOf(message, ['qx', 'qy', 'qz', 'qw']);
  if (position && turn) {
    return [...position, ...turn];
  }
  const planar = numbersOf(message, ['x', 'y', 'yaw']) ?? numbersOf(message, ['x', 'y', 'theta']);
  const [x = 0, y = 0, yaw = 0] = planar ?? [];
  return planar && [x, y, position?.[2] ?? 0, 0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)];
};

const unitTurn = (numbers: readonly number[]): readonly number[] => {
  const length = Math.hypot(...numbers.slice(3));
  return [...numbers.slice(0, 3), ...numbers.slice(3).map((value) => value / length)];
};

/** Reads where a mobile base was: rows x, y, z in metres and a unit quaternion x, y, z, w, as `worldFromBase`. */
export const readBaseLog = (
  file: string,
  options: { readonly topic?: string | undefined; readonly timeUnit?: TimeUnit | undefined },
): Promise<Result<SampledLog>> => {
  const reader: SampleReader = {
    stream: { topic: options.topic, schema: poseSchema },
    width: 7,
    expected: 'a pose: x, y, z, qx, qy, qz, qw, or x, y, yaw, or position and orientation',
    numbersOf: (message) => {
      const pose = flatPose(message) ?? nestedPose(message);
      return pose && unitTurn(pose);
    },
  };
  return readSamples(file, reader, options.timeUnit);
};
