import { z } from 'zod';
import { intrinsicsSchema, orientedBoxSchema, poseSchema, vector3Schema } from './geometry.ts';
import { frameReferenceSchema } from './session.ts';

/** A place of the map that a person can point at: a point of the world, an object's centre, or a pixel of a keyframe. */
export const placeSchema = z.union([
  z.object({ point: vector3Schema }),
  z.object({ objectId: z.string().min(1) }),
  z.object({ keyframe: frameReferenceSchema.shape.ptsMicros, pixel: z.tuple([z.number(), z.number()]) }),
]);
export type Place = z.infer<typeof placeSchema>;

/** What makes a session metric. Each kind is a `ScaleSource` of the engine. */
export const scaleRequestSchema = z.discriminatedUnion('kind', [
  /** A length drawn by a person, between two places of the map. */
  z.object({ kind: z.literal('known-length'), lengthMetres: z.number(), from: placeSchema, to: placeSchema }),
  /** The usual height of the camera above the floor. */
  z.object({ kind: z.literal('camera-height'), heightMetres: z.number() }),
  /** Depth images that were kept with some of the keyframes. */
  z.object({ kind: z.literal('recorded-depth') }),
  /** Depth that a model estimates of keyframes. */
  z.object({ kind: z.literal('depth-model') }),
]);
export type ScaleRequest = z.infer<typeof scaleRequestSchema>;
export type ScaleKind = ScaleRequest['kind'];

/** What tells which way is up: floor and walls of the map, or a point on the floor, with its normal where that is known. */
export const levelRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('auto') }),
  z.object({ kind: z.literal('floor'), point: vector3Schema, normal: vector3Schema.optional() }),
]);
export type LevelRequest = z.infer<typeof levelRequestSchema>;

/** A part of the map, in world coordinates. */
export const selectionSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('box'), box: orientedBoxSchema }),
  /**
   * All that a camera sees inside a polygon, drawn in pixels of a view; `depths` are the nearest and farthest distance
   * along the view's axis, everything in front of the camera when absent.
   */
  z.object({
    by: z.literal('lasso'),
    worldFromCamera: poseSchema,
    intrinsics: intrinsicsSchema,
    polygon: z.array(z.tuple([z.number(), z.number()])),
    depths: z.tuple([z.number(), z.number()]).optional(),
  }),
  z.object({ by: z.literal('object'), objectId: z.string().min(1) }),
]);
export type MapSelection = z.infer<typeof selectionSchema>;

/** A rigid motion of a thing: a turn about the vertical through its middle, counter-clockwise from above, then a shift. */
export const motionSchema = z.object({ translation: vector3Schema, turnRadians: z.number().default(0) });
export type Motion = z.infer<typeof motionSchema>;

/** One change of the map by a person; `loci map edit` reads it from a file. */
export const mapEditSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delete'), selection: selectionSchema }),
  z.object({ kind: z.literal('move'), selection: selectionSchema, motion: motionSchema }),
  z.object({ kind: z.literal('duplicate'), selection: selectionSchema, motion: motionSchema }),
  /** A labelled box, which becomes an object. */
  z.object({ kind: z.literal('insert'), label: z.string().trim().min(1), box: orientedBoxSchema }),
]);
export type MapEdit = z.infer<typeof mapEditSchema>;

export const revisionKindSchema = z.enum(['scale', 'level', 'delete', 'move', 'duplicate', 'insert']);
export type RevisionKind = z.infer<typeof revisionKindSchema>;

/** One step of an environment's edit log. Steps are only ever added; one that was undone can be redone until the next. */
export const revisionSchema = z.object({
  environment: z.string(),
  /** Counts up from 1 in its environment. */
  revision: z.int().positive(),
  kind: revisionKindSchema,
  /** What was done, in words. */
  summary: z.string(),
  /** In milliseconds since 1970. */
  atMillis: z.int(),
  undone: z.boolean(),
  /** Whether it is still waiting to be redone; a step that was undone before another one was made is not. */
  redoable: z.boolean(),
});
export type Revision = z.infer<typeof revisionSchema>;
