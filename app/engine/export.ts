import type { PointCloud } from '../contract/binary.ts';
import type { FrameRecord } from '../contract/session.ts';
import { toQuaternion } from '../geometry/pose.ts';

/**
 * A trajectory in the TUM format: a line `time x y z qx qy qz qw` for each frame whose pose is known, time in seconds
 * of PTS, camera-to-world.
 */
export const toTum = (frames: readonly FrameRecord[]): string =>
  frames
    .flatMap(({ ptsMicros, worldFromCamera: pose }) => {
      if (!pose) {
        return [];
      }
      const position = [pose[3], pose[7], pose[11]].map((metres) => (metres ?? 0).toFixed(6));
      const rotation = toQuaternion(pose).map((part) => part.toFixed(8));
      return `${(ptsMicros / 1e6).toFixed(6)} ${[...position, ...rotation].join(' ')}\n`;
    })
    .join('');

/**
 * Points as binary little-endian PLY: x, y, z in float32 world units, where they are known the unit normal nx, ny, nz,
 * then red, green, blue and, where known, how sure each point is as confidence (0–255).
 */
export const toPly = (cloud: PointCloud): Uint8Array => {
  const { positions, colours, normals, confidences } = cloud;
  const count = positions.length / 3;
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${count}`,
    ...['x', 'y', 'z', ...(normals ? ['nx', 'ny', 'nz'] : [])].map((name) => `property float ${name}`),
    ...['red', 'green', 'blue', ...(confidences ? ['confidence'] : [])].map((name) => `property uchar ${name}`),
    'end_header\n',
  ].join('\n');
  const colourAt = normals ? 24 : 12;
  const stride = colourAt + (confidences ? 4 : 3);
  const bytes = new Uint8Array(header.length + count * stride);
  bytes.set(Buffer.from(header, 'ascii'));
  const view = new DataView(bytes.buffer, header.length);
  for (let i = 0; i < count; i++) {
    const start = i * stride;
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(start + axis * 4, positions[i * 3 + axis] ?? 0, true);
      view.setUint8(start + colourAt + axis, colours[i * 3 + axis] ?? 0);
      if (normals) {
        view.setFloat32(start + 12 + axis * 4, (normals[i * 3 + axis] ?? 0) / 127, true);
      }
    }
    if (confidences) {
      view.setUint8(start + colourAt + 3, confidences[i] ?? 0);
    }
  }
  return bytes;
};
