import type { FrameRecord, TrackingState } from './session.ts';

/**
 * What travels beside the contract as plain HTTP responses, because megabytes do not belong into typed calls.
 * Each path takes the session as query parameter `session`, a picture and a mask also `pts` in microseconds.
 */
export const binaryPaths = {
  /** The recording, playable by a browser, served by byte range. */
  video: '/data/video',
  /** JPEG of a keyframe. */
  picture: '/data/picture',
  /** PNG of what moves in a keyframe, white where it does, of the picture's shape but smaller; 204 when nothing moves. */
  mask: '/data/mask',
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

/** "LPTS" as the first four bytes; what was written before has a count there, which is never so large. */
const pointsMark = 0x5354504c;
const pointsVersion = 2;
const headerBytes = 16;

/** What a cloud may hold besides positions and colours, and the bit in the header that says so. */
const partBits = { normals: 1, confidences: 2, seen: 4 } as const;

const roundUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Packs a cloud, little-endian: uint32 mark, version, count and bits of the parts that are there; then float64 µs of the
 * first and of the last sight (bit 4), float32 xyz, RGB bytes, int8 normals (bit 1) and confidence bytes (bit 2) of
 * every point, padded to a multiple of 8 bytes. Packed clouds put one after the other are a packed cloud.
 */
export const encodePoints = (cloud: PointCloud): Uint8Array => {
  const { positions, colours, normals, confidences, firstSeenMicros, lastSeenMicros } = cloud;
  const seen = firstSeenMicros && lastSeenMicros ? [firstSeenMicros, lastSeenMicros] : [];
  const parts = [...seen, positions, colours, ...(normals ? [normals] : []), ...(confidences ? [confidences] : [])];
  const length = parts.reduce((sum, part) => sum + part.byteLength, headerBytes);
  const bytes = new Uint8Array(roundUp(length));
  const bits =
    (normals ? partBits.normals : 0) | (confidences ? partBits.confidences : 0) | (seen.length > 0 ? partBits.seen : 0);
  const header = new DataView(bytes.buffer);
  [pointsMark, pointsVersion, positions.length / 3, bits].forEach((value, i) => header.setUint32(4 * i, value, true));
  let offset = headerBytes;
  for (const part of parts) {
    bytes.set(bytesOf(part), offset);
    offset += part.byteLength;
  }
  return bytes;
};

/** Reads what `encodePoints` wrote, now or in its first version. */
export const decodePoints = (buffer: ArrayBuffer): PointCloud => {
  if (buffer.byteLength >= 4 && new DataView(buffer).getUint32(0, true) !== pointsMark) {
    return decodeFirstVersion(buffer);
  }
  const clouds: PointCloud[] = [];
  for (let offset = 0; offset < buffer.byteLength;) {
    const [cloud, length] = decodeBlock(buffer, offset);
    clouds.push(cloud);
    offset += length;
  }
  return joinPoints(clouds);
};

const decodeBlock = (buffer: ArrayBuffer, start: number): [PointCloud, byteLength: number] => {
  const header = new DataView(buffer, start);
  const version = header.getUint32(4, true);
  if (version !== pointsVersion) {
    throw new RangeError(`The points are packed in version ${version}, not ${pointsVersion}`);
  }
  const count = header.getUint32(8, true);
  const bits = header.getUint32(12, true);
  let offset = start + headerBytes;
  const take = <T>(
    make: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    each: number,
    size: number,
  ): T => {
    const part = new make(buffer, offset, count * each);
    offset += count * each * size;
    return part;
  };
  const seen = (bits & partBits.seen) !== 0 && {
    firstSeenMicros: take(Float64Array, 1, 8),
    lastSeenMicros: take(Float64Array, 1, 8),
  };
  const cloud: PointCloud = {
    positions: take(Float32Array, 3, 4),
    colours: take(Uint8Array, 3, 1),
    ...((bits & partBits.normals) !== 0 && { normals: take(Int8Array, 3, 1) }),
    ...((bits & partBits.confidences) !== 0 && { confidences: take(Uint8Array, 1, 1) }),
    ...seen,
  };
  return [cloud, roundUp(offset - start)];
};

const decodeFirstVersion = (buffer: ArrayBuffer): PointCloud => {
  const count = new DataView(buffer).getUint32(0, true);
  return {
    positions: new Float32Array(buffer, 4, count * 3),
    colours: new Uint8Array(buffer, 4 + count * 12, count * 3),
  };
};

interface NumberArray {
  readonly length: number;
  set(values: ArrayLike<number>, offset: number): void;
}

const join = <T extends NumberArray & ArrayLike<number>>(make: new (length: number) => T, parts: readonly T[]): T => {
  const whole = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

/** All points of some clouds as one. What not all of them know is left out. */
export const joinPoints = (clouds: readonly PointCloud[]): PointCloud => {
  const [only] = clouds;
  if (only && clouds.length === 1) {
    return only;
  }
  const withPoints = clouds.filter(({ positions }) => positions.length > 0);
  const joined = <T extends NumberArray & ArrayLike<number>>(
    make: new (length: number) => T,
    part: (cloud: PointCloud) => T | undefined,
  ): T | undefined => {
    const parts = withPoints.flatMap((cloud) => part(cloud) ?? []);
    return parts.length === withPoints.length && parts.length > 0 ? join(make, parts) : undefined;
  };
  const normals = joined(Int8Array, (cloud) => cloud.normals);
  const confidences = joined(Uint8Array, (cloud) => cloud.confidences);
  const firstSeenMicros = joined(Float64Array, (cloud) => cloud.firstSeenMicros);
  const lastSeenMicros = joined(Float64Array, (cloud) => cloud.lastSeenMicros);
  return {
    positions: joined(Float32Array, (cloud) => cloud.positions) ?? new Float32Array(),
    colours: joined(Uint8Array, (cloud) => cloud.colours) ?? new Uint8Array(),
    ...(normals && { normals }),
    ...(confidences && { confidences }),
    ...(firstSeenMicros && { firstSeenMicros }),
    ...(lastSeenMicros && { lastSeenMicros }),
  };
};
