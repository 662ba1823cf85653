import { z } from 'zod';

/** What Loci takes from a message of a schema. */
export type MessageKind = 'compressed-image' | 'raw-image' | 'video' | 'calibration' | 'pose' | 'transforms';

const kinds: Readonly<Record<string, MessageKind>> = {
  'foxglove.CompressedImage': 'compressed-image',
  'sensor_msgs.CompressedImage': 'compressed-image',
  'foxglove.RawImage': 'raw-image',
  'sensor_msgs.Image': 'raw-image',
  'foxglove.CompressedVideo': 'video',
  'foxglove.CameraCalibration': 'calibration',
  'sensor_msgs.CameraInfo': 'calibration',
  'foxglove.PoseInFrame': 'pose',
  'geometry_msgs.PoseStamped': 'pose',
  'foxglove.FrameTransform': 'transforms',
  'foxglove.FrameTransforms': 'transforms',
  'geometry_msgs.TransformStamped': 'transforms',
  'tf2_msgs.TFMessage': 'transforms',
  'tf.tfMessage': 'transforms',
};

/** The kind of a schema by its name, however its package is written: `sensor_msgs/msg/Image`, `foxglove.RawImage`. */
export const kindOf = (schemaName: string): MessageKind | undefined => {
  const parts = schemaName.split(/[./]/).filter((part) => part !== 'msg');
  return kinds[parts.join('.').replace(/^foxglove_msgs\./, 'foxglove.')];
};

/** A time as Foxglove, ROS 1, ROS 2 and protobuf name its parts, or as protobuf's JSON writes it; in microseconds. */
const stampSchema = z.union([
  z.object({ sec: z.number(), nsec: z.number() }).transform(({ sec, nsec }) => Math.round(sec * 1e6 + nsec / 1e3)),
  z
    .object({ sec: z.number(), nanosec: z.number() })
    .transform(({ sec, nanosec }) => Math.round(sec * 1e6 + nanosec / 1e3)),
  z
    .object({ seconds: z.number(), nanos: z.number() })
    .transform(({ seconds, nanos }) => Math.round(seconds * 1e6 + nanos / 1e3)),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) * 1e3),
]);

/** Bytes, which JSON writes in base 64. */
const bytesSchema = z.union([
  z.instanceof(Uint8Array),
  z.string().transform((text): Uint8Array => Buffer.from(text, 'base64')),
]);

const numbersSchema = z.union([z.array(z.number()), z.instanceof(Float64Array).transform((values) => [...values])]);

const headSchema = z.object({
  timestamp: stampSchema.nullish(),
  frame_id: z.string().optional(),
  header: z.object({ stamp: stampSchema.optional(), frame_id: z.string().optional() }).optional(),
});

/** When something was seen, and in which frame of coordinates. */
interface Head {
  /** The message's own time; the log's where it has none. */
  readonly stampMicros: number;
  readonly frameId: string;
}

const headOf = ({ timestamp, frame_id, header }: z.infer<typeof headSchema>, logMicros: number): Head => ({
  stampMicros: [timestamp, header?.stamp].find((stamp) => typeof stamp === 'number' && stamp > 0) ?? logMicros,
  frameId: frame_id ?? header?.frame_id ?? '',
});

const compressedSchema = headSchema.extend({ data: bytesSchema, format: z.string() });
const rawSchema = headSchema.extend({
  width: z.int().positive(),
  height: z.int().positive(),
  encoding: z.string(),
  step: z.int(),
  is_bigendian: z.union([z.boolean(), z.number()]).default(false),
  data: bytesSchema,
});

/** A picture in a file format, or one packet of a video. */
export interface CompressedImage extends Head {
  readonly type: 'compressed';
  readonly format: string;
  readonly data: Uint8Array;
}

/** A picture as plain values. */
export interface RawImage extends Head {
  readonly type: 'raw';
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  /** Bytes of a row. */
  readonly step: number;
  readonly bigEndian: boolean;
  readonly data: Uint8Array;
}

export type ImageMessage = CompressedImage | RawImage;

/** Reads a picture, or says by `undefined` that the fields are not those of one. */
export const readImage = (message: unknown, logMicros: number): ImageMessage | undefined => {
  const raw = rawSchema.safeParse(message);
  if (raw.success) {
    const { width, height, encoding, step, data, is_bigendian: bigEndian } = raw.data;
    const head = headOf(raw.data, logMicros);
    return { type: 'raw', ...head, width, height, encoding, step, data, bigEndian: Boolean(bigEndian) };
  }
  const compressed = compressedSchema.safeParse(message);
  return compressed.success
    ? {
        type: 'compressed',
        ...headOf(compressed.data, logMicros),
        format: compressed.data.format,
        data: compressed.data.data,
      }
    : undefined;
};

const calibrationSchema = headSchema.extend({
  width: z.int().nonnegative(),
  height: z.int().nonnegative(),
  distortion_model: z.string().default(''),
  K: numbersSchema.optional(),
  k: numbersSchema.optional(),
  D: numbersSchema.optional(),
  d: numbersSchema.optional(),
});

/** A camera: `k` its 3×3 matrix row by row, `d` the coefficients of its lens. */
export interface Calibration extends Head {
  readonly width: number;
  readonly height: number;
  readonly distortionModel: string;
  readonly k: readonly number[];
  readonly d: readonly number[];
}

/** Reads a camera. ROS 1 and Foxglove write its matrices with capitals, ROS 2 without. */
export const readCalibration = (message: unknown, logMicros: number): Calibration | undefined => {
  const parsed = calibrationSchema.safeParse(message);
  if (!parsed.success) {
    return undefined;
  }
  const { width, height, distortion_model: distortionModel, K, k = K ?? [], D, d = D ?? [] } = parsed.data;
  return { ...headOf(parsed.data, logMicros), width, height, distortionModel, k, d };
};

const vectorSchema = z.object({ x: z.number(), y: z.number(), z: z.number() });
const quaternionSchema = vectorSchema.extend({ w: z.number() });

/** A rigid transform: `x ↦ rotation · x + translation`; the rotation as a quaternion x, y, z, w. */
export interface Transform {
  readonly translation: readonly [number, number, number];
  readonly rotation: readonly [number, number, number, number];
}

const transformOf = (
  { x, y, z: zed }: z.infer<typeof vectorSchema>,
  rotation: z.infer<typeof quaternionSchema>,
): Transform => ({ translation: [x, y, zed], rotation: [rotation.x, rotation.y, rotation.z, rotation.w] });

const poseSchema = headSchema.extend({
  pose: z.object({ position: vectorSchema, orientation: quaternionSchema }),
});

/** Reads a pose of a camera in a fixed frame. */
export const readPose = (
  message: unknown,
  logMicros: number,
): (Head & { readonly transform: Transform }) | undefined => {
  const parsed = poseSchema.safeParse(message);
  if (!parsed.success) {
    return undefined;
  }
  const { position, orientation } = parsed.data.pose;
  return { ...headOf(parsed.data, logMicros), transform: transformOf(position, orientation) };
};

const foxgloveTransformSchema = headSchema.extend({
  parent_frame_id: z.string(),
  child_frame_id: z.string(),
  translation: vectorSchema,
  rotation: quaternionSchema,
});
const rosTransformSchema = headSchema
  .extend({
    child_frame_id: z.string(),
    transform: z.object({ translation: vectorSchema, rotation: quaternionSchema }),
  })
  .transform(({ transform, ...rest }) => ({ ...rest, ...transform, parent_frame_id: rest.header?.frame_id ?? '' }));
const transformSchema = z.union([foxgloveTransformSchema, rosTransformSchema]);
const transformsSchema = z.union([
  z.object({ transforms: z.array(transformSchema) }).transform(({ transforms }) => transforms),
  transformSchema.transform((transform) => [transform]),
]);

/** Where a child frame is in its parent at one time: `parentFromChild`. */
export interface FrameTransform {
  readonly stampMicros: number;
  readonly parent: string;
  readonly child: string;
  readonly transform: Transform;
}

/** Reads one transform or a list of them; nothing where the fields are not those of any. */
export const readTransforms = (message: unknown, logMicros: number): FrameTransform[] => {
  const parsed = transformsSchema.safeParse(message);
  return (parsed.success ? parsed.data : []).map((each) => ({
    stampMicros: headOf(each, logMicros).stampMicros,
    parent: each.parent_frame_id.replace(/^\//, ''),
    child: each.child_frame_id.replace(/^\//, ''),
    transform: transformOf(each.translation, each.rotation),
  }));
};
