import type { MapSelection } from '../../app/contract/edit.ts';
import type { Intrinsics, OrientedBox, Vector3 } from '../../app/contract/geometry.ts';
import type { Ray } from './picking.ts';
import { eyeOf, fieldOfView, forwardOf } from './rig.ts';
import type { RigState } from './rig.ts';
import { cross, directionOf, dot, positionOf, subtract, unit } from './vector.ts';

type Pixel = readonly [number, number];

/** The 3D view as a camera of the contract: a pose and a pinhole whose pixels are those of the page. */
export interface ViewCamera {
  readonly worldFromCamera: readonly number[];
  readonly intrinsics: Intrinsics;
}

/** What a shape drawn over the view holds. */
export interface ChosenPoints {
  /** The shape as a selection that reaches as deep behind the foremost points as it is wide. */
  readonly selection: Extract<MapSelection, { by: 'lasso' }>;
  readonly points: readonly Vector3[];
}

/** The camera that the view looks through. */
export const viewCamera = (rig: RigState, size: { readonly width: number; readonly height: number }): ViewCamera => {
  const [ahead, eye] = [forwardOf(rig), eyeOf(rig)];
  const right = unit(cross(ahead, [0, 0, 1]));
  const down = cross(ahead, right);
  const focal = size.height / 2 / Math.tan(fieldOfView / 2);
  const row = (axis: 0 | 1 | 2): number[] => [right[axis], down[axis], ahead[axis], eye[axis]];
  return {
    worldFromCamera: [...row(0), ...row(1), ...row(2), 0, 0, 0, 1],
    intrinsics: {
      ...{ fx: focal, fy: focal, cx: size.width / 2, cy: size.height / 2 },
      ...{ width: Math.max(1, Math.round(size.width)), height: Math.max(1, Math.round(size.height)) },
    },
  };
};

/** Points of the map inside a polygon of the view: the foremost, and what is as little behind them as it is wide. */
export const chooseInside = (
  { worldFromCamera, intrinsics }: ViewCamera,
  polygon: readonly Pixel[],
  positions: Float32Array,
): ChosenPoints | undefined => {
  const { fx, fy, cx, cy } = intrinsics;
  const eye = positionOf(worldFromCamera);
  const [right, down, ahead] = ([0, 1, 2] as const).map((axis) => directionOf(worldFromCamera, axis));
  if (!right || !down || !ahead) {
    return undefined;
  }
  const inside: { readonly point: Vector3; readonly depth: number }[] = [];
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point: Vector3 = [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
    const away = subtract(point, eye);
    const depth = dot(ahead, away);
    if (
      depth > 0 &&
      insidePolygon(polygon, [(fx * dot(right, away)) / depth + cx, (fy * dot(down, away)) / depth + cy])
    ) {
      inside.push({ point, depth });
    }
  }
  const depths = inside.map(({ depth }) => depth).sort((a, b) => a - b);
  const near = depths[Math.floor(depths.length * 0.02)];
  if (near === undefined) {
    return undefined;
  }
  const span = (axis: 0 | 1): number =>
    Math.max(...polygon.map((corner) => corner[axis])) - Math.min(...polygon.map((corner) => corner[axis]));
  const far = near + (Math.max(span(0), span(1)) * near) / fx;
  return {
    selection: {
      by: 'lasso',
      worldFromCamera: [...worldFromCamera],
      intrinsics,
      polygon: polygon.map(([x, y]) => [x, y]),
      depths: [0, far],
    },
    points: inside.filter(({ depth }) => depth <= far).map(({ point }) => point),
  };
};

/** The upright box round points, but for the stray hundredth on each side. */
export const boxRound = (points: readonly Vector3[]): OrientedBox => {
  const sides = ([0, 1, 2] as const).map((axis) => {
    const values = points.map((point) => point[axis]).sort((a, b) => a - b);
    const at = (share: number): number => values[Math.floor((values.length - 1) * share)] ?? 0;
    return { middle: (at(0.01) + at(0.99)) / 2, length: Math.max(at(0.99) - at(0.01), 1e-3) };
  });
  const [x, y, z] = sides;
  return {
    center: [x?.middle ?? 0, y?.middle ?? 0, z?.middle ?? 0],
    axesLengths: [x?.length ?? 0, y?.length ?? 0, z?.length ?? 0],
    axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
};

/** The foremost point of the map within an angle of a ray. */
export const pickPoint = (
  { origin, direction }: Ray,
  positions: Float32Array,
  reachRadians: number,
): Vector3 | undefined => {
  const slope = Math.tan(reachRadians) ** 2;
  let best: Vector3 | undefined;
  let least = Infinity;
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point: Vector3 = [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
    const away = subtract(point, origin);
    const along = dot(away, direction);
    if (along > 0 && along < least && dot(away, away) - along * along <= slope * along * along) {
      best = point;
      least = along;
    }
  }
  return best;
};

/** Even-odd rule (Shimrat 1962, Algorithm 112). */
const insidePolygon = (polygon: readonly Pixel[], [u, v]: Pixel): boolean => {
  let inside = false;
  polygon.forEach(([bu, bv], i) => {
    const [au, av] = polygon.at(i - 1) ?? [bu, bv];
    if (av > v !== bv > v && u < au + ((v - av) / (bv - av)) * (bu - au)) {
      inside = !inside;
    }
  });
  return inside;
};
