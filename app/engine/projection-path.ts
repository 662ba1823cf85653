import { failure, lociError, success, type LociError, type Result } from '../contract/errors.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { CameraPathDocument, KeyPose, ProjectionRequest } from '../contract/projection.ts';
import type { FrameRecord } from '../contract/session.ts';
import { rigidPose } from '../geometry/pose.ts';
import {
  evenPath,
  lookAt,
  posesAlong,
  splinePath,
  thereAndBack,
  type KeyPoseAt,
} from '../geometry/projection/camera-path.ts';

const defaultDurationSeconds = 10;
/** An hour at 60 frames a second; more is a mistake in the times. */
const mostFrames = 216_000;

const pathInvalid = (message: string, hint: string, place?: string): { ok: false; error: LociError } =>
  failure(lociError('path-invalid', message, hint, place === undefined ? {} : { place }));

const poseOfKey = (key: KeyPose): Result<Pose> =>
  'worldFromCamera' in key ? rigidPose(key.worldFromCamera) : success(lookAt(key.position, key.lookAt));

const frameCount = (seconds: number, framesPerSecond: number): number =>
  Math.max(2, Math.round(seconds * framesPerSecond));

/** Poses of a path through key poses, one for each frame. */
const alongKeyPoses = (document: CameraPathDocument, framesPerSecond: number): Result<Pose[]> => {
  const poses: Pose[] = [];
  for (const [i, key] of document.keyPoses.entries()) {
    const pose = poseOfKey(key);
    if (!pose.ok) {
      return pathInvalid(`The camera path: ${pose.error.message}`, pose.error.hint, `keyPoses[${i}]`);
    }
    poses.push(pose.value);
  }
  const times = document.keyPoses.map(({ seconds }) => seconds);
  if (times.every((seconds) => seconds === undefined)) {
    const duration = document.durationSeconds ?? defaultDurationSeconds;
    return success(posesAlong(evenPath(poses, duration), 0, duration, frameCount(duration, framesPerSecond)));
  }
  const keys: KeyPoseAt[] = [];
  for (const [i, worldFromCamera] of poses.entries()) {
    const seconds = times[i];
    const before = keys.at(-1)?.seconds ?? -Infinity;
    if (seconds === undefined || seconds <= before) {
      return pathInvalid(
        seconds === undefined
          ? 'Some key poses of the camera path have a time and some have none'
          : `The camera path is at ${seconds} s after it was at ${before} s`,
        'Give `seconds` at every key pose, each later than the one before, or at none.',
        `keyPoses[${i}]`,
      );
    }
    keys.push({ seconds, worldFromCamera });
  }
  return alongKeys(keys, framesPerSecond);
};

/** A frame at the first key and one every 1/framesPerSecond after it. */
const alongKeys = (keys: readonly KeyPoseAt[], framesPerSecond: number): Result<Pose[]> => {
  const [first, last] = [keys[0]?.seconds ?? 0, keys.at(-1)?.seconds ?? 0];
  const steps = Math.floor((last - first) * framesPerSecond + 1e-6);
  if (steps >= mostFrames) {
    return pathInvalid(
      `The camera path lasts ${last - first} s, which is ${steps} frames`,
      `A projection has at most ${mostFrames} frames; take a part of the path or fewer frames a second.`,
    );
  }
  return success(posesAlong(splinePath(keys), first, first + steps / framesPerSecond, steps + 1));
};

/** Poses of the session's own path, at the frame rate of the projection. */
const alongRecording = (
  frames: readonly FrameRecord[],
  fromMicros: number,
  toMicros: number,
  framesPerSecond: number,
): Result<Pose[]> => {
  const keys = frames.flatMap(({ ptsMicros, worldFromCamera }) =>
    worldFromCamera && ptsMicros >= fromMicros && ptsMicros <= toMicros
      ? [{ seconds: ptsMicros / 1e6, worldFromCamera }]
      : [],
  );
  return keys.length < 2
    ? pathInvalid(
        'The camera was located in fewer than two frames of that time',
        'Choose other times with --from and --to; `loci sessions` tells where a recording begins and ends.',
      )
    : alongKeys(keys, framesPerSecond);
};

/** The pose of every frame of a projection; `startsAtMicros` are the times at which a closed loop may begin. */
export const posesOf = (
  { path, framesPerSecond, closedLoop }: ProjectionRequest,
  frames: readonly FrameRecord[],
  startsAtMicros: readonly number[],
): Result<Pose[]> => {
  let poses: Result<Pose[]>;
  if (path.kind === 'key-poses') {
    poses = alongKeyPoses(path, framesPerSecond);
  } else {
    const from = (path.fromSeconds ?? 0) * 1e6;
    const to = (path.toSeconds ?? Infinity) * 1e6;
    // A loop that begins where a picture was kept can be compared with it.
    const start = closedLoop ? startsAtMicros.find((ptsMicros) => ptsMicros >= from && ptsMicros < to) : undefined;
    poses = alongRecording(frames, start ?? from, to, framesPerSecond);
  }
  return poses.ok && closedLoop ? success(thereAndBack(poses.value)) : poses;
};

/** The camera through a picture of another size: as wide a view, more or less of it above and below. */
export const intrinsicsOfSize = (
  intrinsics: Intrinsics,
  { width, height }: { readonly width: number; readonly height: number },
): Intrinsics => {
  const scale = width / intrinsics.width;
  return {
    fx: intrinsics.fx * scale,
    fy: intrinsics.fy * scale,
    cx: (intrinsics.cx + 0.5) * scale - 0.5,
    cy: (intrinsics.cy - (intrinsics.height - 1) / 2) * scale + (height - 1) / 2,
    width,
    height,
  };
};
