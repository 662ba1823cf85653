import type { OrientedBox, Pose, Similarity, Vector3 } from '../contract/geometry.ts';
import type { PoseCorrection } from '../geometry/place-map.ts';
import type { Answer } from '../contract/question.ts';
import type { RelationKind } from '../contract/scene.ts';
import type { FrameReference, KeyframeReason, Session, TrackingState } from '../contract/session.ts';
import type { Region } from '../geometry/map-region.ts';
import { descriptorLength } from './descriptor.ts';
import { bytes, embedding, flag, float64List, integer, json, optional, real, text } from './store/column.ts';
import { defineTable, joinKey } from './store/table-definition.ts';
import type { TableDefinition } from './store/table-definition.ts';

/**
 * Every table of the library. A row has the properties of the contract's type wherever there is one, so that reading
 * and writing need no translation; what a table adds is told with it.
 */

type RowOfTable<D> = D extends TableDefinition<infer Row> ? Row : never;

const framePlace = { sessionId: text(), ptsMicros: integer() };

/** Identifies a row by its session and time stamp. */
export const frameKey = (row: FrameReference): string => joinKey(row.sessionId, row.ptsMicros);

const pose = float64List<readonly number[]>(16);
const vector3 = float64List<Vector3>(3);

/** The whole session as JSON beside what it is found by: it is read and written as one. */
export const sessionsTable = defineTable(
  'sessions',
  { id: text(), environment: text(), session: json<Session>() },
  (row) => row.id,
);

export const framesTable = defineTable(
  'frames',
  {
    ...framePlace,
    index: integer(),
    tracking: text<TrackingState>(),
    worldFromCamera: optional(pose),
    inliers: integer(),
  },
  frameKey,
);

/**
 * `descriptor` was made by `descriptorModel`; descriptors of different models must not be compared. Where the camera was
 * is told by the frame of the same time stamp alone, since tracking may better it later.
 */
export const keyframesTable = defineTable(
  'keyframes',
  {
    ...framePlace,
    id: text(),
    index: integer(),
    reason: text<KeyframeReason>(),
    hasDepth: flag(),
    descriptorModel: text(),
    descriptor: embedding(descriptorLength),
  },
  frameKey,
);

/** Pictures of keyframes, apart from them so that lists of keyframes stay light. */
export const picturesTable = defineTable(
  'pictures',
  { ...framePlace, jpeg: bytes(), depthPng: optional(bytes()), depthMetresPerUnit: optional(real()) },
  frameKey,
);

/** The steps of the dual memory. */
export const stepsTable = defineTable('steps', framePlace, frameKey);

export const episodicTable = defineTable(
  'episodic',
  {
    ...framePlace,
    id: text(),
    enteredAtPtsMicros: integer(),
    entryReason: text(),
    supersededAtPtsMicros: optional(integer()),
    supersededByPtsMicros: optional(integer()),
    supersededReason: optional(text()),
    similarity: optional(real()),
  },
  (row) => row.id,
);

/** What moves in keyframes, as a PNG of one bit a pixel; keyframes in which nothing moves have none. */
export const masksTable = defineTable('masks', { ...framePlace, png: bytes() }, frameKey);

/** Changes of keyframes' poses after these had joined the map, in order, so that the map can be made again exactly. */
export const mapCorrectionsTable = defineTable(
  'map_corrections',
  { sessionId: text(), sequence: integer(), afterKeyframes: integer(), corrections: json<readonly PoseCorrection[]>() },
  (row) => joinKey(row.sessionId, row.sequence),
);

/** The map of a session in parts, each as `encodePoints` packs it. */
export const mapTilesTable = defineTable('map_tiles', { sessionId: text(), tile: text(), points: bytes() }, (row) =>
  joinKey(row.sessionId, row.tile),
);

/** The map as a whole, as earlier versions wrote it. */
export const pointsTable = defineTable('points', { sessionId: text(), points: bytes() }, (row) => row.sessionId);

/** Views that a session's places are recognised by, as its `SessionMap` packs them. */
export const viewsTable = defineTable('views', { ...framePlace, view: bytes() }, frameKey);

export const observationsTable = defineTable(
  'observations',
  {
    ...framePlace,
    id: text(),
    label: text(),
    box: float64List<[number, number, number, number]>(4),
    source: text(),
    confidence: real(),
    objectId: optional(text()),
  },
  (row) => row.id,
);

/** One version of an object; the present one has no `validToMillis`. Object ids are unique in their environment. */
export const objectsTable = defineTable(
  'objects',
  {
    id: text(),
    environment: text(),
    label: text(),
    center: vector3,
    axesLengths: vector3,
    axes: float64List<number[]>(9),
    confidence: real(),
    source: text(),
    scale: text<'metric' | 'arbitrary'>(),
    firstSeen: optional(json<FrameReference>()),
    lastSeen: optional(json<FrameReference>()),
    observations: integer(),
    evidence: json<FrameReference[]>(),
    validFromMillis: integer(),
    validToMillis: optional(integer()),
    supersededReason: optional(text()),
  },
  (row) => joinKey(row.environment, row.id, row.validFromMillis),
);

export const relationsTable = defineTable(
  'relations',
  {
    environment: text(),
    fromId: text(),
    toId: text(),
    kind: text<RelationKind>(),
    distanceMetres: real(),
    direction: vector3,
    confidence: real(),
  },
  (row) => joinKey(row.environment, row.fromId, row.kind, row.toId),
);

export const questionsTable = defineTable(
  'questions',
  { id: text(), environment: text(), question: text(), askedAtMillis: integer(), answer: json<Answer>() },
  (row) => row.id,
);

/** What is known of a place as a whole; `up` is a unit vector in world coordinates. */
export const environmentFactsTable = defineTable(
  'environment_facts',
  {
    environment: text(),
    up: vector3,
    scale: text<'metric' | 'arbitrary'>(),
    floorAreaSquareMetres: optional(real()),
  },
  (row) => row.environment,
);

/**
 * A change of a whole world: of every session that shares it, and their objects. `change` leads from the world as it was
 * before the step to the world after it.
 */
export interface WorldStep {
  readonly kind: 'scale' | 'level';
  readonly world: string;
  readonly change: Similarity;
}

/**
 * A change of a part of the map. All of its geometry is in the coordinates and the unit of one keyframe's camera as it
 * was tracked, so that it stays where it belongs when the world is turned or scaled, when a loop moves that keyframe, and
 * when the recording is read again. It concerns the sessions that there were; what a later visit sees is news.
 */
export interface MapStep {
  readonly kind: 'delete' | 'move' | 'duplicate' | 'insert';
  readonly anchor: FrameReference;
  readonly sessionIds: readonly string[];
  /** Absent for what is inserted, which has no points. */
  readonly region?: Region;
  /** From where the things were to where they are now; for `move` and `duplicate`. */
  readonly motion?: Pose;
  /** Objects that are deleted, moved or duplicated with the points. */
  readonly objectIds: readonly string[];
  /** What the copies are called, one for each of `objectIds`. */
  readonly copyIds?: readonly string[];
  readonly inserted?: { readonly id: string; readonly label: string; readonly box: OrientedBox };
}

/** Takes back, or does again, the step of that revision. */
export interface Retraction {
  readonly kind: 'undo' | 'redo';
  readonly revision: number;
}

export type EditStep = WorldStep | MapStep | Retraction;

/** The edit log of environments; see `EditLog`. */
export const editsTable = defineTable(
  'edits',
  { environment: text(), revision: integer(), step: json<EditStep>(), summary: text(), atMillis: integer() },
  (row) => joinKey(row.environment, row.revision),
);

/** Up to which entry of the edit log the relations of an environment have been derived. */
export const derivedTable = defineTable(
  'derived',
  { environment: text(), relationsRevision: integer() },
  (row) => row.environment,
);

export type EditRow = RowOfTable<typeof editsTable>;
export type FrameRow = RowOfTable<typeof framesTable>;
export type KeyframeRow = RowOfTable<typeof keyframesTable>;
export type PictureRow = RowOfTable<typeof picturesTable>;
export type ViewRow = RowOfTable<typeof viewsTable>;
export type MapCorrectionRow = RowOfTable<typeof mapCorrectionsTable>;
export type ObjectRow = RowOfTable<typeof objectsTable>;
export type EnvironmentFacts = RowOfTable<typeof environmentFactsTable>;
