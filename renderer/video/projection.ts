import type { Intrinsics, OrientedBox, Pose, Vector3 } from '../../app/contract/geometry.ts';
import { bendLine, type Bend } from './bending.ts';

/** A point of an image, in pixels. */
export type Pixel = readonly [number, number];

/** What lies nearer than this in front of the camera is cut off, in the scene's unit. */
const nearDepth = 0.05;

/** A world point in the camera frame (x right, y down, z forward): Rᵀ (p − t) of the camera-to-world pose. */
export const toCamera = (worldFromCamera: Pose, [x, y, z]: Vector3): Vector3 => {
  const at = (i: number): number => worldFromCamera[i] ?? 0;
  const [dx, dy, dz] = [x - at(3), y - at(7), z - at(11)];
  const along = (column: number): number => at(column) * dx + at(column + 4) * dy + at(column + 8) * dz;
  return [along(0), along(1), along(2)];
};

const toPixel = ({ fx, fy, cx, cy }: Intrinsics, [x, y, z]: Vector3): Pixel => [(fx * x) / z + cx, (fy * y) / z + cy];

/** The pixel of a world point, undefined when it is not in front of the camera. It may lie outside the image. */
export const projectPoint = (worldFromCamera: Pose, intrinsics: Intrinsics, point: Vector3): Pixel | undefined => {
  const inCamera = toCamera(worldFromCamera, point);
  return inCamera[2] < nearDepth ? undefined : toPixel(intrinsics, inCamera);
};

/** Both ends of a segment in pixels, cut off at the near plane; undefined when all of it lies behind. */
export const projectSegment = (
  worldFromCamera: Pose,
  intrinsics: Intrinsics,
  from: Vector3,
  to: Vector3,
): readonly [Pixel, Pixel] | undefined => {
  const a = toCamera(worldFromCamera, from);
  const b = toCamera(worldFromCamera, to);
  if (a[2] < nearDepth && b[2] < nearDepth) {
    return undefined;
  }
  const cut = (behind: Vector3, ahead: Vector3): Vector3 => {
    const share = (nearDepth - behind[2]) / (ahead[2] - behind[2]);
    return [behind[0] + share * (ahead[0] - behind[0]), behind[1] + share * (ahead[1] - behind[1]), nearDepth];
  };
  return [toPixel(intrinsics, a[2] < nearDepth ? cut(a, b) : a), toPixel(intrinsics, b[2] < nearDepth ? cut(b, a) : b)];
};

/** The eight corners of an oriented box; bit i of a corner's index tells its side along axis i. */
export const boxCorners = ({ center, axesLengths, axes }: OrientedBox): Vector3[] =>
  Array.from({ length: 8 }, (_, corner) => {
    const point: Vector3 = [...center];
    axesLengths.forEach((size, axis) => {
      const offset = (((corner >> axis) & 1) - 0.5) * size;
      point.forEach((value, i) => (point[i as 0 | 1 | 2] = value + offset * (axes[axis * 3 + i] ?? 0)));
    });
    return point;
  });

/** The twelve edges of a box as pairs of corner indices. */
export const boxEdges: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].flatMap((bit) => (corner & bit ? [] : [[corner, corner | bit] as const])),
);

/** Pixels joined by straight lines, as an SVG path. */
export const strokeOf = (pixels: readonly Pixel[]): string =>
  pixels.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('');

/** An oriented box as an SVG path in pixels, empty when none of it is in front of the camera. */
export const boxPath = (worldFromCamera: Pose, intrinsics: Intrinsics, box: OrientedBox, bend?: Bend): string => {
  const corners = boxCorners(box);
  return boxEdges
    .flatMap(([from, to]) => {
      const [a, b] = [corners[from], corners[to]];
      const line = a && b && projectSegment(worldFromCamera, intrinsics, a, b);
      return line ? [strokeOf(bendLine(bend, ...line))] : [];
    })
    .join('');
};

/** The world's axes as the camera sees them, as directions in the image (x right, y down) of length ≤ 1 and depth. */
export const worldAxes = (
  worldFromCamera: Pose,
): readonly { readonly name: string; readonly x: number; readonly y: number; readonly depth: number }[] =>
  ['x', 'y', 'z'].map((name, row) => ({
    name,
    x: worldFromCamera[row * 4] ?? 0,
    y: worldFromCamera[row * 4 + 1] ?? 0,
    depth: worldFromCamera[row * 4 + 2] ?? 0,
  }));
