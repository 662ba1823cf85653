import { z } from 'zod';

/** A point or direction `[x, y, z]`; world coordinates are right-handed, z up, in metres unless the scale is arbitrary. */
export const vector3Schema = z.tuple([z.number(), z.number(), z.number()]);
export type Vector3 = z.infer<typeof vector3Schema>;

/**
 * Camera-to-world transform, 4×4 row-major, 16 numbers. The camera frame is OpenCV's: x right, y down, z forward.
 * Named `worldFromCamera` wherever it is held.
 */
export const poseSchema = z.array(z.number()).length(16).readonly();
export type Pose = z.infer<typeof poseSchema>;

/** A pinhole camera: focal lengths and principal point in pixels of an image of `width` × `height`. */
export const intrinsicsSchema = z.object({
  fx: z.number().positive(),
  fy: z.number().positive(),
  cx: z.number(),
  cy: z.number(),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type Intrinsics = z.infer<typeof intrinsicsSchema>;

const coefficient = z.number();
const zero = coefficient.default(0);

/**
 * How a lens bends a picture away from a pinhole's, with OpenCV's coefficients. `brown-conrady`: radial and tangential,
 * with k4…k6 the rational model; `kannala-brandt`: a fisheye.
 */
export const distortionSchema = z.discriminatedUnion('model', [
  z.object({
    model: z.literal('brown-conrady'),
    k1: coefficient,
    k2: coefficient,
    p1: coefficient,
    p2: coefficient,
    k3: zero,
    k4: zero,
    k5: zero,
    k6: zero,
  }),
  z.object({ model: z.literal('kannala-brandt'), k1: coefficient, k2: coefficient, k3: coefficient, k4: coefficient }),
]);
export type Distortion = z.infer<typeof distortionSchema>;

/** A camera whose picture is not that of a pinhole. */
export const lensSchema = z.object({ intrinsics: intrinsicsSchema, distortion: distortionSchema });
export type Lens = z.infer<typeof lensSchema>;

/** `metric`: one unit is one metre. `arbitrary`: a monocular session whose unit of length is unknown. */
export const scaleSchema = z.enum(['metric', 'arbitrary']);
export type Scale = z.infer<typeof scaleSchema>;

/**
 * From the frame in which a session was tracked to the world: x ↦ pose · (metresPerUnit · x). It is found when a session
 * is levelled, measured or joined to another one, and then moves all of its geometry at once.
 */
export const similaritySchema = z.object({ metresPerUnit: z.number().positive(), pose: poseSchema });
export type Similarity = z.infer<typeof similaritySchema>;

/** An axis-aligned rectangle in pixels: left, top, width, height. */
export const rectangleSchema = z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]);
export type Rectangle = z.infer<typeof rectangleSchema>;

/**
 * An oriented box: centre, full side lengths, and the unit axes as rows of a 3×3 matrix, so that
 * corner = center ± ½ axesLengths[i] · axes[3i…3i+2].
 */
export const orientedBoxSchema = z.object({
  center: vector3Schema,
  axesLengths: z.tuple([z.number().nonnegative(), z.number().nonnegative(), z.number().nonnegative()]),
  axes: z.array(z.number()).length(9),
});
export type OrientedBox = z.infer<typeof orientedBoxSchema>;
