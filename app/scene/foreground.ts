import type { Intrinsics, Rectangle, Vector3 } from '../contract/geometry.ts';
import { resizeIntrinsics, unproject } from '../geometry/camera.ts';
import type { DepthImage } from '../media/frame.ts';
import { distanceToPlane, dominantPlane, type Plane } from './plane.ts';

/** What was measured, and the camera that measured it; its axes are those of the colour camera, without offset. */
export interface DepthView {
  readonly depth: DepthImage;
  readonly depthIntrinsics: Intrinsics;
  /** Those of the picture that boxes are drawn on. */
  readonly intrinsics: Intrinsics;
}

/** Samples across a box at most, so that a box that fills the picture costs no more than a small one. */
const mostSamplesAcross = 90;
/** How far beyond the box its surroundings are looked at, as a share of its size. */
const ringShare = 0.2;
/** Two samples next to each other belong together when their depths differ by less than this share. */
const connectedGap = 0.03;
/** A point belongs to a plane of the surroundings when it is closer than this share of its depth. */
const planeTolerance = 0.012;
/** Share of the surroundings that makes a plane of it: a table top, the floor, a wall. */
const planeShare = 0.2;
/** A plane that holds more than this share of the middle of the box is the thing itself, such as a picture on a wall. */
const ownPlaneShare = 0.6;
/** A nearer surface is taken for the thing before a farther one when it has this share of the farther one's weight. */
const nearerShare = 0.5;
const fewestSamples = 12;

interface Sample {
  readonly column: number;
  readonly row: number;
  /** In camera coordinates. */
  readonly point: Vector3;
  /** Position in the box: −1 … 1 from edge to edge. */
  readonly across: number;
  readonly down: number;
}

/** The box in pixels of the depth image: both cameras see a direction at the same normalised coordinates. */
const boxInDepth = ([left, top, width, height]: Rectangle, from: Intrinsics, to: Intrinsics) => {
  const x = (u: number): number => ((u - from.cx) / from.fx) * to.fx + to.cx;
  const y = (v: number): number => ((v - from.cy) / from.fy) * to.fy + to.cy;
  return { left: x(left), top: y(top), right: x(left + width), bottom: y(top + height) };
};

/** The measured points in and round the box, on a grid. */
const samplesRound = (view: DepthView, box: Rectangle): Sample[] => {
  const { depth } = view;
  const camera = resizeIntrinsics(view.depthIntrinsics, depth.width, depth.height);
  const { left, top, right, bottom } = boxInDepth(box, view.intrinsics, camera);
  const [halfWidth, halfHeight] = [(right - left) / 2, (bottom - top) / 2];
  const stride = Math.max(1, Math.ceil((2 * Math.max(halfWidth, halfHeight)) / mostSamplesAcross));
  const [marginX, marginY] = [ringShare * 2 * halfWidth + 2, ringShare * 2 * halfHeight + 2];
  const samples: Sample[] = [];
  const firstRow = Math.max(0, Math.floor(top - marginY));
  const firstColumn = Math.max(0, Math.floor(left - marginX));
  for (let v = firstRow; v <= Math.min(depth.height - 1, bottom + marginY); v += stride) {
    for (let u = firstColumn; u <= Math.min(depth.width - 1, right + marginX); u += stride) {
      const value = depth.data[v * depth.width + u] ?? 0;
      if (value > 0 && value < 65535) {
        samples.push({
          column: (u - firstColumn) / stride,
          row: (v - firstRow) / stride,
          point: unproject(camera, u, v, value * depth.metresPerUnit),
          across: (u - (left + right) / 2) / halfWidth,
          down: (v - (top + bottom) / 2) / halfHeight,
        });
      }
    }
  }
  return samples;
};

const isInside = ({ across, down }: Sample): boolean => Math.abs(across) <= 1 && Math.abs(down) <= 1;
const isCentral = ({ across, down }: Sample): boolean => Math.abs(across) <= 0.5 && Math.abs(down) <= 0.5;

/** The planes that pass through the surroundings and are not the thing itself: what it stands on or before. */
const backgroundPlanes = (ring: readonly Sample[], inside: readonly Sample[]): Plane[] => {
  const central = inside.filter(isCentral);
  const planes: Plane[] = [];
  let points = ring.map(({ point }) => point);
  const enough = Math.max(fewestSamples, planeShare * points.length);
  while (planes.length < 3 && points.length >= enough) {
    const found = dominantPlane(points, planeTolerance, enough / points.length);
    if (!found) {
      break;
    }
    const own = central.filter(({ point }) => distanceToPlane(found.plane, point) <= planeTolerance * point[2]).length;
    if (own <= ownPlaneShare * central.length) {
      planes.push(found.plane);
    }
    points = found.rest;
  }
  return planes;
};

/** The depth at which the thing lies: the nearest strong mode of the depths, weighted towards the middle of the box. */
const depthOfThing = (samples: readonly Sample[]): number | undefined => {
  // Bins of equal relative width, since the error of a depth grows with it.
  const binOf = (z: number): number => Math.round(Math.log(z) / connectedGap);
  const weights = new Map<number, number>();
  for (const { point, across, down } of samples) {
    const weight = Math.exp(-(across * across + down * down) / (2 * 0.4 * 0.4));
    const bin = binOf(point[2]);
    for (const [neighbour, share] of [
      [bin - 1, 0.5],
      [bin, 1],
      [bin + 1, 0.5],
    ] as const) {
      weights.set(neighbour, (weights.get(neighbour) ?? 0) + share * weight);
    }
  }
  const strongest = Math.max(...weights.values());
  const nearest = [...weights].filter(([, weight]) => weight >= nearerShare * strongest).map(([bin]) => bin);
  return nearest.length === 0 ? undefined : Math.exp(Math.min(...nearest) * connectedGap);
};

/** Everything that hangs together with the seeds without a step in depth. */
const connectedTo = (seeds: readonly Sample[], samples: readonly Sample[]): Sample[] => {
  const key = (column: number, row: number): number => row * 4096 + column;
  const left = new Map(samples.map((sample) => [key(sample.column, sample.row), sample]));
  const found: Sample[] = [];
  const waiting = [...seeds];
  seeds.forEach(({ column, row }) => left.delete(key(column, row)));
  for (let sample = waiting.pop(); sample; sample = waiting.pop()) {
    found.push(sample);
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const at = key(sample.column + dx, sample.row + dy);
        const next = left.get(at);
        if (next && Math.abs(next.point[2] - sample.point[2]) < connectedGap * sample.point[2]) {
          left.delete(at);
          waiting.push(next);
        }
      }
    }
  }
  return found;
};

/**
 * The points of the thing that a box was drawn round, in camera coordinates: of all that was measured in the box, what
 * hangs together with the nearest strong surface in its middle, without the planes that run on outside it (the table
 * that a mug stands on, the wall behind). Empty where too little was measured.
 */
export const foregroundPoints = (view: DepthView, box: Rectangle): Vector3[] => {
  const samples = samplesRound(view, box);
  const inside = samples.filter(isInside);
  if (inside.length < fewestSamples) {
    return [];
  }
  const planes = backgroundPlanes(
    samples.filter((sample) => !isInside(sample)),
    inside,
  );
  const standing = inside.filter(({ point }) =>
    planes.every((plane) => distanceToPlane(plane, point) > planeTolerance * point[2]),
  );
  const depth = depthOfThing(standing);
  if (depth === undefined) {
    return [];
  }
  // Nothing reaches farther along the line of sight than it is large across it.
  const [, , width, height] = box;
  const reach = depth * Math.max(width / view.intrinsics.fx, height / view.intrinsics.fy) + connectedGap * depth;
  const near = standing.filter(({ point }) => Math.abs(point[2] - depth) <= reach);
  const seeds = near.filter(
    (sample) =>
      Math.abs(sample.point[2] - depth) <= 1.5 * connectedGap * depth &&
      Math.abs(sample.across) <= 0.7 &&
      Math.abs(sample.down) <= 0.7,
  );
  const points = connectedTo(seeds, near).map(({ point }) => point);
  return points.length < fewestSamples ? [] : points;
};
