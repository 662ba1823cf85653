import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import { project, resizeIntrinsics } from '../geometry/camera.ts';
import { invertPose, transformPoint } from '../geometry/pose.ts';
import type { DepthImage } from '../media/frame.ts';

/** A map of 2 cm voxels leaves no holes in a picture this wide at arm's length. */
const columns = 80;

/** A depth image and its camera. */
export interface RenderedDepth {
  readonly depth: DepthImage;
  readonly depthIntrinsics: Intrinsics;
}

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
  const data = Uint16Array.from(nearest, (z) => (z === Infinity ? 0 : Math.max(1, Math.round(z / metresPerUnit))));
  return { depth: { width, height, data, metresPerUnit }, depthIntrinsics: camera };
};
