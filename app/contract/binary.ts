import type { FrameRecord, TrackingState } from './session.ts';

/**
 * What travels beside the contract as plain HTTP responses, because megabytes do not belong into typed calls.
 * Each path takes the session as query parameter `session`, a picture also `pts` in microseconds.
 */
export const binaryPaths = {
  /** The recording, playable by a browser, served by byte range. */
  video: '/data/video',
  /** JPEG of a keyframe. */
  picture: '/data/picture',
  /** Every frame's pose, `encodeTrajectory`. */
  trajectory: '/data/trajectory',
  /** Coloured map points, `encodePoints`. */
  points: '/data/points',
  /** POST with a file as the body and its `name` as query parameter; answers `{ "path": string }` to ingest. */
  upload: '/data/upload',
} as const;

const trackingCodes: readonly TrackingState[] = ['tracked', 'recorded', 'initialising', 'lost', 'predicted'];

const rowLength = 20;

/** Packs frame records as little-endian float64 rows: PTS µs, index, tracking code, inliers, 16 pose numbers or NaN. */
export const encodeTrajectory = (records: readonly FrameRecord[]): Uint8Array => {
  const rows = new Float64Array(records.length * rowLength);
  records.forEach((record, i) => {
    const row = rows.subarray(i * rowLength, (i + 1) * rowLength);
    row.set([record.ptsMicros, record.index, trackingCodes.indexOf(record.tracking), record.inliers]);
    row.fill(Number.NaN, 4);
    if (record.worldFromCamera) {
      row.set(record.worldFromCamera, 4);
    }
  });
  return new Uint8Array(rows.buffer);
};

/** Reads what `encodeTrajectory` wrote. */
export const decodeTrajectory = (buffer: ArrayBuffer): FrameRecord[] => {
  const rows = new Float64Array(buffer);
  return Array.from({ length: rows.length / rowLength }, (_, i) => {
    const [ptsMicros = 0, index = 0, code = 0, inliers = 0, ...pose] = rows.subarray(
      i * rowLength,
      (i + 1) * rowLength,
    );
    const record: FrameRecord = { ptsMicros, index, tracking: trackingCodes[code] ?? 'lost', inliers };
    return Number.isNaN(pose[0]) ? record : { ...record, worldFromCamera: pose };
  });
};

/**
 * Coloured points in world coordinates: `positions` xyz in metres (or the session's unit), `colours` RGB bytes. What a
 * map of surfaces knows besides is absent where points come from elsewhere.
 */
export interface PointCloud {
  readonly positions: Float32Array;
  readonly colours: Uint8Array;
  /** Unit vectors xyz × 127, towards where the surface was seen from. */
  readonly normals?: Int8Array;
  /** How sure a point is part of the place: 255 is seen often and never seen through. */
  readonly confidences?: Uint8Array;
  /** When each point was seen first and last, PTS in microseconds. */
  readonly firstSeenMicros?: Float64Array;
  readonly lastSeenMicros?: Float64Array;
}

/** Packs a cloud as uint32 count, float32 xyz of every point, then RGB bytes of every point. */
export const encodePoints = (cloud: PointCloud): Uint8Array => {
  const count = cloud.positions.length / 3;
  const bytes = new Uint8Array(4 + count * 15);
  new DataView(bytes.buffer).setUint32(0, count, true);
  bytes.set(new Uint8Array(cloud.positions.buffer, cloud.positions.byteOffset, count * 12), 4);
  bytes.set(cloud.colours.subarray(0, count * 3), 4 + count * 12);
  return bytes;
};

/** Reads what `encodePoints` wrote. */
export const decodePoints = (buffer: ArrayBuffer): PointCloud => {
  const count = new DataView(buffer).getUint32(0, true);
  return {
    positions: new Float32Array(buffer, 4, count * 3),
    colours: new Uint8Array(buffer, 4 + count * 12, count * 3),
  };
};
