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

/** Coloured points as binary little-endian PLY: x, y, z in float32 world units, then red, green, blue. */
export const toPly = (cloud: PointCloud): Uint8Array => {
  const count = cloud.positions.length / 3;
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${count}`,
    ...['x', 'y', 'z'].map((name) => `property float ${name}`),
    ...['red', 'green', 'blue'].map((name) => `property uchar ${name}`),
    'end_header\n',
  ].join('\n');
  const bytes = new Uint8Array(header.length + count * 15);
  bytes.set(Buffer.from(header, 'ascii'));
  const view = new DataView(bytes.buffer, header.length);
  for (let i = 0; i < count; i++) {
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(i * 15 + axis * 4, cloud.positions[i * 3 + axis] ?? 0, true);
      view.setUint8(i * 15 + 12 + axis, cloud.colours[i * 3 + axis] ?? 0);
    }
  }
  return bytes;
};
