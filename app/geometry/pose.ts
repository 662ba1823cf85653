import { mat3, quat, vec3 } from 'gl-matrix';
import type { Pose, Vector3 } from '../contract/geometry.ts';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';

/** Unit quaternion `[x, y, z, w]`, as the TUM trajectory format writes it. */
export type Quaternion = readonly [number, number, number, number];

/** The pose of a camera that is the world frame itself. */
export const identityPose: Pose = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Number `i` of a pose; a pose shorter than 16 is a broken invariant. */
const at = (pose: Pose, i: number): number => {
  const value = pose[i];
  if (value === undefined) {
    throw new RangeError(`A pose has 16 numbers, this one has ${pose.length}`);
  }
  return value;
};

/** `aFromC` from `aFromB` and `bFromC`. */
export const compose = (a: Pose, b: Pose): Pose =>
  Array.from({ length: 16 }, (_, i) => {
    const row = i - (i % 4);
    const column = i % 4;
    return (
      at(a, row) * at(b, column) +
      at(a, row + 1) * at(b, column + 4) +
      at(a, row + 2) * at(b, column + 8) +
      at(a, row + 3) * at(b, column + 12)
    );
  });

const rotate = (pose: Pose, [x, y, z]: Vector3): Vector3 => [
  at(pose, 0) * x + at(pose, 1) * y + at(pose, 2) * z,
  at(pose, 4) * x + at(pose, 5) * y + at(pose, 6) * z,
  at(pose, 8) * x + at(pose, 9) * y + at(pose, 10) * z,
];

/** The point in the frame that the pose leads to: world coordinates of a camera point for `worldFromCamera`. */
export const transformPoint = (pose: Pose, point: Vector3): Vector3 => {
  const [x, y, z] = rotate(pose, point);
  return [x + at(pose, 3), y + at(pose, 7), z + at(pose, 11)];
};

/** Inverse of a rigid transform. */
export const invertPose = (pose: Pose): Pose => {
  const [r0, r1, r2] = [at(pose, 0), at(pose, 4), at(pose, 8)];
  const [r3, r4, r5] = [at(pose, 1), at(pose, 5), at(pose, 9)];
  const [r6, r7, r8] = [at(pose, 2), at(pose, 6), at(pose, 10)];
  const [x, y, z] = cameraPosition(pose);
  return [
    ...[r0, r1, r2, -(r0 * x + r1 * y + r2 * z)],
    ...[r3, r4, r5, -(r3 * x + r4 * y + r5 * z)],
    ...[r6, r7, r8, -(r6 * x + r7 * y + r8 * z)],
    ...[0, 0, 0, 1],
  ];
};

/** Where the camera stands in the world, for `worldFromCamera`. */
export const cameraPosition = (pose: Pose): Vector3 => [at(pose, 3), at(pose, 7), at(pose, 11)];

/** Unit vector in the world along which the camera looks, for `worldFromCamera`. */
export const viewDirection = (pose: Pose): Vector3 => [at(pose, 2), at(pose, 6), at(pose, 10)];

// gl-matrix stores by columns, and in float32 unless it is given plain arrays to write to.
const rotationOf = (pose: Pose): mat3 => [
  ...([at(pose, 0), at(pose, 4), at(pose, 8)] as const),
  ...([at(pose, 1), at(pose, 5), at(pose, 9)] as const),
  ...([at(pose, 2), at(pose, 6), at(pose, 10)] as const),
];

const quaternionOf = (rotation: mat3): Quaternion => {
  const [x, y, z, w] = quat.normalize([0, 0, 0, 1], quat.fromMat3([0, 0, 0, 1], rotation)) as [
    number,
    number,
    number,
    number,
  ];
  const sign = w < 0 ? -1 : 1;
  return [sign * x, sign * y, sign * z, sign * w];
};

/** Rotation of a pose as a unit quaternion with w ≥ 0. */
export const toQuaternion = (pose: Pose): Quaternion => quaternionOf(rotationOf(pose));

/** The pose with a rotation given as a unit quaternion, and a position. */
export const poseFrom = (rotation: Quaternion, [x, y, z]: Vector3): Pose => {
  const r = mat3.fromQuat([0, 0, 0, 0, 0, 0, 0, 0, 0], [...rotation]);
  return [r[0], r[3], r[6], x, r[1], r[4], r[7], y, r[2], r[5], r[8], z, 0, 0, 0, 1];
};

/** Metres, and radians, between two poses. */
export const motionBetween = (a: Pose, b: Pose): { readonly metres: number; readonly radians: number } => {
  const relative = compose(invertPose(a), b);
  const cosine = (at(relative, 0) + at(relative, 5) + at(relative, 10) - 1) / 2;
  return {
    metres: Math.hypot(at(relative, 3), at(relative, 7), at(relative, 11)),
    radians: Math.acos(Math.min(1, Math.max(-1, cosine))),
  };
};

/** Between two poses: at `share` 0 the first, at 1 the second; positions on a line, rotations on the shortest arc. */
export const blendPoses = (a: Pose, b: Pose, share: number): Pose => {
  const [p, q] = [cameraPosition(a), cameraPosition(b)];
  const [x, y, z, w] = quat.slerp([0, 0, 0, 1], toQuaternion(a), toQuaternion(b), share) as [
    number,
    number,
    number,
    number,
  ];
  const between = (i: 0 | 1 | 2): number => p[i] + (q[i] - p[i]) * share;
  return poseFrom([x, y, z, w], [between(0), between(1), between(2)]);
};

/** By how much the columns of a recorded rotation may miss being orthonormal; 7-Scenes' miss by up to 0.01. */
const rotationTolerance = 0.05;

/** Far more than needed: Newton's iteration doubles the number of right digits each time. */
const polarIterations = 8;

/** The rotation nearest to a matrix, by Newton's iteration for the polar decomposition (Higham 1986, eq. 3.1). */
const nearestRotation = (matrix: mat3): mat3 => {
  let nearest = matrix;
  for (let i = 0; i < polarIterations; i++) {
    const inverse = mat3.invert([0, 0, 0, 0, 0, 0, 0, 0, 0], nearest) ?? nearest;
    const transposed = mat3.transpose([0, 0, 0, 0, 0, 0, 0, 0, 0], inverse);
    nearest = mat3.multiplyScalar(transposed, mat3.add(transposed, transposed, nearest), 0.5);
  }
  return nearest;
};

/**
 * Checks a recorded pose and answers the rigid transform nearest to it: the rotation is orthonormalised. Fails with
 * `pose-invalid` for a wrong count, NaN or infinity, a mirroring, a scale, or a last row other than 0 0 0 1.
 */
export const rigidPose = (numbers: readonly number[]): Result<Pose> => {
  const invalid = (what: string): Result<Pose> =>
    failure(lociError('pose-invalid', `A pose ${what}`, 'Give a 4×4 camera-to-world matrix in metres, row by row.'));
  if (numbers.length !== 16) {
    return invalid(`has ${numbers.length} numbers instead of 16`);
  }
  if (!numbers.every(Number.isFinite)) {
    return invalid('holds a number that is not finite');
  }
  if (numbers.slice(12, 15).some((value) => Math.abs(value) > 1e-6) || Math.abs(at(numbers, 15) - 1) > 1e-6) {
    return invalid('has a last row other than 0 0 0 1');
  }
  const rotation = rotationOf(numbers);
  const column = (i: number): vec3 => [at(numbers, i), at(numbers, 4 + i), at(numbers, 8 + i)];
  const [x, y, z] = [column(0), column(1), column(2)];
  const errors = [
    ...[x, y, z].map((axis) => Math.abs(vec3.length(axis) - 1)),
    ...[vec3.dot(x, y), vec3.dot(y, z), vec3.dot(z, x)].map(Math.abs),
  ];
  if (Math.max(...errors) > rotationTolerance) {
    return invalid('has a rotation that is not orthonormal');
  }
  if (mat3.determinant(rotation) < 0) {
    return invalid('mirrors: its rotation has determinant −1');
  }
  return success(poseFrom(quaternionOf(nearestRotation(rotation)), cameraPosition(numbers)));
};
