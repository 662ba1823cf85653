import { readFile } from 'node:fs/promises';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { Pose } from '../contract/geometry.ts';

/** Says what is wrong with a recorded pose, where, and what becomes of the frame. */
export const poseInvalid = (file: string, reason: string, place?: string): LociError =>
  lociError(
    'pose-invalid',
    `${file}${place === undefined ? '' : ` (${place})`}: ${reason}`,
    'The frame is used without its recorded pose. Mend or delete the file if poses are needed.',
    { file, ...(place !== undefined && { place }) },
  );

const numbersIn = (text: string): number[] => text.trim().split(/\s+/).map(Number);

/** Reads a 4×4 row-major matrix, camera-to-world; a string says why it is none. */
export const parsePose = (text: string): Pose | string => {
  const numbers = numbersIn(text);
  if (text.trim() === '' || numbers.length !== 16) {
    return `expected a 4×4 matrix, found ${text.trim() === '' ? 0 : numbers.length} numbers`;
  }
  return numbers.every(Number.isFinite) ? numbers : 'the matrix holds a value that is not a finite number';
};

/** Reads a file that holds one pose. */
export const readPose = async (file: string): Promise<Result<Pose>> => {
  try {
    const pose = parsePose(await readFile(file, 'utf8'));
    return typeof pose === 'string' ? failure(poseInvalid(file, pose)) : success(pose);
  } catch (thrown) {
    return failure(poseInvalid(file, thrown instanceof Error ? thrown.message : String(thrown)));
  }
};

/**
 * Reads an Open3D `trajectory.log`: for every frame a header line, whose first number is the frame's place in the
 * recording, and a 4×4 camera-to-world matrix.
 */
export const readTrajectoryLog = async (file: string): Promise<ReadonlyMap<number, Result<Pose>>> => {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '');
  const poses = new Map<number, Result<Pose>>();
  for (let i = 0; i < lines.length; i += 5) {
    const place = `block ${i / 5 + 1}`;
    const index = numbersIn(lines[i] ?? '')[0] ?? Number.NaN;
    const pose = parsePose(lines.slice(i + 1, i + 5).join('\n'));
    const valid = typeof pose !== 'string' && Number.isInteger(index);
    const reason = typeof pose === 'string' ? pose : 'the header line does not begin with a frame number';
    poses.set(
      Number.isInteger(index) ? index : i / 5,
      valid ? success(pose) : failure(poseInvalid(file, reason, place)),
    );
  }
  return poses;
};

/** Rotation matrix of a quaternion x, y, z, w of any length but 0 and a translation, as one 4×4 row-major matrix. */
export const poseFrom = (translation: readonly number[], quaternion: readonly number[]): Pose | undefined => {
  const [tx = 0, ty = 0, tz = 0] = translation;
  const length = Math.hypot(...quaternion);
  const [x = 0, y = 0, z = 0, w = 0] = quaternion.map((value) => value / length);
  const pose = [
    ...[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), tx],
    ...[2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), ty],
    ...[2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), tz],
    ...[0, 0, 0, 1],
  ];
  return pose.every(Number.isFinite) ? pose : undefined;
};

/** ARKit's world has y up; turned about x it has z up. */
export const withZUp = (pose: Pose): Pose => [
  ...pose.slice(0, 4),
  ...pose.slice(8, 12).map((value) => 0 - value),
  ...pose.slice(4, 8),
  ...pose.slice(12),
];

/** Reads the seven numbers `tx ty tz qx qy qz qw` of a line of a TUM trajectory; the pose is camera-to-world. */
export const parseTumPose = (words: readonly string[]): Pose | undefined => {
  const numbers = words.map(Number);
  return numbers.length === 7 ? poseFrom(numbers.slice(0, 3), numbers.slice(3)) : undefined;
};
