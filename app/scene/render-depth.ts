import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import { project, resizeIntrinsics } from '../geometry/camera.ts';
import { invertPose, transformPoint } from '../geometry/pose.ts';
import type { DepthImage } from '../media/frame.ts';
import { median } from './fit-box.ts';

/** Fine enough for a mug across a room; nearer, a map of 2 cm voxels leaves holes, which are closed. */
const columns = 160;
/** An empty cell with this many measured neighbours is a hole in their surface. */
const neighboursOfHole = 3;
/** A cell with this many neighbours before it is the background, seen through such a hole. */
const neighboursBefore = 5;
const beforeShare = 0.95;

/** A depth image and its camera. */
export interface RenderedDepth {
  readonly depth: DepthImage;
  readonly depthIntrinsics: Intrinsics;
}

/** The depths with the holes closed that lie between the points of a surface. */
const closeHoles = (depths: Float64Array, width: number): Float64Array =>
  depths.map((depth, cell) => {
    const column = cell % width;
    const around = [-1, 0, 1].flatMap((dy) =>
      [-1, 0, 1].flatMap((dx) => {
        const inRow = column + dx >= 0 && column + dx < width;
        const value = inRow && (dx !== 0 || dy !== 0) ? (depths[cell + dy * width + dx] ?? Infinity) : Infinity;
        return value === Infinity ? [] : [value];
      }),
    );
    const before = around.filter((value) => value < beforeShare * depth);
    const isHole = depth === Infinity ? before.length >= neighboursOfHole : before.length >= neighboursBefore;
    return isHole ? median(before) : depth;
  });

/** The map as the camera would have measured it: a small depth image that keeps the nearest point of each cell. */
export const renderDepth = (cloud: PointCloud, worldFromCamera: Pose, intrinsics: Intrinsics): RenderedDepth => {
  const width = Math.min(columns, intrinsics.width);
  const height = Math.max(1, Math.round((intrinsics.height * width) / intrinsics.width));
  const camera = resizeIntrinsics(intrinsics, width, height);
  const cameraFromWorld = invertPose(worldFromCamera);
  const nearest = new Float64Array(width * height).fill(Infinity);
  const { positions } = cloud;
  let farthest = 0;
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point = transformPoint(cameraFromWorld, [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0]);
    const pixel = project(camera, point);
    const [u, v] = pixel ? [Math.round(pixel[0]), Math.round(pixel[1])] : [-1, -1];
    const cell = v * width + u;
    if (u >= 0 && v >= 0 && u < width && v < height && point[2] < (nearest[cell] ?? 0)) {
      nearest[cell] = point[2];
      farthest = Math.max(farthest, point[2]);
    }
  }
  const metresPerUnit = farthest > 0 ? farthest / 65534 : 1;
  const data = Uint16Array.from(closeHoles(nearest, width), (z) =>
    z === Infinity ? 0 : Math.max(1, Math.round(z / metresPerUnit)),
  );
  return { depth: { width, height, data, metresPerUnit }, depthIntrinsics: camera };
};
