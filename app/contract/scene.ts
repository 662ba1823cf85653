import { z } from 'zod';
import { orientedBoxSchema, rectangleSchema, scaleSchema, vector3Schema } from './geometry.ts';
import { frameReferenceSchema } from './session.ts';

/** Something seen in one frame, by a person or a model. */
export const observationSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  ptsMicros: z.int(),
  label: z.string(),
  /** In pixels of the session's frames. */
  box: rectangleSchema,
  /** `person` or the name of the model. */
  source: z.string(),
  confidence: z.number().min(0).max(1),
  /** The object that this observation supports, once it has been lifted to 3D. */
  objectId: z.string().optional(),
});
export type Observation = z.infer<typeof observationSchema>;

/** What observations agree on, as an oriented box in world coordinates. */
export const sceneObjectSchema = orientedBoxSchema.extend({
  id: z.string(),
  environment: z.string(),
  label: z.string(),
  confidence: z.number().min(0).max(1),
  /** `person`, the name of a model, or `imported`. */
  source: z.string(),
  scale: scaleSchema,
  /** First and last frame that showed it; absent for an imported object that no frame showed. */
  firstSeen: frameReferenceSchema.optional(),
  lastSeen: frameReferenceSchema.optional(),
  observations: z.int(),
  /** Frames that show it best, at most eight, best first: an answer's evidence. */
  evidence: z.array(frameReferenceSchema),
});
export type SceneObject = z.infer<typeof sceneObjectSchema>;

/** The kinds of relation that are derived between objects. */
export const relationKindSchema = z.enum([
  'on_top',
  'under',
  'inside',
  'contains',
  'adjacent',
  'near',
  'above',
  'below',
]);
export type RelationKind = z.infer<typeof relationKindSchema>;

/** A typed edge from one object to another, with the distance of their nearest surfaces and the unit direction. */
export const relationSchema = z.object({
  environment: z.string(),
  fromId: z.string(),
  toId: z.string(),
  kind: relationKindSchema,
  distanceMetres: z.number().nonnegative(),
  direction: vector3Schema,
  confidence: z.number().min(0).max(1),
});
export type Relation = z.infer<typeof relationSchema>;

/**
 * The scene as plain JSON, for `loci export scene` and `loci import scene`. Only `environment` and `objects` with
 * `id`, `label`, `center`, `axesLengths` are needed for import; `axes` are axis-aligned and `up` is z when absent.
 */
export const sceneDocumentSchema = z.object({
  environment: z.string().min(1),
  up: vector3Schema.default([0, 0, 1]),
  scale: scaleSchema.default('metric'),
  floorAreaSquareMetres: z.number().positive().optional(),
  objects: z.array(
    orientedBoxSchema.extend({
      axes: z.array(z.number()).length(9).default([1, 0, 0, 0, 1, 0, 0, 0, 1]),
      id: z.string().min(1),
      label: z.string().min(1),
      confidence: z.number().min(0).max(1).default(1),
      source: z.string().default('imported'),
      observations: z.int().default(0),
      firstSeen: frameReferenceSchema.optional(),
      lastSeen: frameReferenceSchema.optional(),
      evidence: z.array(frameReferenceSchema).default([]),
    }),
  ),
  relations: z.array(relationSchema.omit({ environment: true })).default([]),
});
export type SceneDocument = z.infer<typeof sceneDocumentSchema>;

/**
 * What an annotator made, for `loci label import`: named boxes on frames of one session. `ptsMicros` names the frame,
 * `box` is left, top, width, height in pixels of the session's frames. `instance` keeps two things of one name apart;
 * without it, same-named boxes that land at the same place in 3D become one object.
 */
export const labelDocumentSchema = z.object({
  version: z.literal(1),
  session: z.string().optional(),
  annotator: z.string().default('person'),
  frames: z.array(
    z.object({
      ptsMicros: z.int(),
      boxes: z.array(
        z.object({ label: z.string().trim().min(1), box: rectangleSchema, instance: z.string().min(1).optional() }),
      ),
    }),
  ),
});
export type LabelDocument = z.infer<typeof labelDocumentSchema>;

/** What an import of labels came to. */
export const labelReportSchema = z.object({
  observations: z.int(),
  objectsCreated: z.int(),
  objectsUpdated: z.int(),
  /** Boxes that could not be placed in 3D, each with its reason. */
  unplaced: z.array(z.object({ ptsMicros: z.int(), label: z.string(), reason: z.string() })),
});
export type LabelReport = z.infer<typeof labelReportSchema>;
