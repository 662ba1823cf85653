import type { OrientedBox, Vector3 } from '../contract/geometry.ts';

/** The value below which `share` of the sorted values lie, interpolated linearly. */
export const quantile = (sorted: readonly number[] | Float64Array, share: number): number => {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
};

/** The middle value, 0 of none. */
export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

interface Span {
  readonly low: number;
  readonly high: number;
}

const spanOf = (values: Float64Array, trim: number): Span => {
  values.sort();
  return { low: quantile(values, trim), high: quantile(values, 1 - trim) };
};

/** The rectangle round the points whose first side runs at `angle` to the x axis. */
const rectangleAt = (points: readonly Vector3[], angle: number, trim: number) => {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const first = spanOf(
    Float64Array.from(points, ([x, y]) => cos * x + sin * y),
    trim,
  );
  const second = spanOf(
    Float64Array.from(points, ([x, y]) => cos * y - sin * x),
    trim,
  );
  return { angle, first, second, area: (first.high - first.low) * (second.high - second.low) };
};

const degrees = Math.PI / 180;

/**
 * The upright box (its third axis is world z) of least footprint round a cloud of points. On each axis the outermost
 * `trim` of the points on either side count as noise. Angles are searched to half a degree; at least one point is needed.
 */
export const fitUprightBox = (points: readonly Vector3[], trim = 0.01): OrientedBox => {
  const smallest = (angles: readonly number[]) =>
    angles
      .map((angle) => rectangleAt(points, angle, trim))
      .reduce((best, next) => (next.area < best.area - 1e-12 ? next : best));
  const coarse = smallest(Array.from({ length: 30 }, (_, i) => i * 3 * degrees));
  const { angle, first, second } = smallest(
    Array.from({ length: 7 }, (_, i) => coarse.angle + (i === 0 ? 0 : ((i - 3.5) / 1.25) * degrees)),
  );
  const height = spanOf(
    Float64Array.from(points, ([, , z]) => z),
    trim,
  );
  const along = (first.low + first.high) / 2;
  const across = (second.low + second.high) / 2;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return {
    center: [cos * along - sin * across, sin * along + cos * across, (height.low + height.high) / 2],
    axesLengths: [first.high - first.low, second.high - second.low, height.high - height.low],
    axes: [cos, sin, 0, -sin, cos, 0, 0, 0, 1],
  };
};
