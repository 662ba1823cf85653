import { decodePoints, encodePoints, joinPoints } from '../contract/binary.ts';
import type { PointCloud } from '../contract/binary.ts';
import type { Pose, Scale, Similarity } from '../contract/geometry.ts';
import type { EpisodicEntry, FrameRecord, Keyframe, Session } from '../contract/session.ts';
import { sessionSchema, worldOf } from '../contract/session.ts';
import { invertSimilarity, transformPoints, transformPose } from '../geometry/similarity.ts';
import type { View } from '../geometry/view.ts';
import { descriptorModel } from './descriptor.ts';
import type { Edit, EditLog } from './edit-log.ts';
import { SessionLog } from './session-log.ts';
import { allOf, equal, oneOf } from './store/predicate.ts';
import { keyColumn } from './store/table-definition.ts';
import { TableStore } from './store/table-store.ts';
import type { Database } from './store/table-store.ts';
import {
  episodicTable,
  frameKey,
  framesTable,
  keyframesTable,
  mapCorrectionsTable,
  mapTilesTable,
  masksTable,
  picturesTable,
  pointsTable,
  sessionsTable,
  stepsTable,
  viewsTable,
} from './tables.ts';
import type { FrameRow, KeyframeRow, MapCorrectionRow, PictureRow, ViewRow } from './tables.ts';
import { changeSession, unchangeSession, worldChangeOf } from './world-change.ts';

/** A depth image as a 16-bit PNG; metres = value × `metresPerUnit`, 0 means none. */
export interface StoredDepth {
  readonly png: Uint8Array;
  readonly metresPerUnit: number;
}

/** A frame to keep with its picture. `descriptor` is what `describePicture` makes of it; its pose is its frame's. */
export interface StoredKeyframe extends Omit<Keyframe, 'tracking' | 'worldFromCamera'> {
  readonly jpeg: Uint8Array;
  readonly depthPng?: Uint8Array;
  readonly depthMetresPerUnit?: number;
  /** What moves in it, as `encodeMaskPng` packs it; absent when nothing does. */
  readonly maskPng?: Uint8Array;
  readonly descriptor: Float32Array;
}

/** A part of a map; its name is unique in its session. */
export interface PointTile {
  readonly tile: string;
  readonly cloud: PointCloud;
}

/** Tiles that are written in one commit. */
const tilesACommit = 16;

/** A keyframe and how similar it is, by cosine, to what was searched for. */
export interface SimilarKeyframe {
  readonly keyframe: Keyframe;
  readonly similarity: number;
}

/** What was recorded: sessions, and the frames, keyframes, memory and map of each. */
export class Recordings {
  readonly #sessions;
  readonly #frames;
  readonly #keyframeRows;
  readonly #keyframes;
  readonly #pictureRows;
  readonly #pictures;
  readonly #episodic;
  readonly #steps;
  readonly #points;
  readonly #views;
  readonly #viewRows;
  readonly #mapTiles;
  readonly #mapCorrections;
  readonly #masks;
  readonly #frameRows;
  readonly #stepRows;
  readonly #edits: EditLog;

  constructor(database: Database, edits: EditLog) {
    this.#edits = edits;
    this.#sessions = new TableStore(database, sessionsTable);
    this.#frameRows = new TableStore(database, framesTable);
    this.#frames = new SessionLog<FrameRow>(this.#frameRows);
    this.#keyframeRows = new TableStore(database, keyframesTable);
    this.#keyframes = new SessionLog<KeyframeRow>(this.#keyframeRows);
    this.#pictureRows = new TableStore(database, picturesTable, 'index');
    this.#pictures = new SessionLog<PictureRow>(this.#pictureRows);
    this.#stepRows = new TableStore(database, stepsTable);
    this.#steps = new SessionLog(this.#stepRows);
    this.#episodic = new TableStore(database, episodicTable);
    this.#points = new TableStore(database, pointsTable);
    this.#viewRows = new TableStore(database, viewsTable, 'index');
    this.#views = new SessionLog<ViewRow>(this.#viewRows);
    this.#mapTiles = new TableStore(database, mapTilesTable);
    this.#mapCorrections = new TableStore(database, mapCorrectionsTable);
    this.#masks = new TableStore(database, masksTable);
  }

  get stores(): readonly { compact(): Promise<void>; close(): Promise<void> }[] {
    return [
      this.#sessions,
      this.#frameRows,
      this.#keyframeRows,
      this.#pictureRows,
      this.#stepRows,
      this.#episodic,
      this.#points,
      this.#viewRows,
      this.#mapTiles,
      this.#mapCorrections,
      this.#masks,
    ];
  }

  /** Sessions in the order in which they were begun. */
  async sessions(environment?: string): Promise<Session[]> {
    const where = environment === undefined ? {} : { where: equal('environment', environment) };
    const [rows, edits] = await Promise.all([
      this.#sessions.select(where),
      environment === undefined
        ? this.#edits.inForceEverywhere()
        : this.#edits.inForce(environment).then((inForce) => new Map([[environment, inForce]])),
    ]);
    return rows
      .map((row) => shown(sessionSchema.parse(row.session), edits.get(row.environment)))
      .sort((a, b) => a.createdAtMillis - b.createdAtMillis || (a.id < b.id ? -1 : 1));
  }

  async session(id: string): Promise<Session | undefined> {
    const session = await this.#storedSession(id);
    return session && shown(session, await this.#edits.inForce(session.environment));
  }

  /** The scale that a session was derived with, before people measured anything. */
  async derivedScale(id: string): Promise<Scale | undefined> {
    return (await this.#storedSession(id))?.scale;
  }

  /** Keeps the session as it was derived: what people changed of its world stays in the edit log alone. */
  async saveSession(session: Session): Promise<void> {
    const change = worldChangeOf(await this.#edits.inForce(session.environment), worldOf(session));
    const stored = change ? unchangeSession(session, change, await this.#storedSession(session.id)) : session;
    await this.#sessions.upsert([{ id: session.id, environment: session.environment, session: stored }]);
  }

  async frames(sessionId: string): Promise<FrameRecord[]> {
    const [rows, toWorld] = await Promise.all([this.#frames.all(sessionId), this.#toWorld(sessionId)]);
    return rows.map((row) => toWorld.posed(frameRecord(row)));
  }

  async frame(sessionId: string, ptsMicros: number): Promise<FrameRecord | undefined> {
    const [row, toWorld] = await Promise.all([this.#frames.at(sessionId, ptsMicros), this.#toWorld(sessionId)]);
    return row && toWorld.posed(frameRecord(row));
  }

  async appendFrames(sessionId: string, records: readonly FrameRecord[]): Promise<void> {
    const toTracked = await this.#toTracked(sessionId);
    await this.#frames.save(
      sessionId,
      records.map((record) => ({ ...toTracked.posed(record), sessionId })),
    );
  }

  async keyframes(sessionId: string): Promise<Keyframe[]> {
    const rows = await this.#keyframes.parts(sessionId, listedProperties);
    const times = rows.map((row) => row.ptsMicros);
    const [frames, toWorld] = await Promise.all([this.#frames.ofFrames(sessionId, times), this.#toWorld(sessionId)]);
    const frameAt = new Map(frames.map((row) => [row.ptsMicros, toWorld.posed(frameRecord(row))]));
    return rows.flatMap((row) => keyframe(row, frameAt.get(row.ptsMicros)) ?? []);
  }

  /** Pictures first: a keyframe that can be found always has its picture. */
  async saveKeyframes(list: readonly StoredKeyframe[]): Promise<void> {
    for (const [sessionId, ofSession] of Map.groupBy(list, (item) => item.sessionId)) {
      await this.#pictures.save(sessionId, ofSession.map(pictureRow));
      await this.#masks.upsert(
        ofSession.flatMap(({ ptsMicros, maskPng }) => (maskPng ? [{ sessionId, ptsMicros, png: maskPng }] : [])),
      );
      await this.#keyframes.save(sessionId, ofSession.map(keyframeRow));
    }
  }

  async picture(sessionId: string, ptsMicros: number): Promise<Uint8Array | undefined> {
    return (await this.#pictures.partAt(sessionId, ptsMicros, ['jpeg']))?.jpeg;
  }

  async keyframeDepth(sessionId: string, ptsMicros: number): Promise<StoredDepth | undefined> {
    const row = await this.#pictures.partAt(sessionId, ptsMicros, ['depthPng', 'depthMetresPerUnit']);
    return row?.depthPng && row.depthMetresPerUnit !== undefined
      ? { png: row.depthPng, metresPerUnit: row.depthMetresPerUnit }
      : undefined;
  }

  /** PNG of what moves in a keyframe; undefined when nothing does. */
  async mask(sessionId: string, ptsMicros: number): Promise<Uint8Array | undefined> {
    const where = equal(keyColumn, frameKey({ sessionId, ptsMicros }));
    return (await this.#masks.select({ where, limit: 1 }))[0]?.png;
  }

  async nearestKeyframes(
    descriptor: Float32Array,
    options: { readonly environment?: string; readonly limit: number },
  ): Promise<SimilarKeyframe[]> {
    const comparable = equal('descriptorModel', descriptorModel);
    const where =
      options.environment === undefined
        ? comparable
        : allOf(comparable, oneOf('sessionId', await this.#sessionIds(options.environment)));
    const found = await this.#keyframeRows.nearest('descriptor', descriptor, options.limit, where);
    const similar = found.map(async ({ row, similarity }): Promise<SimilarKeyframe | undefined> => {
      const whole = keyframe(row, await this.frame(row.sessionId, row.ptsMicros));
      return whole && { keyframe: whole, similarity };
    });
    return (await Promise.all(similar)).filter((item) => item !== undefined);
  }

  /** Every entry that a session's episodic memory ever had, in the order in which they entered. */
  async episodic(sessionId: string): Promise<EpisodicEntry[]> {
    const rows = await this.#episodic.select({ where: equal('sessionId', sessionId) });
    return rows.sort((a, b) => a.enteredAtPtsMicros - b.enteredAtPtsMicros || a.ptsMicros - b.ptsMicros);
  }

  saveEpisodic(entries: readonly EpisodicEntry[]): Promise<void> {
    return this.#episodic.upsert(entries);
  }

  /** Time stamps of the dual memory's steps, in order. */
  async steps(sessionId: string): Promise<number[]> {
    return (await this.#steps.all(sessionId)).map((row) => row.ptsMicros);
  }

  saveSteps(sessionId: string, ptsMicros: readonly number[]): Promise<void> {
    return this.#steps.save(
      sessionId,
      ptsMicros.map((pts) => ({ sessionId, ptsMicros: pts })),
    );
  }

  /** The views of a session in order of time. */
  async views(sessionId: string): Promise<View[]> {
    const rows = await this.#views.all(sessionId);
    return rows.map(({ ptsMicros, view }) => ({ ptsMicros, bytes: view }));
  }

  saveViews(sessionId: string, views: readonly View[]): Promise<void> {
    return this.#views.save(
      sessionId,
      views.map(({ ptsMicros, bytes }) => ({ sessionId, ptsMicros, view: bytes })),
    );
  }

  /** The map of a session as a whole. */
  async points(sessionId: string): Promise<PointCloud | undefined> {
    const clouds: PointCloud[] = [];
    for await (const { cloud } of this.pointTiles(sessionId)) {
      clouds.push(cloud);
    }
    return clouds.length > 0 ? joinPoints(clouds) : undefined;
  }

  /** The map of a session part by part, so that it is never held as a whole. */
  async *pointTiles(sessionId: string): AsyncGenerator<PointTile> {
    const toWorld = await this.#toWorld(sessionId);
    const ofSession = equal('sessionId', sessionId);
    const names = (await this.#mapTiles.selectOnly(['tile'], { where: ofSession })).map(({ tile }) => tile).sort();
    for (let i = 0; i < names.length; i += tilesACommit) {
      const some = oneOf('tile', names.slice(i, i + tilesACommit));
      const rows = await this.#mapTiles.select({ where: allOf(ofSession, some) });
      rows.sort((a, b) => (a.tile < b.tile ? -1 : 1));
      yield* rows.map(({ tile, points }) => ({ tile, cloud: toWorld.moved(unpack(points)) }));
    }
    if (names.length === 0) {
      const [row] = await this.#points.select({ where: ofSession, limit: 1 });
      if (row) {
        yield { tile: '', cloud: toWorld.moved(unpack(row.points)) };
      }
    }
  }

  /** Each save replaces the map before. */
  savePoints(sessionId: string, cloud: PointCloud): Promise<void> {
    return this.savePointTiles(sessionId, [{ tile: '', cloud }]);
  }

  /** The same for a map in parts, of which few are held at a time. */
  async savePointTiles(sessionId: string, tiles: Iterable<PointTile>): Promise<void> {
    const toTracked = await this.#toTracked(sessionId);
    await this.#mapTiles.write(async (writer) => {
      await writer.replace(equal('sessionId', sessionId), []);
      let rows: { sessionId: string; tile: string; points: Uint8Array }[] = [];
      for (const { tile, cloud } of tiles) {
        rows.push({ sessionId, tile, points: encodePoints(toTracked.moved(cloud)) });
        if (rows.length >= tilesACommit) {
          await writer.append(rows);
          rows = [];
        }
      }
      await writer.append(rows);
    });
  }

  /** Changes of poses of keyframes in the map, in the order in which they were made. */
  async mapCorrections(sessionId: string): Promise<MapCorrectionRow[]> {
    const rows = await this.#mapCorrections.select({ where: equal('sessionId', sessionId) });
    return rows.sort((a, b) => a.sequence - b.sequence);
  }

  saveMapCorrections(rows: readonly MapCorrectionRow[]): Promise<void> {
    return this.#mapCorrections.upsert(rows);
  }

  async #storedSession(id: string): Promise<Session | undefined> {
    const rows = await this.#sessions.select({ where: equal('id', id), limit: 1 });
    return rows[0] && sessionSchema.parse(rows[0].session);
  }

  /**
   * Rows hold geometry as it was tracked, so that levelling, measuring or joining a session is one small write to the
   * session; the change of frame happens here, where rows are read and written.
   */
  async #toWorld(sessionId: string): Promise<FrameChange> {
    return changeBy((await this.session(sessionId))?.worldFromTracked);
  }

  async #toTracked(sessionId: string): Promise<FrameChange> {
    const similarity = (await this.session(sessionId))?.worldFromTracked;
    return changeBy(similarity && invertSimilarity(similarity));
  }

  async #sessionIds(environment: string): Promise<string[]> {
    const rows = await this.#sessions.selectOnly(['id'], { where: equal('environment', environment) });
    return rows.map((row) => row.id);
  }
}

/** A session in the world as people changed it. */
const shown = (session: Session, edits: readonly Edit[] = []): Session => {
  const change = worldChangeOf(edits, worldOf(session));
  return change ? changeSession(session, change) : session;
};

/** Carries poses and points from one frame of reference to another. */
interface FrameChange {
  posed<T extends { readonly worldFromCamera?: Pose | undefined }>(item: T): T;
  moved(cloud: PointCloud): PointCloud;
}

const changeBy = (similarity: Similarity | undefined): FrameChange =>
  similarity
    ? {
        posed: (item) =>
          item.worldFromCamera
            ? { ...item, worldFromCamera: [...transformPose(similarity, item.worldFromCamera)] }
            : item,
        moved: (cloud) => transformPoints(similarity, cloud),
      }
    : { posed: (item) => item, moved: (cloud) => cloud };

/** A copy of its own, because the packed floats must begin at the start of a buffer. */
const unpack = (points: Uint8Array): PointCloud => decodePoints(new Uint8Array(points).buffer);

const frameRecord = ({ sessionId: _sessionId, ...record }: FrameRow): FrameRecord =>
  record.worldFromCamera ? { ...record, worldFromCamera: [...record.worldFromCamera] } : record;

/** What a list of keyframes shows; not their descriptors, which are most of a row. */
const listedProperties = ['id', 'sessionId', 'ptsMicros', 'index', 'reason', 'hasDepth'] as const;

/** A keyframe joined with its frame; none while the frame is not acknowledged. */
const keyframe = (
  row: Pick<KeyframeRow, (typeof listedProperties)[number]>,
  frame: FrameRecord | undefined,
): Keyframe | undefined => {
  const { id, sessionId, ptsMicros, index, reason, hasDepth } = row;
  return (
    frame && {
      ...{ id, sessionId, ptsMicros, index, reason, hasDepth, tracking: frame.tracking },
      ...(frame.worldFromCamera && { worldFromCamera: frame.worldFromCamera }),
    }
  );
};

const keyframeRow = (item: StoredKeyframe): KeyframeRow => {
  const { id, sessionId, ptsMicros, index, reason, hasDepth, descriptor } = item;
  return { id, sessionId, ptsMicros, index, reason, hasDepth, descriptor, descriptorModel };
};

const pictureRow = ({ sessionId, ptsMicros, jpeg, depthPng, depthMetresPerUnit }: StoredKeyframe): PictureRow => ({
  sessionId,
  ptsMicros,
  jpeg,
  ...(depthPng && { depthPng }),
  ...(depthMetresPerUnit !== undefined && { depthMetresPerUnit }),
});
