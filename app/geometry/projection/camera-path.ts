import type { Pose, Vector3 } from '../../contract/geometry.ts';
import { cameraPosition, motionBetween, poseFrom, toQuaternion, type Quaternion } from '../pose.ts';
import { rotationBy, rotationVector, turn, turnBack } from './rotation.ts';

/** A pose that a path passes at a time. */
export interface KeyPoseAt {
  readonly seconds: number;
  readonly worldFromCamera: Pose;
}

/** Where the camera is at a time; times before the first and after the last key pose mean those. */
export type CameraPath = (seconds: number) => Pose;

const scale = ([x, y, z]: Vector3, factor: number): Vector3 => [factor * x, factor * y, factor * z];
const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

/** An element that is there by construction. */
const at = <T>(list: readonly T[], i: number): T => {
  const value = list[i];
  if (value === undefined) {
    throw new RangeError(`A path has no key pose ${i}`);
  }
  return value;
};

/**
 * Second derivatives at the knots of the natural cubic spline through `values`: the tridiagonal system of de Boor, A
 * Practical Guide to Splines, ch. IV, solved by Thomas' algorithm.
 */
const secondDerivatives = (times: readonly number[], values: readonly number[]): number[] => {
  const last = times.length - 1;
  const upper: number[] = [0];
  const right: number[] = [0];
  for (let i = 1; i < last; i++) {
    const before = at(times, i) - at(times, i - 1);
    const after = at(times, i + 1) - at(times, i);
    const bend = (at(values, i + 1) - at(values, i)) / after - (at(values, i) - at(values, i - 1)) / before;
    const pivot = 2 * (before + after) - before * at(upper, i - 1);
    upper.push(after / pivot);
    right.push((6 * bend - before * at(right, i - 1)) / pivot);
  }
  const second = new Array<number>(last + 1).fill(0);
  for (let i = last - 1; i > 0; i--) {
    second[i] = at(right, i) - at(upper, i) * at(second, i + 1);
  }
  return second;
};

/** The natural cubic spline through `values` at `times`, evaluated in segment `i`; twice continuously differentiable. */
const cubicSpline = (times: readonly number[], values: readonly number[]): ((i: number, time: number) => number) => {
  const second = secondDerivatives(times, values);
  return (i, time) => {
    const span = at(times, i + 1) - at(times, i);
    const b = (time - at(times, i)) / span;
    const a = 1 - b;
    const bend = (a ** 3 - a) * at(second, i) + (b ** 3 - b) * at(second, i + 1);
    return a * at(values, i) + b * at(values, i + 1) + (bend * span ** 2) / 6;
  };
};

/** Angular velocity at each key, in the camera's frame: the mean of those before and after, weighted by nearness. */
const angularVelocities = (times: readonly number[], rotations: readonly Quaternion[]): Vector3[] => {
  const between = rotations.slice(1).map((rotation, i) => {
    const span = at(times, i + 1) - at(times, i);
    return scale(rotationVector(turn(turnBack(at(rotations, i)), rotation)), 1 / span);
  });
  return rotations.map((_, i) => {
    const [before, after] = [between[i - 1], between[i]];
    if (!before || !after) {
      return before ?? after ?? [0, 0, 0];
    }
    const spanBefore = at(times, i) - at(times, i - 1);
    const spanAfter = at(times, i + 1) - at(times, i);
    const whole = spanBefore + spanAfter;
    return add(scale(before, spanAfter / whole), scale(after, spanBefore / whole));
  });
};

/**
 * Rotations by a cubic Hermite curve of unit quaternions: a cumulative Bézier curve with the given angular velocities at
 * its ends (Kim, Kim and Shin 1995, section 4.3). It passes the keys and is once continuously differentiable.
 */
const rotationSpline = (
  times: readonly number[],
  rotations: readonly Quaternion[],
): ((i: number, time: number) => Quaternion) => {
  const velocities = angularVelocities(times, rotations);
  return (i, time) => {
    const span = at(times, i + 1) - at(times, i);
    const t = (time - at(times, i)) / span;
    const [start, end] = [at(rotations, i), at(rotations, i + 1)];
    const first = scale(at(velocities, i), span / 3);
    const third = scale(at(velocities, i + 1), span / 3);
    const whole = turn(turnBack(start), end);
    const second = rotationVector(turn(turn(turnBack(rotationBy(first)), whole), turnBack(rotationBy(third))));
    const cumulative = [1 - (1 - t) ** 3, 3 * t ** 2 - 2 * t ** 3, t ** 3] as const;
    return turn(
      turn(turn(start, rotationBy(scale(first, cumulative[0]))), rotationBy(scale(second, cumulative[1]))),
      rotationBy(scale(third, cumulative[2])),
    );
  };
};

/** A smooth path that passes each key pose at its time. Times must increase; two keys at least. */
export const splinePath = (keys: readonly KeyPoseAt[]): CameraPath => {
  const times = keys.map(({ seconds }) => seconds);
  const positions = keys.map(({ worldFromCamera }) => cameraPosition(worldFromCamera));
  const axes = [0, 1, 2].map((axis) =>
    cubicSpline(
      times,
      positions.map((position) => position[axis] ?? 0),
    ),
  );
  const rotate = rotationSpline(
    times,
    keys.map(({ worldFromCamera }) => toQuaternion(worldFromCamera)),
  );
  const [first, last] = [at(times, 0), at(times, times.length - 1)];
  return (seconds) => {
    const time = Math.min(last, Math.max(first, seconds));
    const after = times.findIndex((knot) => knot > time);
    const segment = (after === -1 ? times.length - 1 : after) - 1;
    const [x = 0, y = 0, z = 0] = axes.map((spline) => spline(segment, time));
    return poseFrom(rotate(segment, time), [x, y, z]);
  };
};

const samplesPerSegment = 64;

/** Length of a motion, with a radian counting as a unit of length: a camera that only turns shall turn evenly. */
const lengthBetween = (a: Pose, b: Pose): number => {
  const { metres, radians } = motionBetween(a, b);
  return metres + radians;
};

/** A smooth path through poses that takes `durationSeconds` at constant speed. Poses that repeat are passed once. */
export const evenPath = (poses: readonly Pose[], durationSeconds: number): CameraPath => {
  const apart = poses.filter((pose, i) => i === 0 || lengthBetween(at(poses, i - 1), pose) > 1e-6);
  if (apart.length < 2) {
    return () => at(poses, 0);
  }
  let length = 0;
  const keys = apart.map((worldFromCamera, i) => {
    length += i === 0 ? 0 : lengthBetween(at(apart, i - 1), worldFromCamera);
    return { seconds: length, worldFromCamera };
  });
  const spline = splinePath(keys);
  const knots = keys.slice(1).flatMap(({ seconds }, i) => {
    const from = at(keys, i).seconds;
    return Array.from({ length: samplesPerSegment }, (_, s) => from + ((s + 1) / samplesPerSegment) * (seconds - from));
  });
  let walked = 0;
  let before = at(apart, 0);
  const table = [{ parameter: 0, walked }];
  for (const parameter of knots) {
    const pose = spline(parameter);
    walked += lengthBetween(before, pose);
    before = pose;
    table.push({ parameter, walked });
  }
  return (seconds) => {
    const wanted = Math.min(1, Math.max(0, seconds / durationSeconds)) * walked;
    const after = Math.max(
      1,
      table.findIndex((row) => row.walked >= wanted - 1e-12),
    );
    const [a, b] = [at(table, after - 1), at(table, after)];
    const share = b.walked > a.walked ? (wanted - a.walked) / (b.walked - a.walked) : 0;
    return spline(a.parameter + share * (b.parameter - a.parameter));
  };
};

/** The poses of `frames` pictures at even times from `fromSeconds` to `toSeconds`, both included. */
export const posesAlong = (path: CameraPath, fromSeconds: number, toSeconds: number, frames: number): Pose[] =>
  Array.from({ length: frames }, (_, i) =>
    path(fromSeconds + ((toSeconds - fromSeconds) * i) / Math.max(1, frames - 1)),
  );

/** There and back: the way back ends with the first view again. */
export const thereAndBack = (poses: readonly Pose[]): Pose[] => [...poses, ...poses.slice(0, -1).reverse()];

/** `worldFromCamera` of an upright camera at `position` with `target` in the middle of its picture. */
export const lookAt = (position: Vector3, target: Vector3): Pose => {
  const difference = add(target, scale(position, -1));
  const distance = Math.hypot(...difference);
  const [fx, fy, fz] = distance > 0 ? scale(difference, 1 / distance) : ([0, 1, 0] as const);
  const level = Math.hypot(fx, fy);
  // Straight up or down there is no horizon; x then stays to the right.
  const [rx, ry] = level > 1e-9 ? [fy / level, -fx / level] : [1, 0];
  const [dx, dy, dz] = [-fz * ry, fz * rx, fx * ry - fy * rx];
  return [rx, dx, fx, position[0], ry, dy, fy, position[1], 0, dz, fz, position[2], 0, 0, 0, 1];
};
