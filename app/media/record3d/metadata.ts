import { quat, vec3 } from 'gl-matrix';
import { z } from 'zod';
import { failure, lociError, success } from '../../contract/errors.ts';
import type { Result } from '../../contract/errors.ts';
import { intrinsicsSchema } from '../../contract/geometry.ts';
import type { Intrinsics, Pose } from '../../contract/geometry.ts';
import { poseFrom, poseInvalid, withZUp } from '../pose-file.ts';
import type { ImageSize } from '../scaling.ts';

const side = z.int().positive();

/** What Loci uses of a recording's `metadata`. */
const metadataSchema = z.object({
  w: side,
  h: side,
  dw: side.optional(),
  dh: side.optional(),
  /** Written column by column. */
  K: z.array(z.number()).length(9),
  fps: z.number().positive().optional(),
  /** Seconds. */
  frameTimestamps: z.array(z.number()).optional(),
  /** One for each frame; checked one by one. */
  poses: z.array(z.unknown()).default([]),
  initPose: z.unknown().optional(),
});

/** What a recording tells of all its frames. */
export interface Metadata {
  /** Of the colour images, as its camera is given. */
  readonly size: ImageSize;
  readonly depthSize: ImageSize;
  readonly intrinsics: Intrinsics;
  readonly framesPerSecond: number | undefined;
  readonly timesSeconds: readonly number[] | undefined;
  /** Camera-to-world with z up, by the number of the frame; empty when the recording was not tracked. */
  readonly poses: readonly Result<Pose>[];
}

/** Depth of the back camera, as it stands in recordings that do not tell. */
const depthShortSide = 192;
const depthLongSide = 256;

/** A rotation x, y, z, w and a translation, as the app writes them in one list. */
const storedPoseSchema = z
  .tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])
  .transform(([qx, qy, qz, qw, tx, ty, tz]) => ({
    rotation: [qx, qy, qz, qw] as [number, number, number, number],
    translation: [tx, ty, tz] as [number, number, number],
  }));
type StoredPose = z.infer<typeof storedPoseSchema>;

const isIdentity = ({ rotation, translation }: StoredPose): boolean =>
  Math.abs(rotation[3]) > 1 - 1e-9 && Math.hypot(...translation) < 1e-9;

const compose = (a: StoredPose, b: StoredPose): StoredPose => {
  const translation = vec3.transformQuat([0, 0, 0], b.translation, a.rotation);
  return {
    rotation: quat.multiply([0, 0, 0, 1], a.rotation, b.rotation) as StoredPose['rotation'],
    translation: vec3.add(translation, translation, a.translation) as StoredPose['translation'],
  };
};

/** ARKit's camera looks along −z with y up; Loci's along z with y down. */
const lookingAlongZ = (pose: Pose): Pose => pose.map((value, i) => (i % 4 === 1 || i % 4 === 2 ? 0 - value : value));

const toPose = ({ rotation, translation }: StoredPose): Pose | undefined => {
  const pose = poseFrom(translation, rotation);
  return pose && withZUp(lookingAlongZ(pose));
};

/** Recordings of the front camera repeat one pose: nothing tracked them. */
const neverMoves = (poses: readonly unknown[]): boolean =>
  poses.length > 1 && poses.every((pose) => JSON.stringify(pose) === JSON.stringify(poses[0]));

/** Poses that begin at nothing count from the first frame; `initPose` says where in ARKit's world that was. */
const readPoses = (file: string, stored: readonly unknown[], initPose: unknown): readonly Result<Pose>[] => {
  if (neverMoves(stored)) {
    return [];
  }
  const parsed = stored.map((pose) => storedPoseSchema.safeParse(pose).data);
  const begin = storedPoseSchema.safeParse(initPose).data;
  const relative = parsed[0] !== undefined && isIdentity(parsed[0]);
  return parsed.map((pose, i) => {
    const world = pose && relative && begin ? compose(begin, pose) : pose;
    const read = world && toPose(world);
    return read ? success(read) : failure(poseInvalid(file, 'expected seven finite numbers', `poses[${i}]`));
  });
};

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
};

const invalid = (file: string, place: string): Result<never> =>
  failure(
    lociError(
      'source-unreadable',
      `${file} does not tell the camera and the size of the pictures${place && ` (${place})`}`,
      'Export the recording from Record3D again, as .r3d.',
      { file, ...(place && { place }) },
    ),
  );

/** Reads the `metadata` of a recording; `file` names it in messages. */
export const readMetadata = (bytes: Uint8Array, file: string): Result<Metadata> => {
  const parsed = metadataSchema.safeParse(parseJson(bytes));
  if (!parsed.success) {
    return invalid(file, parsed.error.issues[0]?.path.join('.') ?? '');
  }
  const { w: width, h: height, K: k, poses, initPose, fps, frameTimestamps } = parsed.data;
  const intrinsics = intrinsicsSchema.safeParse({ fx: k[0], fy: k[4], cx: k[6], cy: k[7], width, height });
  if (!intrinsics.success) {
    return invalid(file, 'K');
  }
  const upright = width < height;
  const { dw = upright ? depthShortSide : depthLongSide, dh = upright ? depthLongSide : depthShortSide } = parsed.data;
  return success({
    size: { width, height },
    depthSize: { width: dw, height: dh },
    intrinsics: intrinsics.data,
    framesPerSecond: fps,
    timesSeconds: frameTimestamps,
    poses: readPoses(file, poses, initPose),
  });
};
