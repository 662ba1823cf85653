import type { PointCloud } from '../contract/binary.ts';
import type { Vector3 } from '../contract/geometry.ts';
import { eigenOfSymmetric } from './symmetric-eigen.ts';

/** More points make the normals no better. */
const enoughPoints = 300_000;
const enoughNormals = 60_000;
/** Points that a patch should have on average, and must have. */
const wantedInPatch = 16;
const leastInPatch = 8;
/** Variance across a plane over variance along it: above this a patch is an edge or a bush. */
const maxRoughness = 0.05;
/** Variance along a plane's shorter side over that along its longer one: below this a patch is a line. */
const minBreadth = 0.15;

/** What a patch has gathered: count, sums of x y z, and of their products xx xy xz yy yz zz. */
type Moments = number[];

/**
 * Unit normals of a cloud's surfaces, of either sign: those that it knows, else those of its flat patches.
 */
export const surfaceNormals = ({ positions, normals }: PointCloud): Vector3[] =>
  normals ? knownNormals(normals) : patchNormals(positions);

const knownNormals = (normals: Int8Array): Vector3[] => {
  const stride = 3 * Math.max(1, Math.ceil(normals.length / 3 / enoughNormals));
  const found: Vector3[] = [];
  for (let i = 0; i + 2 < normals.length; i += stride) {
    const [x, y, z] = [normals[i] ?? 0, normals[i + 1] ?? 0, normals[i + 2] ?? 0];
    const length = Math.hypot(x, y, z);
    if (length > 0) {
      found.push([x / length, y / length, z / length]);
    }
  }
  return found;
};

/**
 * Normals of the flat patches of a cloud, one for each: the cloud is cut into cubes that hold about
 * `wantedInPatch` points, and each gets a plane by principal components (Hoppe et al., SIGGRAPH 1992, sec. 3.2). Landmarks
 * of a plain video are too far apart for patches, and give few or none.
 */
const patchNormals = (positions: Float32Array): Vector3[] => {
  const stride = 3 * Math.max(1, Math.ceil(positions.length / 3 / enoughPoints));
  const [low, diagonal] = extentOf(positions, stride);
  if (!(diagonal > 0)) {
    return [];
  }
  // Points on surfaces: four times as many in a cube of twice the side.
  const first = patches(positions, stride, low, diagonal / 200);
  const counts = [...first.values()].map(([count = 0]) => count);
  const seen = counts.reduce((sum, count) => sum + count * count, 0) / counts.reduce((sum, count) => sum + count, 0);
  const side = (diagonal / 200) * Math.sqrt(wantedInPatch / seen);
  return [...patches(positions, stride, low, side).values()].map(normalOf).filter((normal) => normal !== undefined);
};

const extentOf = (positions: Float32Array, stride: number): [Vector3, number] => {
  const low: Vector3 = [Infinity, Infinity, Infinity];
  const high: Vector3 = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 2 < positions.length; i += stride) {
    for (const axis of [0, 1, 2] as const) {
      const value = positions[i + axis] ?? 0;
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    }
  }
  return [low, Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2])];
};

const cellsAcross = 2 ** 17;

/**
 * The cubes stand askew to everything that people build: one that a floor or a wall runs along would cut a slice off its
 * points, and so turn its patch towards the cubes (0.2° over a whole room).
 */
const cellOf = (x: number, y: number, z: number, side: number): number => {
  const along = (a: number, b: number, c: number): number =>
    Math.floor((a * x + b * y + c * z) / side) + cellsAcross / 2;
  return (along(0.6, 0.64, 0.48) * cellsAcross + along(-0.8, 0.48, 0.36)) * cellsAcross + along(0, -0.6, 0.8);
};

const patches = (positions: Float32Array, stride: number, low: Vector3, side: number): Map<number, Moments> => {
  const found = new Map<number, Moments>();
  for (let i = 0; i + 2 < positions.length; i += stride) {
    const [x, y, z] = [
      (positions[i] ?? 0) - low[0],
      (positions[i + 1] ?? 0) - low[1],
      (positions[i + 2] ?? 0) - low[2],
    ];
    const cell = cellOf(x, y, z, side);
    const moments = found.get(cell) ?? [];
    found.set(cell, moments);
    for (const [k, value] of [1, x, y, z, x * x, x * y, x * z, y * y, y * z, z * z].entries()) {
      moments[k] = (moments[k] ?? 0) + value;
    }
  }
  return found;
};

const normalOf = ([n = 0, x = 0, y = 0, z = 0, xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0]: Moments):
  Vector3 | undefined => {
  if (n < leastInPatch) {
    return undefined;
  }
  const [cxy, cxz, cyz] = [xy - (x * y) / n, xz - (x * z) / n, yz - (y * z) / n];
  const [across, along, longest] = eigenOfSymmetric([
    [xx - (x * x) / n, cxy, cxz],
    [cxy, yy - (y * y) / n, cyz],
    [cxz, cyz, zz - (z * z) / n],
  ]);
  if (!across || !along || !longest || along.value < minBreadth * longest.value) {
    return undefined;
  }
  const [nx = 0, ny = 0, nz = 1] = across.vector;
  return across.value > maxRoughness * along.value ? undefined : [nx, ny, nz];
};
