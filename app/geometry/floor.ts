import type { Vector3 } from '../contract/geometry.ts';

/** A floor: unit normal pointing up to the cameras, with `normal · x = offset` for points on it, and how high they are. */
export interface Floor {
  readonly normal: Vector3;
  readonly offset: number;
  /** Median height of the cameras above it, in the unit of the points. */
  readonly cameraHeight: number;
  /** Share of the points below the cameras that lie on it. */
  readonly support: number;
}

/** A floor may lean this far from the assumed vertical before it is taken for something else. */
const maxTiltRadians = (35 * Math.PI) / 180;
const trials = 600;
/** Half thickness of the floor, as a share of the cameras' height above it: what landmarks on tiles scatter by. */
const thicknessShare = 0.04;
/** Reflections and mismatches put a few points under the floor; more than this share means that it is a table. */
const maxShareBelow = 0.06;
const minSupport = 0.05;
/** A dense map has far more points than a plane needs; this many, spread over all of it, decide as well. */
const enoughPoints = 4000;

/**
 * Finds the floor under the cameras: the lowest plane, nearly level, that many points lie on and hardly any under
 * (RANSAC, Fischler & Bolles 1981, then a least-squares fit of its points). World z is roughly up. `undefined` when the
 * points show no floor.
 */
export const fitFloor = (positions: Float32Array, cameras: readonly Vector3[]): Floor | undefined => {
  if (cameras.length === 0) {
    return undefined;
  }
  const cameraZ = median(cameras.map(([, , z]) => z));
  const points = samplePoints(positions).filter(([, , z]) => z < cameraZ);
  if (points.length < 30) {
    return undefined;
  }
  const random = sequence(points.length);
  const pick = (): Vector3 => points[Math.floor(random() * points.length)] ?? [0, 0, 0];
  let best: Candidate | undefined;
  for (let trial = 0; trial < trials; trial++) {
    const plane = planeThrough(pick(), pick(), pick());
    const candidate = plane && judge(plane, points, cameras);
    if (candidate && candidate.inliers.length > (best?.inliers.length ?? 0)) {
      best = candidate;
    }
  }
  if (!best || best.inliers.length < minSupport * points.length) {
    return undefined;
  }
  const refined = judge(fitPlane(best.inliers), points, cameras) ?? best;
  const { normal, offset, cameraHeight } = refined;
  return { normal, offset, cameraHeight, support: refined.inliers.length / points.length };
};

/** A floor that a person pointed at may lean this far from what was taken for the vertical. */
const maxPointedTiltRadians = (60 * Math.PI) / 180;
/** Half thickness of such a floor, as a share of how far its points spread. */
const pointedThicknessShare = 0.01;

/**
 * The normal, pointing up, of the plane through `point` that most points lie on: RANSAC with one point given, then least
 * squares. `undefined` where no plane that leans less than 60° passes there.
 */
export const fitFloorThrough = (positions: Float32Array, point: Vector3): Vector3 | undefined => {
  const points = samplePoints(positions);
  const spread = median(points.map(([x, y, z]) => Math.hypot(x - point[0], y - point[1], z - point[2])));
  const thickness = pointedThicknessShare * spread;
  const random = sequence(points.length);
  const pick = (): Vector3 => points[Math.floor(random() * points.length)] ?? point;
  const onPlane = ({ normal, offset }: Plane): Vector3[] =>
    points.filter((other) => Math.abs(along(normal, other) - offset) <= thickness);
  let best: Vector3[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const plane = planeThrough(point, pick(), pick());
    if (plane && plane.normal[2] >= Math.cos(maxPointedTiltRadians)) {
      const inliers = onPlane(plane);
      best = inliers.length > best.length ? inliers : best;
    }
  }
  return best.length < 30 || best.length < minSupport * points.length ? undefined : fitPlane(best).normal;
};

const samplePoints = (positions: Float32Array): Vector3[] => {
  const points: Vector3[] = [];
  const stride = 3 * Math.max(1, Math.floor(positions.length / 3 / enoughPoints));
  for (let i = 0; i + 2 < positions.length; i += stride) {
    points.push([positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0]);
  }
  return points;
};

interface Plane {
  readonly normal: Vector3;
  readonly offset: number;
}

interface Candidate extends Plane {
  readonly inliers: Vector3[];
  readonly cameraHeight: number;
}

const along = ([a, b, c]: Vector3, [x, y, z]: Vector3): number => a * x + b * y + c * z;

const planeThrough = (p: Vector3, q: Vector3, r: Vector3): Plane | undefined => {
  const [ux, uy, uz] = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
  const [vx, vy, vz] = [r[0] - p[0], r[1] - p[1], r[2] - p[2]];
  const cross: Vector3 = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(...cross);
  if (length < 1e-12) {
    return undefined;
  }
  const sign = cross[2] < 0 ? -1 : 1;
  const normal: Vector3 = [(sign * cross[0]) / length, (sign * cross[1]) / length, (sign * cross[2]) / length];
  return { normal, offset: along(normal, p) };
};

const judge = (plane: Plane, points: readonly Vector3[], cameras: readonly Vector3[]): Candidate | undefined => {
  const { normal, offset } = plane;
  if (normal[2] < Math.cos(maxTiltRadians)) {
    return undefined;
  }
  const cameraHeight = median(cameras.map((camera) => along(normal, camera) - offset));
  if (cameraHeight <= 0) {
    return undefined;
  }
  const thickness = thicknessShare * cameraHeight;
  const inliers: Vector3[] = [];
  let below = 0;
  for (const point of points) {
    const height = along(normal, point) - offset;
    if (Math.abs(height) <= thickness) {
      inliers.push(point);
    } else if (height < -2 * thickness) {
      below++;
    }
  }
  return below > maxShareBelow * points.length ? undefined : { normal, offset, inliers, cameraHeight };
};

/** Least squares of z over x and y: a floor is nearly level, so it is never seen edge-on. */
const fitPlane = (points: readonly Vector3[]): Plane => {
  const n = points.length;
  const mean = [0, 1, 2].map((axis) => points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / n);
  const [mx = 0, my = 0, mz = 0] = mean;
  let [xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0];
  for (const [x, y, z] of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
    xz += (x - mx) * (z - mz);
    yz += (y - my) * (z - mz);
  }
  const determinant = xx * yy - xy * xy;
  const [slopeX, slopeY] =
    determinant > 1e-12 ? [(xz * yy - yz * xy) / determinant, (yz * xx - xz * xy) / determinant] : [0, 0];
  const length = Math.hypot(slopeX, slopeY, 1);
  const normal: Vector3 = [-slopeX / length, -slopeY / length, 1 / length];
  return { normal, offset: along(normal, [mx, my, mz]) };
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** Numbers in [0, 1) that are the same at every run (mulberry32), so that a library can be made again exactly. */
const sequence = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
