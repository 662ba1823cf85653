import type { PointCloud } from '../../app/contract/binary.ts';
import type { Vector3 } from '../../app/contract/geometry.ts';

/** The numbers from 0 to `length` − 1 in an order that looks random and is always the same (Fisher–Yates). */
export const shuffledOrder = (length: number): Uint32Array => {
  const order = Uint32Array.from({ length }, (_, i) => i);
  let seed = 1;
  for (let i = length - 1; i > 0; i--) {
    // Lehmer's generator with the constants of Park and Miller, 1988.
    seed = (seed * 48271) % 2147483647;
    const j = seed % (i + 1);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
  return order;
};

/** The box that holds the cloud but for stray points: from the 1st to the 99th of a hundred along each axis. */
export const cloudBounds = ({ positions }: PointCloud): readonly [Vector3, Vector3] | undefined => {
  const count = positions.length / 3;
  if (count === 0) {
    return undefined;
  }
  const stride = Math.max(1, Math.floor(count / 20_000));
  const low: Vector3 = [0, 0, 0];
  const high: Vector3 = [0, 0, 0];
  for (const axis of [0, 1, 2] as const) {
    const values = Float32Array.from(
      { length: Math.ceil(count / stride) },
      (_, i) => positions[i * stride * 3 + axis] ?? 0,
    );
    values.sort();
    low[axis] = values[Math.floor(values.length * 0.01)] ?? 0;
    high[axis] = values[Math.min(values.length - 1, Math.floor(values.length * 0.99))] ?? 0;
  }
  return [low, high];
};

/** The box that holds some places. */
export const boundsOf = (places: readonly Vector3[]): readonly [Vector3, Vector3] | undefined => {
  if (places.length === 0) {
    return undefined;
  }
  const low: Vector3 = [Infinity, Infinity, Infinity];
  const high: Vector3 = [-Infinity, -Infinity, -Infinity];
  for (const place of places) {
    for (const axis of [0, 1, 2] as const) {
      low[axis] = Math.min(low[axis], place[axis]);
      high[axis] = Math.max(high[axis], place[axis]);
    }
  }
  return [low, high];
};
