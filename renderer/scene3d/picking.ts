import type { OrientedBox, Vector3 } from '../../app/contract/geometry.ts';
import { dot, subtract } from './vector.ts';

/** A ray of the world; `direction` is a unit vector. */
export interface Ray {
  readonly origin: Vector3;
  readonly direction: Vector3;
}

const rowOf = (axes: readonly number[], row: number): Vector3 => [
  axes[row * 3] ?? 0,
  axes[row * 3 + 1] ?? 0,
  axes[row * 3 + 2] ?? 0,
];

/**
 * Where a ray enters an oriented box, as a distance from its origin (0 from inside); undefined when it misses. Slab
 * method: Kay and Kajiya, "Ray Tracing Complex Scenes", SIGGRAPH 1986.
 */
export const enterBox = ({ origin, direction }: Ray, box: OrientedBox): number | undefined => {
  const away = subtract(box.center, origin);
  let near = 0;
  let far = Infinity;
  for (const axis of [0, 1, 2] as const) {
    const along = rowOf(box.axes, axis);
    const half = box.axesLengths[axis] / 2;
    const centre = dot(along, away);
    const slope = dot(along, direction);
    if (Math.abs(slope) < 1e-9) {
      if (Math.abs(centre) > half) {
        return undefined;
      }
      continue;
    }
    const [a, b] = [(centre - half) / slope, (centre + half) / slope];
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far ? near : undefined;
};

/** The first box along a ray. A smaller box inside a larger one is meant, so that a mug in a cupboard can be picked. */
export const pickBox = <T extends OrientedBox>(ray: Ray, boxes: readonly T[]): T | undefined => {
  const volume = ({ axesLengths: [x, y, z] }: OrientedBox): number => x * y * z;
  const hits = boxes.flatMap((box) => {
    const distance = enterBox(ray, box);
    return distance === undefined ? [] : [{ box, distance }];
  });
  const [nearest] = hits.toSorted((a, b) => a.distance - b.distance);
  if (!nearest) {
    return undefined;
  }
  const within = hits.filter(({ box }) => volume(box) < volume(nearest.box) && contains(nearest.box, box.center));
  return within.toSorted((a, b) => a.distance - b.distance)[0]?.box ?? nearest.box;
};

const contains = (box: OrientedBox, point: Vector3): boolean => {
  const away = subtract(point, box.center);
  return ([0, 1, 2] as const).every((axis) => Math.abs(dot(rowOf(box.axes, axis), away)) <= box.axesLengths[axis] / 2);
};

/** The marker closest to the pointer on screen, at most `reach` pixels away. */
export const pickMarker = <T>(
  markers: readonly T[],
  screenOf: (marker: T) => readonly [number, number] | undefined,
  [x, y]: readonly [number, number],
  reach: number,
): T | undefined => {
  let best: T | undefined;
  let distance = reach;
  for (const marker of markers) {
    const at = screenOf(marker);
    const away = at ? Math.hypot(at[0] - x, at[1] - y) : Infinity;
    if (away <= distance) {
      best = marker;
      distance = away;
    }
  }
  return best;
};
