import { z } from 'zod';
import { intrinsicsSchema, lensSchema, poseSchema, scaleSchema, similaritySchema } from './geometry.ts';
import { lociErrorSchema } from './errors.ts';
import { memoryOptionsSchema, posesSchema, sourceOptionsSchema } from './job.ts';

/** What kind of recording a session was made from. */
export const sourceKindSchema = z.enum([
  'video',
  'rgbd-folder',
  'tum',
  'open3d',
  'image-folder',
  'mcap',
  'stray-scanner',
  'record3d',
  'live',
]);
export type SourceKind = z.infer<typeof sourceKindSchema>;

/**
 * How the pose of one frame came about: `tracked` from pixels, `recorded` taken on request from the source or a
 * robot, `predicted` from how the camera moved up to half a second before, when it could not be located, `initialising`
 * before a monocular start, `lost` when there is no pose.
 */
export const trackingStateSchema = z.enum(['tracked', 'recorded', 'predicted', 'initialising', 'lost']);
export type TrackingState = z.infer<typeof trackingStateSchema>;

/** A frame is named by its session and its presentation time stamp, never by a number of frames. */
export const frameReferenceSchema = z.object({ sessionId: z.string(), ptsMicros: z.int() });
export type FrameReference = z.infer<typeof frameReferenceSchema>;

/** `ingesting`: being read, or cut short and waiting to be resumed. `partial`: the source ended early or was cancelled. */
export const sessionStatusSchema = z.enum(['ingesting', 'complete', 'partial']);
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

/** One recording of one environment. */
export const sessionSchema = z.object({
  /** `environment/name`, unique in a library. */
  id: z.string(),
  environment: z.string(),
  name: z.string(),
  sourceKind: sourceKindSchema,
  sourcePath: z.string(),
  /** Tells whether a later command means the same recording: changes when the source's files do. */
  sourceFingerprint: z.string(),
  /** How the recording was read, so that it can be opened again in the same way. */
  sourceOptions: sourceOptionsSchema,
  /** Where its poses came from; absent in sessions of older libraries. */
  poses: posesSchema.optional(),
  /** Sizes of the dual memory, and its steps a second. */
  memory: memoryOptionsSchema,
  status: sessionStatusSchema,
  scale: scaleSchema,
  /** Absent when the session was tracked in world coordinates. What a library reads and takes is in world coordinates. */
  worldFromTracked: similaritySchema.optional(),
  /** The earlier session of the environment whose world this one was found to stand in; absent where it has its own. */
  sharesWorldOf: z.string().optional(),
  width: z.int(),
  height: z.int(),
  /** The pinhole camera of the session's frames, as they are kept. */
  intrinsics: intrinsicsSchema,
  /** The camera of the recording itself, when its frames were rectified; to draw over the recording. */
  lens: lensSchema.optional(),
  /** Of the depth images, when a camera of its own took them. */
  depthIntrinsics: intrinsicsSchema.optional(),
  /** False when the intrinsics began as a guess of the field of view. */
  intrinsicsKnown: z.boolean(),
  /** Standard deviation of `intrinsics.fx` in pixels, when the focal length was found from the pictures themselves. */
  focalSigmaPixels: z.number().optional(),
  frameRate: z.number(),
  frames: z.int(),
  keyframes: z.int(),
  tracked: z.int(),
  lost: z.int(),
  /** Frames of a live source left out as newer ones had come before there was time for them. */
  dropped: z.int().optional(),
  firstPtsMicros: z.int(),
  lastPtsMicros: z.int(),
  /** When ingestion began and last wrote, in milliseconds since 1970. */
  createdAtMillis: z.int(),
  updatedAtMillis: z.int(),
  warnings: z.array(lociErrorSchema),
});
export type Session = z.infer<typeof sessionSchema>;

/** Names the world that a session's coordinates are in; sessions of one world share it. */
export const worldOf = ({ id, sharesWorldOf = id }: Session): string => sharesWorldOf;

/** A place and the sessions that saw it. */
export const environmentSchema = z.object({ name: z.string(), sessions: z.int(), objects: z.int() });
export type Environment = z.infer<typeof environmentSchema>;

/** Where the camera was at one frame; no pose while it was lost or not yet started. */
export const frameRecordSchema = z.object({
  ptsMicros: z.int(),
  index: z.int(),
  tracking: trackingStateSchema,
  worldFromCamera: poseSchema.optional(),
  /** Landmarks that agreed with the pose. */
  inliers: z.int(),
});
export type FrameRecord = z.infer<typeof frameRecordSchema>;

/** Why a frame was kept with its picture. */
export const keyframeReasonSchema = z.enum(['first', 'motion', 'overlap', 'time', 'label', 'promoted']);
export type KeyframeReason = z.infer<typeof keyframeReasonSchema>;

/** A frame kept with its picture. The picture is served beside the contract, under `/keyframes/…`. */
export const keyframeSchema = z.object({
  /** `sessionId@ptsMicros`. */
  id: z.string(),
  sessionId: z.string(),
  ptsMicros: z.int(),
  index: z.int(),
  reason: keyframeReasonSchema,
  tracking: trackingStateSchema,
  worldFromCamera: poseSchema.optional(),
  hasDepth: z.boolean(),
});
export type Keyframe = z.infer<typeof keyframeSchema>;

/** Names a keyframe. */
export const keyframeId = (sessionId: string, ptsMicros: number): string => `${sessionId}@${ptsMicros}`;

/** Names a session. */
export const sessionId = (environment: string, name: string): string => `${environment}/${name}`;

/**
 * One entry of a session's episodic memory and its life: when it entered and why, and when, why and by which frame
 * it was superseded. Times are the stream's (PTS), so that the timeline can show the memory as it was at any moment.
 */
export const episodicEntrySchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  ptsMicros: z.int(),
  enteredAtPtsMicros: z.int(),
  entryReason: z.string(),
  supersededAtPtsMicros: z.int().optional(),
  supersededByPtsMicros: z.int().optional(),
  supersededReason: z.string().optional(),
  /** Cosine similarity that decided the replacement. */
  similarity: z.number().optional(),
});
export type EpisodicEntry = z.infer<typeof episodicEntrySchema>;

/** What the dual memory held over a session; the working window holds the last `workingCapacity` of `stepPtsMicros`. */
export const memoryTimelineSchema = z.object({
  sessionId: z.string(),
  workingCapacity: z.int(),
  episodicCapacity: z.int(),
  stepPtsMicros: z.array(z.int()),
  episodic: z.array(episodicEntrySchema),
});
export type MemoryTimeline = z.infer<typeof memoryTimelineSchema>;
