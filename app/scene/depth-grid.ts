import type { Intrinsics, Rectangle, Vector3 } from '../contract/geometry.ts';
import { resizeIntrinsics, unproject } from '../geometry/camera.ts';
import type { DepthImage } from '../media/frame.ts';

/** What was measured, and the camera that measured it; its axes are those of the colour camera, without offset. */
export interface DepthView {
  readonly depth: DepthImage;
  readonly depthIntrinsics: Intrinsics;
  /** Those of the picture that boxes are drawn on. */
  readonly intrinsics: Intrinsics;
}

/** Samples across a box at most, so that a box that fills the picture costs little more than a small one. */
const mostSamplesAcross = 200;
/** How far beyond the box its surroundings are looked at, as a share of its size. */
const ringShare = 0.2;

/** Depths in and round a box, on a regular grid of the depth image's pixels, row by row. */
export interface DepthGrid {
  readonly columns: number;
  readonly rows: number;
  /** What lies between neighbouring cells at a depth of 1. */
  readonly spacing: number;
  /** Along the camera's z axis; 0 where nothing was measured. */
  readonly depths: Float64Array;
  /** Where a column lies in the box, −1 … 1 from edge to edge; beyond that it is outside. */
  readonly across: readonly number[];
  /** The same of a row. */
  readonly down: readonly number[];
  /** The point of a cell, in camera coordinates. */
  point(cell: number): Vector3;
}

/** The box in pixels of the depth image: both cameras see a direction at the same normalised coordinates. */
const boxInDepth = ([left, top, width, height]: Rectangle, from: Intrinsics, to: Intrinsics) => {
  const x = (u: number): number => ((u - from.cx) / from.fx) * to.fx + to.cx;
  const y = (v: number): number => ((v - from.cy) / from.fy) * to.fy + to.cy;
  // A box reaches from the left edge of its first pixel, half a pixel before that pixel's centre.
  return { left: x(left - 0.5), top: y(top - 0.5), right: x(left + width - 0.5), bottom: y(top + height - 0.5) };
};

/** Pixels from `low` to `high` grown by the ring, within the image, every `stride`-th. */
const pixelsOf = (low: number, high: number, size: number, stride: number): number[] => {
  const margin = ringShare * (high - low) + 2;
  const first = Math.max(0, Math.floor(low - margin));
  const last = Math.min(size - 1, Math.ceil(high + margin));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / stride) + 1) }, (_, i) => first + i * stride);
};

/** The depths in a box and in the ring round it. */
export const depthGrid = ({ depth, depthIntrinsics, intrinsics }: DepthView, box: Rectangle): DepthGrid => {
  const camera = resizeIntrinsics(depthIntrinsics, depth.width, depth.height);
  const { left, top, right, bottom } = boxInDepth(box, intrinsics, camera);
  const stride = Math.max(1, Math.ceil(Math.max(right - left, bottom - top) / mostSamplesAcross));
  const us = pixelsOf(left, right, depth.width, stride);
  const vs = pixelsOf(top, bottom, depth.height, stride);
  const depths = new Float64Array(us.length * vs.length);
  vs.forEach((v, row) => {
    us.forEach((u, column) => {
      const value = depth.data[v * depth.width + u] ?? 0;
      depths[row * us.length + column] = value === 65535 ? 0 : value * depth.metresPerUnit;
    });
  });
  return {
    columns: us.length,
    rows: vs.length,
    spacing: stride / camera.fx,
    depths,
    across: us.map((u) => (2 * u - left - right) / (right - left)),
    down: vs.map((v) => (2 * v - top - bottom) / (bottom - top)),
    point: (cell) =>
      unproject(camera, us[cell % us.length] ?? 0, vs[Math.floor(cell / us.length)] ?? 0, depths[cell] ?? 0),
  };
};
