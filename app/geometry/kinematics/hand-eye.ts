import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { success, type Result } from '../../contract/errors.ts';
import { poseSchema, vector3Schema, type Pose } from '../../contract/geometry.ts';
import { poseFrom, rigidPose } from '../pose.ts';
import { reasonOf, robotInvalid } from './robot-errors.ts';

const handEyeSchema = z.union([
  z.object({ tipFromCamera: poseSchema }).transform(({ tipFromCamera }) => tipFromCamera),
  z
    .object({ translation: vector3Schema, quaternion: z.tuple([z.number(), z.number(), z.number(), z.number()]) })
    .transform(({ translation, quaternion: [x, y, z, w] }) => {
      const length = Math.hypot(x, y, z, w);
      return poseFrom([x / length, y / length, z / length, w / length], translation);
    }),
]);

const hint =
  'Give {"tipFromCamera": 16 numbers, row by row} or {"translation": [x, y, z], "quaternion": [x, y, z, w]}, in metres.';

/** Reads the file of a hand–eye calibration: where the camera sits on the chain's tip, as `tipFromCamera`. */
export const readHandEye = async (file: string): Promise<Result<Pose>> => {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    return robotInvalid(file, `it cannot be read: ${reasonOf(thrown)}`, hint);
  }
  const parsed = handEyeSchema.safeParse(content);
  if (!parsed.success) {
    return robotInvalid(file, 'it holds no hand–eye transform', hint);
  }
  const pose = rigidPose(parsed.data);
  return pose.ok ? success(pose.value) : robotInvalid(file, pose.error.message, hint);
};
