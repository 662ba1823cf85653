import type { PointCloud } from '../contract/binary.ts';
import type { Pose, Vector3 } from '../contract/geometry.ts';
import { containedIn, type Region } from './map-region.ts';
import { transformPoint } from './pose.ts';
import { transformDirection } from './similarity.ts';

/** What a person did to the points of a region; all in the coordinates of the cloud that it is done to. */
export type CloudOperation =
  | { readonly kind: 'delete'; readonly region: Region }
  | { readonly kind: 'move' | 'duplicate'; readonly region: Region; readonly motion: Pose };

/** Numbers of the points of a cloud that lie in a region, in ascending order. */
export const pointsInside = ({ positions }: PointCloud, region: Region): number[] => {
  const contains = containedIn(region);
  const found: number[] = [];
  for (let i = 0; i + 2 < positions.length; i += 3) {
    if (contains([positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0])) {
      found.push(i / 3);
    }
  }
  return found;
};

/** The cloud after one operation after the other; the cloud that was given stays as it is. */
export const editCloud = (cloud: PointCloud, operations: readonly CloudOperation[]): PointCloud =>
  operations.reduce(applyOperation, cloud);

const applyOperation = (cloud: PointCloud, operation: CloudOperation): PointCloud => {
  const chosen = pointsInside(cloud, operation.region);
  if (chosen.length === 0) {
    return cloud;
  }
  const stay = operation.kind === 'duplicate' ? everyPoint(cloud) : others(cloud, chosen);
  if (operation.kind === 'delete') {
    return gather(cloud, stay);
  }
  const edited = gather(cloud, [...stay, ...chosen]);
  movePoints(edited, stay.length, operation.motion);
  return edited;
};

const everyPoint = ({ positions }: PointCloud): number[] => Array.from({ length: positions.length / 3 }, (_, i) => i);

const others = (cloud: PointCloud, chosen: readonly number[]): number[] => {
  const taken = new Uint8Array(cloud.positions.length / 3);
  chosen.forEach((i) => (taken[i] = 1));
  return everyPoint(cloud).filter((i) => taken[i] === 0);
};

/** So many numbers for each point. */
type Attribute = Exclude<PointCloud[keyof PointCloud], undefined>;

/** The points of these numbers with everything that is known of each. */
const gather = (cloud: PointCloud, numbers: readonly number[]): PointCloud => {
  const count = cloud.positions.length / 3;
  const pick = (values: Attribute): Attribute => {
    const width = values.length / count;
    const picked = new (values.constructor as new (length: number) => Attribute)(numbers.length * width);
    numbers.forEach((from, to) => {
      for (let k = 0; k < width; k++) {
        picked[to * width + k] = values[from * width + k] ?? 0;
      }
    });
    return picked;
  };
  const attributes = Object.entries(cloud as unknown as Record<string, Attribute>);
  return Object.fromEntries(attributes.map(([name, values]) => [name, pick(values)])) as unknown as PointCloud;
};

/** Moves the points from number `first` on, in place, and turns their normals where they have some. */
const movePoints = (cloud: PointCloud, first: number, motion: Pose): void => {
  const { positions, normals } = cloud;
  for (let i = first * 3; i + 2 < positions.length; i += 3) {
    positions.set(transformPoint(motion, vectorAt(positions, i)), i);
    normals?.set(transformDirection({ metresPerUnit: 1, pose: motion }, vectorAt(normals, i)).map(toByte), i);
  }
};

/** Rounding made some normals a little longer than 127. */
const toByte = (value: number): number => Math.max(-127, Math.min(127, Math.round(value)));

const vectorAt = (values: Float32Array | Int8Array, i: number): Vector3 => [
  values[i] ?? 0,
  values[i + 1] ?? 0,
  values[i + 2] ?? 0,
];
