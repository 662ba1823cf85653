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
  /** Topics of a log to read, each in its role; of a role that none is named for, the one with most messages. */
  topics: z.array(z.string().min(1)).optional(),
});
export type SourceOptions = z.infer<typeof sourceOptionsSchema>;

/** Sizes of working and episodic memory in steps and entries, and how many steps a second the stream is given. */
export const memoryOptionsSchema = z.object({
  workingCapacity: z.int().positive().default(8),
  episodicCapacity: z.int().positive().default(32),
  policyRateHertz: z.number().positive().max(60).default(2),
});
export type MemoryOptions = z.infer<typeof memoryOptionsSchema>;

/** Units in which a log may count time. */
export const timeUnitSchema = z.enum(['s', 'ms', 'us', 'ns']);
export type TimeUnit = z.infer<typeof timeUnitSchema>;

/** A camera on a robot: its pose is computed from the robot's logs. Files are named by their paths. */
export const robotPosesSchema = z.object({
  kind: z.literal('robot'),
  /** Name of a shipped robot (`panda`, `fr3`), or a URDF or Denavit–Hartenberg file. */
  robot: z.string().min(1),
  /** Links between which the chain goes; the whole robot unless given. */
  baseLink: z.string().min(1).optional(),
  tip: z.string().min(1).optional(),
  /** Log of the joints' positions. */
  joints: z.string().min(1),
  jointTopic: z.string().min(1).optional(),
  /** Log of the poses of a mobile base; the base stands still unless given. */
  base: z.string().min(1).optional(),
  baseTopic: z.string().min(1).optional(),
  /** Hand–eye calibration: where the camera sits on the tip. */
  handEye: z.string().min(1).optional(),
  /** Added to the times of the logs to get the recording's presentation time. */
  offsetSeconds: z.number().default(0),
  /** Unit of log times whose field does not say it. */
  timeUnit: timeUnitSchema.optional(),
  /** Poses are interpolated between samples that are at most this far apart; frames in longer gaps have none. */
  maxGapSeconds: z.number().positive().default(0.2),
});
export type RobotPoses = z.infer<typeof robotPosesSchema>;

/** Where the poses of the camera come from: pixels, the recording itself, or a robot. */
export const posesSchema = z.union([z.enum(['tracked', 'recorded']), robotPosesSchema]);
export type Poses = z.infer<typeof posesSchema>;
/** `Poses` before defaults are filled in. */
export type PosesInput = z.input<typeof posesSchema>;

/** A recording to read, where it belongs, and how. */
export const ingestRequestSchema = z.object({
  path: z.string().min(1),
  environment: z.string().min(1),
  /** Named after the file or folder when absent. */
  session: z.string().min(1).optional(),
  poses: posesSchema.default('tracked'),
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
  /** Frames of a live source left out. */
  dropped: z.int().optional(),
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
    /** Frames of a live source left out so far. */
    dropped: z.int().optional(),
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
