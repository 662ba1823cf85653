import { z } from 'zod';
import { lociErrorSchema } from './errors.ts';
import { distortionSchema, intrinsicsSchema, scaleSchema } from './geometry.ts';

const pinholeSchema = intrinsicsSchema.pick({ fx: true, fy: true, cx: true, cy: true });

/** What overrides or completes what a source says of itself. */
export const sourceOptionsSchema = z.object({
  startSeconds: z.number().nonnegative().optional(),
  endSeconds: z.number().positive().optional(),
  maxFramesPerSecond: z.number().positive().optional(),
  /** Longest side in pixels; larger frames are scaled down, never up. */
  maxSizePixels: z.int().positive().optional(),
  /** In pixels of the source's own frames. */
  intrinsics: pinholeSchema.optional(),
  /** Of the lens in front of that camera; frames are rectified on entry. */
  distortion: distortionSchema.optional(),
  depthIntrinsics: pinholeSchema.optional(),
  /** Metres of one unit of a depth image. */
  depthMetresPerUnit: z.number().positive().optional(),
  framesPerSecond: z.number().positive().optional(),
});
export type SourceOptions = z.infer<typeof sourceOptionsSchema>;

/** Sizes of working and episodic memory in steps and entries, and how many steps a second the stream is given. */
export const memoryOptionsSchema = z.object({
  workingCapacity: z.int().positive().default(8),
  episodicCapacity: z.int().positive().default(32),
  policyRateHertz: z.number().positive().max(60).default(2),
});
export type MemoryOptions = z.infer<typeof memoryOptionsSchema>;

/** A recording to read, where it belongs, and how. */
export const ingestRequestSchema = z.object({
  path: z.string().min(1),
  environment: z.string().min(1),
  /** Named after the file or folder when absent. */
  session: z.string().min(1).optional(),
  poses: z.enum(['tracked', 'recorded']).default('tracked'),
  /** Usual height of the camera above the floor; makes a plain video metric when its floor is found. */
  cameraHeightMetres: z.number().positive().optional(),
  memory: memoryOptionsSchema.prefault({}),
  source: sourceOptionsSchema.default({}),
});
export type IngestRequest = z.infer<typeof ingestRequestSchema>;

/** The last line of an ingest. */
export const ingestSummarySchema = z.object({
  type: z.literal('summary'),
  session: z.string(),
  frames: z.int(),
  keyframes: z.int(),
  durationSeconds: z.number(),
  elapsedSeconds: z.number(),
  framesPerSecond: z.number(),
  peakRssBytes: z.int(),
  tracking: z.object({ tracked: z.int(), lost: z.int() }),
  scale: scaleSchema,
});
export type IngestSummary = z.infer<typeof ingestSummarySchema>;

/** What an ingest tells while it runs. `progress` counts frames that are safely in the library. */
export const ingestEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    session: z.string(),
    resumedAtPtsMicros: z.int().optional(),
    totalFrames: z.int().optional(),
  }),
  z.object({
    type: z.literal('progress'),
    session: z.string(),
    frames: z.int(),
    totalFrames: z.int().optional(),
    keyframes: z.int(),
    lost: z.int(),
    ptsMicros: z.int(),
    framesPerSecond: z.number(),
  }),
  z.object({ type: z.literal('warning'), session: z.string(), warning: lociErrorSchema }),
  ingestSummarySchema,
  z.object({ type: z.literal('failed'), session: z.string(), error: lociErrorSchema }),
]);
export type IngestEvent = z.infer<typeof ingestEventSchema>;

/** An ingest that runs, or ran, in this engine. `latest` is the last event that it told. */
export const jobSchema = z.object({
  id: z.string(),
  request: ingestRequestSchema,
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAtMillis: z.int(),
  latest: ingestEventSchema.optional(),
});
export type Job = z.infer<typeof jobSchema>;
