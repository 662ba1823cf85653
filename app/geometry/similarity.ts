import type { PointCloud } from '../contract/binary.ts';
import type { OrientedBox, Pose, Similarity, Vector3 } from '../contract/geometry.ts';
import { compose, identityPose, invertPose, transformPoint } from './pose.ts';

/** Moves a pose of the tracked frame into the world; rotation and scaled position, the camera itself does not grow. */
export const transformPose = ({ metresPerUnit, pose }: Similarity, trackedFromCamera: Pose): Pose =>
  compose(
    pose,
    trackedFromCamera.map((value, i) => (i % 4 === 3 && i < 12 ? value * metresPerUnit : value)),
  );

/** Moves points of the tracked frame into the world. */
export const transformPoints = ({ metresPerUnit, pose }: Similarity, cloud: PointCloud): PointCloud => {
  const positions = new Float32Array(cloud.positions.length);
  const seenNormals = cloud.normals;
  const normals = seenNormals && new Int8Array(seenNormals.length);
  for (let i = 0; i + 2 < positions.length; i += 3) {
    for (let row = 0; row < 3; row++) {
      let sum = pose[row * 4 + 3] ?? 0;
      for (let column = 0; column < 3; column++) {
        sum += (pose[row * 4 + column] ?? 0) * (cloud.positions[i + column] ?? 0) * metresPerUnit;
      }
      positions[i + row] = sum;
      if (normals) {
        let turned = 0;
        for (let column = 0; column < 3; column++) {
          turned += (pose[row * 4 + column] ?? 0) * (seenNormals[i + column] ?? 0);
        }
        normals[i + row] = Math.max(-127, Math.min(127, Math.round(turned)));
      }
    }
  }
  return { ...cloud, positions, ...(normals && { normals }) };
};

/** The way back, from the world to the tracked frame. */
export const invertSimilarity = ({ metresPerUnit, pose }: Similarity): Similarity => {
  const back = invertPose(pose);
  return {
    metresPerUnit: 1 / metresPerUnit,
    pose: back.map((value, i) => (i % 4 === 3 && i < 12 ? value / metresPerUnit : value)),
  };
};

/** The similarity that changes nothing. */
export const identitySimilarity: Similarity = { metresPerUnit: 1, pose: identityPose };

/** First `second`, then `first`: `aFromC` from `aFromB` and `bFromC`. */
export const composeSimilarities = (first: Similarity, second: Similarity): Similarity => ({
  metresPerUnit: first.metresPerUnit * second.metresPerUnit,
  pose: transformPose(first, second.pose),
});

/** Moves one point. */
export const transformPosition = ({ metresPerUnit, pose }: Similarity, [x, y, z]: Vector3): Vector3 =>
  transformPoint(pose, [x * metresPerUnit, y * metresPerUnit, z * metresPerUnit]);

/** Turns a direction, whose length stays. */
export const transformDirection = ({ pose }: Similarity, [x, y, z]: Vector3): Vector3 => {
  const row = (i: number): number => (pose[i] ?? 0) * x + (pose[i + 1] ?? 0) * y + (pose[i + 2] ?? 0) * z;
  return [row(0), row(4), row(8)];
};

/** Moves, turns and scales a box. */
export const transformBox = (similarity: Similarity, { center, axesLengths, axes }: OrientedBox): OrientedBox => {
  const [a, b, c] = axesLengths;
  const scale = similarity.metresPerUnit;
  const axis = (i: number): Vector3 => [axes[i] ?? 0, axes[i + 1] ?? 0, axes[i + 2] ?? 0];
  return {
    center: transformPosition(similarity, center),
    axesLengths: [a * scale, b * scale, c * scale],
    axes: [0, 3, 6].flatMap((i) => transformDirection(similarity, axis(i))),
  };
};

/** Turns a unit vector to z by the smallest rotation about the origin, the first camera, and scales by `metresPerUnit`. */
export const levelled = (up: Vector3, metresPerUnit: number): Similarity => ({
  metresPerUnit,
  pose: rotationToZ(up),
});

/** Rotation that takes unit vector n to z: Rodrigues' formula about n × z; n is never near −z. */
const rotationToZ = ([x, y, z]: Vector3): Pose => {
  const k = 1 / (1 + z);
  return [1 - k * x * x, -k * x * y, -x, 0, -k * x * y, 1 - k * y * y, -y, 0, x, y, z, 0, 0, 0, 0, 1];
};
