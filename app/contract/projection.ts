import { z } from 'zod';
import { lociErrorSchema } from './errors.ts';
import { intrinsicsSchema, poseSchema, scaleSchema, vector3Schema } from './geometry.ts';

const secondsSchema = z.number().nonnegative().optional();

/** Where a camera path passes: as a pose, or as a place and what is in the middle of the picture, upright. */
export const keyPoseSchema = z.union([
  z.strictObject({ worldFromCamera: poseSchema, seconds: secondsSchema }),
  z.strictObject({ position: vector3Schema, lookAt: vector3Schema, seconds: secondsSchema }),
]);
export type KeyPose = z.infer<typeof keyPoseSchema>;

/**
 * A camera path. With `seconds` at every key pose the camera is there at that time; without, it moves evenly from the
 * first to the last within `durationSeconds`.
 */
export const cameraPathSchema = z.object({
  version: z.literal(1),
  durationSeconds: z.number().positive().max(3600).optional(),
  /** Of the rendered pictures; scaled to their size. Those of the session when absent. */
  intrinsics: intrinsicsSchema.optional(),
  keyPoses: z.array(keyPoseSchema).min(2, 'a path needs two key poses at least'),
});
export type CameraPathDocument = z.infer<typeof cameraPathSchema>;

/** The camera's own path in the session, or a part of it, in seconds of PTS. */
export const recordedPathSchema = z.object({
  fromSeconds: z.number().nonnegative().optional(),
  toSeconds: z.number().positive().optional(),
});

/** Which pictures of the session are chosen for each stretch of the path. */
export const referenceOptionsSchema = z.object({
  /** At most so many a stretch (K). */
  perStretch: z.int().min(0).max(32).default(7),
  /** Share of the surface seen that a reference must see too (ε). */
  minOverlap: z.number().min(0).max(1).default(0.15),
  /** Frames that are served by one set: the length of clip that a generator makes at once. */
  stretchFrames: z.int().positive().default(81),
});
export type ReferenceOptions = z.infer<typeof referenceOptionsSchema>;

const sideSchema = z
  .int()
  .min(16)
  .max(4096)
  .refine((side) => side % 2 === 0, 'the sides of a video are even');

/** A map to render along a path, and where to write it. */
export const projectionRequestSchema = z.object({
  sessionId: z.string().min(1),
  /** Folder to make. */
  out: z.string().min(1),
  /** Replaces a projection that is there. */
  force: z.boolean().default(false),
  path: z.discriminatedUnion('kind', [
    cameraPathSchema.extend({ kind: z.literal('key-poses') }),
    recordedPathSchema.extend({ kind: z.literal('recorded') }),
  ]),
  /** The session's own size, at most 640 across, when absent. */
  size: z.object({ width: sideSchema, height: sideSchema }).optional(),
  framesPerSecond: z.number().positive().max(240).default(30),
  /** Repaints the rendering with the pixels of the references. */
  blend: z.boolean().default(false),
  /** Follows the path back to its first view and compares. */
  closedLoop: z.boolean().default(false),
  references: referenceOptionsSchema.prefault({}),
});
export type ProjectionRequest = z.infer<typeof projectionRequestSchema>;

/** How alike two pictures of one view are. */
export const likenessSchema = z.object({
  /** Peak signal-to-noise ratio over all pixels and channels; 99 for pictures that are the same. */
  psnrDecibels: z.number(),
  /** Structural similarity of the brightness (Wang et al. 2004). */
  ssim: z.number(),
  /** Share of the first picture's confident self-matches that are matched at the same place of the last; absent without any. */
  matchAccuracy: z.number().optional(),
  confidentMatches: z.int(),
});
export type Likeness = z.infer<typeof likenessSchema>;

/** What came of following a path back to its first view; the last frame is read back from the finished video. */
export const closedLoopSchema = z.object({
  /** The last frame against the first one of the video. */
  againstFirstFrame: likenessSchema,
  /** The last frame against what the recording shows from there, when a keyframe was taken there; it is never blended in. */
  againstRecording: likenessSchema.extend({ ptsMicros: z.int() }).optional(),
});
export type ClosedLoop = z.infer<typeof closedLoopSchema>;

/** A picture of the session that was chosen, and the camera that took it. */
export const referencePictureSchema = z.object({
  ptsMicros: z.int(),
  /** Relative to the manifest. */
  file: z.string(),
  worldFromCamera: poseSchema,
  intrinsics: intrinsicsSchema,
});

/** The references of a run of frames: each was chosen for one frame, of whose visible surface it sees the share `overlap`. */
export const stretchSchema = z.object({
  firstFrame: z.int(),
  lastFrame: z.int(),
  assignments: z.array(z.object({ frame: z.int(), ptsMicros: z.int(), overlap: z.number() })),
});
export type Stretch = z.infer<typeof stretchSchema>;

/** `manifest.json`: what lies in the folder of a projection (docs/projection.md). */
export const projectionManifestSchema = z.object({
  version: z.literal(1),
  kind: z.literal('loci-projection'),
  sessionId: z.string(),
  scale: scaleSchema,
  width: z.int(),
  height: z.int(),
  framesPerSecond: z.number(),
  frames: z.int(),
  intrinsics: intrinsicsSchema,
  files: z.object({ path: z.string(), colour: z.string(), depth: z.string(), visibility: z.string() }),
  /** Metres (or the session's unit) of one unit of depth; depth 0 means that no surface is known. */
  metresPerDepthUnit: z.number().positive(),
  /** Share of all pixels that show a known surface. */
  knownShare: z.number(),
  blended: z.boolean(),
  references: referenceOptionsSchema.extend({
    pictures: z.array(referencePictureSchema),
    stretches: z.array(stretchSchema),
  }),
  closedLoop: closedLoopSchema.optional(),
});
export type ProjectionManifest = z.infer<typeof projectionManifestSchema>;

/** The last line of a projection. */
export const projectionSummarySchema = z.object({
  type: z.literal('summary'),
  sessionId: z.string(),
  out: z.string(),
  frames: z.int(),
  durationSeconds: z.number(),
  elapsedSeconds: z.number(),
  framesPerSecond: z.number(),
  knownShare: z.number(),
  references: z.int(),
  closedLoop: closedLoopSchema.optional(),
});
export type ProjectionSummary = z.infer<typeof projectionSummarySchema>;

/** What a projection tells while it runs. */
export const projectionEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), sessionId: z.string(), totalFrames: z.int() }),
  z.object({ type: z.literal('progress'), sessionId: z.string(), frames: z.int(), totalFrames: z.int() }),
  projectionSummarySchema,
  z.object({ type: z.literal('failed'), sessionId: z.string(), error: lociErrorSchema }),
]);
export type ProjectionEvent = z.infer<typeof projectionEventSchema>;
