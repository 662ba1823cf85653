import type { PointCloud } from '../contract/binary.ts';
import type { Pose, Similarity, Vector3 } from '../contract/geometry.ts';
import type { Floor } from './floor.ts';
import { compose, invertPose } from './pose.ts';

/** Moves a pose of the tracked frame into the world; rotation and scaled position, the camera itself does not grow. */
export const transformPose = ({ metresPerUnit, pose }: Similarity, trackedFromCamera: Pose): Pose =>
  compose(
    pose,
    trackedFromCamera.map((value, i) => (i % 4 === 3 && i < 12 ? value * metresPerUnit : value)),
  );

/** Moves points of the tracked frame into the world. */
export const transformPoints = ({ metresPerUnit, pose }: Similarity, cloud: PointCloud): PointCloud => {
  const positions = new Float32Array(cloud.positions.length);
  for (let i = 0; i + 2 < positions.length; i += 3) {
    for (let row = 0; row < 3; row++) {
      let sum = pose[row * 4 + 3] ?? 0;
      for (let column = 0; column < 3; column++) {
        sum += (pose[row * 4 + column] ?? 0) * (cloud.positions[i + column] ?? 0) * metresPerUnit;
      }
      positions[i + row] = sum;
    }
  }
  return { positions, colours: cloud.colours };
};

/** The way back, from the world to the tracked frame. */
export const invertSimilarity = ({ metresPerUnit, pose }: Similarity): Similarity => {
  const back = invertPose(pose);
  return {
    metresPerUnit: 1 / metresPerUnit,
    pose: back.map((value, i) => (i % 4 === 3 && i < 12 ? value / metresPerUnit : value)),
  };
};

/** Turns the floor's normal to z by the smallest rotation about the origin, the first camera, and scales by `metresPerUnit`. */
export const levelled = (floor: Floor, metresPerUnit: number): Similarity => ({
  metresPerUnit,
  pose: rotationToZ(floor.normal),
});

/** Rotation that takes unit vector n to z: Rodrigues' formula about n × z; n is never near −z. */
const rotationToZ = ([x, y, z]: Vector3): Pose => {
  const k = 1 / (1 + z);
  return [1 - k * x * x, -k * x * y, -x, 0, -k * x * y, 1 - k * y * y, -y, 0, x, y, z, 0, 0, 0, 0, 1];
};
