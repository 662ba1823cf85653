import { mkdir, readFile, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Connection } from '@lancedb/lancedb';
import type { LibraryChange } from '../contract/api.ts';
import type { PointCloud } from '../contract/binary.ts';
import { failure, fromThrown, lociError, LociException, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import type { Similarity } from '../contract/geometry.ts';
import type { AskedQuestion } from '../contract/question.ts';
import type { Observation, Relation, SceneObject } from '../contract/scene.ts';
import type {
  Environment,
  EpisodicEntry,
  FrameRecord,
  FrameReference,
  Keyframe,
  Session,
} from '../contract/session.ts';
import type { View } from '../geometry/view.ts';
import { removeUnfinishedFiles, writeFileAtomically } from './atomic-file.ts';
import { EditedMap } from './edited-map.ts';
import { EditLog } from './edit-log.ts';
import { explainFailure, readOnlyError } from './library-errors.ts';
import { checkLibrary, createLibrary } from './library-format.ts';
import { Places } from './places.ts';
import type { Change, ObjectVersion } from './places.ts';
import { Recordings } from './recordings.ts';
import type { PointTile, SimilarKeyframe, StoredDepth, StoredKeyframe } from './recordings.ts';
import { connectTables } from './store/lance.ts';
import type { EnvironmentFacts, MapCorrectionRow } from './tables.ts';
import { WriterLock } from './writer-lock.ts';

export type { Change, ObjectVersion } from './places.ts';
export type { PointTile, SimilarKeyframe, StoredDepth, StoredKeyframe } from './recordings.ts';
export type { EnvironmentFacts, MapCorrectionRow } from './tables.ts';

export interface LibraryOptions {
  /** `write` holds the library's lock until closed; `read` works beside a writer. */
  readonly mode: 'write' | 'read';
  /** Makes a new or empty folder a library; needs mode `write`. */
  readonly create?: boolean;
}

/**
 * One folder that holds everything Loci remembers: `library.json` (format and version), `tables` (LanceDB),
 * `checkpoints` (one file for each unfinished ingest), `scratch` (what running ingests do not hold in memory) and the
 * writer's lock.
 *
 * A write that has resolved is there for every later reader, in this process and in others, also after this process
 * was killed. Writes reject with a `LociException` when the disk is full or the folder read-only; the library stays
 * usable and holds none of the rows of that write. Reads reject with one when the library is damaged.
 */
export class Library implements AsyncDisposable {
  readonly folder: string;
  readonly readOnly: boolean;
  /** What people changed, step by step; what is in force is applied to all that is read here. */
  readonly edits: EditLog;
  readonly #connection: Connection;
  readonly #lock: WriterLock | undefined;
  readonly #recordings: Recordings;
  readonly #places: Places;
  readonly #edited: EditedMap;
  readonly #listeners = new Set<(change: LibraryChange) => void>();

  private constructor(folder: string, connection: Connection, lock: WriterLock | undefined) {
    this.folder = folder;
    this.readOnly = lock === undefined;
    this.#connection = connection;
    this.#lock = lock;
    const database = {
      connection,
      folder: join(folder, 'tables'),
      assertWritable: () => this.#assertWritable(),
      explain: (action: 'read' | 'write', table: string, thrown: unknown) =>
        explainFailure(folder, action, table, thrown),
    };
    this.edits = new EditLog(database, (environment) => {
      this.#tell({ what: 'sessions', environment });
      this.#tell({ what: 'objects', environment });
    });
    this.#recordings = new Recordings(database, this.edits);
    this.#places = new Places(database);
    this.#edited = new EditedMap(this.edits, this.#recordings);
  }

  /**
   * Opens the library in `folder`. Errors: `library-not-found`, `library-newer`, `library-damaged`, `library-locked`
   * and `library-read-only`; none of them leaves anything changed.
   */
  static async open(folder: string, options: LibraryOptions): Promise<Result<Library>> {
    const path = resolve(folder);
    let lock: WriterLock | undefined;
    try {
      const ready = options.create && options.mode === 'write' ? await createLibrary(path) : success(undefined);
      const checked = ready.ok ? await checkLibrary(path) : ready;
      if (!checked.ok) {
        return checked;
      }
      if (options.mode === 'write') {
        const acquired = await WriterLock.acquire(path);
        if (!acquired.ok) {
          return acquired;
        }
        lock = acquired.value;
        await mkdir(join(path, 'checkpoints'), { recursive: true });
        await removeUnfinishedFiles(join(path, 'checkpoints'));
      }
      return success(new Library(path, await connectTables(join(path, 'tables')), lock));
    } catch (thrown) {
      await lock?.close().catch(() => undefined);
      return failure(fromThrown(explainFailure(path, options.mode, 'library', thrown)));
    }
  }

  /** Every environment that has a session, an object or facts. */
  async environments(): Promise<Environment[]> {
    const [sessions, counts, withFacts] = await Promise.all([
      this.#recordings.sessions(),
      this.#places.objectCounts(),
      this.#places.environmentsWithFacts(),
    ]);
    // Objects that people copied, inserted or deleted are counted as they are shown.
    for (const [name, edits] of await this.edits.inForceEverywhere()) {
      if (edits.length > 0) {
        counts.set(name, (await this.objects(name)).length);
      }
    }
    const names = new Set([...sessions.map((session) => session.environment), ...counts.keys(), ...withFacts]);
    return [...names].sort().map((name) => ({
      name,
      sessions: sessions.filter((session) => session.environment === name).length,
      objects: counts.get(name) ?? 0,
    }));
  }

  /** Sessions in the order in which they were begun. */
  sessions(environment?: string): Promise<Session[]> {
    return this.#recordings.sessions(environment);
  }

  /** One session, or `session-not-found` with the names of some that exist. */
  async session(id: string): Promise<Result<Session>> {
    const session = await this.#recordings.session(id);
    if (session) {
      return success(session);
    }
    const known = (await this.#recordings.sessions()).map((other) => other.id);
    const hint =
      known.length === 0 ? 'The library holds no session yet.' : `It holds: ${known.slice(0, 8).join(', ')}.`;
    return failure(lociError('session-not-found', `${this.folder} holds no session "${id}"`, hint, { place: id }));
  }

  async saveSession(session: Session): Promise<void> {
    await this.#recordings.saveSession(session);
    this.#tell({ what: 'sessions', environment: session.environment, sessionId: session.id });
  }

  /** Every frame of a session in order of time. */
  frames(sessionId: string): Promise<FrameRecord[]> {
    return this.#recordings.frames(sessionId);
  }

  frame(sessionId: string, ptsMicros: number): Promise<FrameRecord | undefined> {
    return this.#recordings.frame(sessionId, ptsMicros);
  }

  /** Adds frames; one that is there already, by its time stamp, is replaced. One commit: give it many at a time. */
  appendFrames(sessionId: string, records: readonly FrameRecord[]): Promise<void> {
    return this.#recordings.appendFrames(sessionId, records);
  }

  /** Keyframes of a session in order of time, without their pictures. */
  keyframes(sessionId: string): Promise<Keyframe[]> {
    return this.#recordings.keyframes(sessionId);
  }

  /** Adds keyframes with their pictures, or replaces them. Two commits for each session in the list. */
  saveKeyframes(list: readonly StoredKeyframe[]): Promise<void> {
    return this.#recordings.saveKeyframes(list);
  }

  /** JPEG of a keyframe. */
  picture(sessionId: string, ptsMicros: number): Promise<Uint8Array | undefined> {
    return this.#recordings.picture(sessionId, ptsMicros);
  }

  keyframeDepth(sessionId: string, ptsMicros: number): Promise<StoredDepth | undefined> {
    return this.#recordings.keyframeDepth(sessionId, ptsMicros);
  }

  /** What moves in a keyframe, as a PNG, white where it does; undefined when nothing does. */
  mask(sessionId: string, ptsMicros: number): Promise<Uint8Array | undefined> {
    return this.#recordings.mask(sessionId, ptsMicros);
  }

  /** Keyframes whose pictures look most like the described one, most similar first. */
  nearestKeyframes(
    descriptor: Float32Array,
    options: { readonly environment?: string; readonly limit: number },
  ): Promise<SimilarKeyframe[]> {
    return this.#recordings.nearestKeyframes(descriptor, options);
  }

  /** Every entry that a session's episodic memory ever had, superseded ones too, in order of entry. */
  episodic(sessionId: string): Promise<EpisodicEntry[]> {
    return this.#recordings.episodic(sessionId);
  }

  /** Adds entries, or replaces those with the same ids. */
  saveEpisodic(entries: readonly EpisodicEntry[]): Promise<void> {
    return this.#recordings.saveEpisodic(entries);
  }

  /** Time stamps of the dual memory's steps, in order. */
  steps(sessionId: string): Promise<number[]> {
    return this.#recordings.steps(sessionId);
  }

  saveSteps(sessionId: string, ptsMicros: readonly number[]): Promise<void> {
    return this.#recordings.saveSteps(sessionId, ptsMicros);
  }

  /** What the places of a session are recognised by, in order of time; world coordinates are not applied to it. */
  views(sessionId: string): Promise<View[]> {
    return this.#recordings.views(sessionId);
  }

  /** Adds views, or replaces those of the same time. One commit, and another for views that are replaced. */
  saveViews(sessionId: string, views: readonly View[]): Promise<void> {
    return this.#recordings.saveViews(sessionId, views);
  }

  /** The coloured map of a session, as people edited it. */
  async points(sessionId: string): Promise<PointCloud | undefined> {
    const cloud = await this.#recordings.points(sessionId);
    return cloud && this.#edited.cloud(sessionId, cloud);
  }

  /** The same part by part, so that a large map is never held as a whole. */
  async *pointTiles(sessionId: string): AsyncGenerator<PointTile> {
    for await (const { tile, cloud } of this.#recordings.pointTiles(sessionId)) {
      yield { tile, cloud: await this.#edited.cloud(sessionId, cloud) };
    }
  }

  /** Replaces the map of a session as a whole, so it costs as much as the map is large. */
  savePoints(sessionId: string, cloud: PointCloud): Promise<void> {
    return this.#recordings.savePoints(sessionId, cloud);
  }

  /** Replaces the map of a session by parts that are made as they are written. */
  savePointTiles(sessionId: string, tiles: Iterable<PointTile>): Promise<void> {
    return this.#recordings.savePointTiles(sessionId, tiles);
  }

  /** Changes of poses of keyframes that were in the map, in the order in which they were made. */
  mapCorrections(sessionId: string): Promise<MapCorrectionRow[]> {
    return this.#recordings.mapCorrections(sessionId);
  }

  /** Adds corrections, or replaces those with the same numbers. */
  saveMapCorrections(rows: readonly MapCorrectionRow[]): Promise<void> {
    return this.#recordings.saveMapCorrections(rows);
  }

  /** An empty folder for what a running ingest cannot hold in memory; none of it is needed after a crash. */
  async scratchFolder(sessionId: string): Promise<string> {
    this.#assertWritable();
    const folder = join(this.folder, 'scratch', nameOfSession(sessionId));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async removeScratchFolder(sessionId: string): Promise<void> {
    await rm(join(this.folder, 'scratch', nameOfSession(sessionId)), { recursive: true, force: true });
  }

  /** Observations of a session in order of time. */
  observations(sessionId: string): Promise<Observation[]> {
    return this.#places.observations(sessionId);
  }

  /** Adds observations, or replaces those with the same ids. */
  async saveObservations(observations: readonly Observation[]): Promise<void> {
    await this.#places.saveObservations(observations);
    for (const sessionId of new Set(observations.map((observation) => observation.sessionId))) {
      const session = await this.#recordings.session(sessionId);
      if (session) {
        this.#tell({ what: 'objects', environment: session.environment, sessionId });
      }
    }
  }

  /** Objects as believed now, or as believed at a past time, as people edited them. */
  async objects(environment: string, options: { readonly asOfMillis?: number } = {}): Promise<SceneObject[]> {
    const { asOfMillis } = options;
    return this.#edited.objects(environment, await this.#places.objects(environment, asOfMillis), asOfMillis);
  }

  /** Objects as labels and imports give them: in today's world, but without edits of the objects themselves. */
  async derivedObjects(environment: string): Promise<SceneObject[]> {
    return this.#edited.derivedObjects(environment, await this.#places.objects(environment));
  }

  /** Every version of an object as it was derived, oldest first. */
  objectHistory(environment: string, id: string): Promise<ObjectVersion[]> {
    return this.#places.objectHistory(environment, id);
  }

  /** Makes these the present versions of derived objects; earlier versions are superseded, never overwritten. */
  async saveObjects(objects: readonly SceneObject[], change: Change = { reason: 'updated' }): Promise<void> {
    for (const [environment, ofEnvironment] of Map.groupBy(objects, (object) => object.environment)) {
      await this.#places.saveObjects(await this.#edited.toStored(environment, ofEnvironment), change);
      this.#tell({ what: 'objects', environment });
    }
  }

  /** From the camera of a frame, in the unit in which it was tracked, to the world (see `MapStep`). */
  worldFromAnchor(anchor: FrameReference): Promise<Similarity | undefined> {
    return this.#edited.worldFromAnchor(anchor);
  }

  /** Ends the present versions of these objects; their past stays. */
  async removeObjects(
    environment: string,
    ids: readonly string[],
    change: Change = { reason: 'removed' },
  ): Promise<void> {
    await this.#places.removeObjects(environment, ids, change);
    this.#tell({ what: 'objects', environment });
  }

  relations(environment: string): Promise<Relation[]> {
    return this.#places.relations(environment);
  }

  /** Whether the stored relations were derived after the last edit; otherwise derive them from the objects. */
  async relationsAreCurrent(environment: string): Promise<boolean> {
    const [derived, latest] = await Promise.all([
      this.#places.relationsRevision(environment),
      this.edits.latest(environment),
    ]);
    return derived === latest;
  }

  /** Makes these all the relations of an environment, in one commit; `revision` is the last edit that they know of. */
  async replaceRelations(
    environment: string,
    relations: readonly Omit<Relation, 'environment'>[],
    revision = 0,
  ): Promise<void> {
    await this.#places.replaceRelations(environment, relations, revision);
    this.#tell({ what: 'objects', environment });
  }

  /** Questions in the order in which they were asked. */
  questions(environment: string): Promise<AskedQuestion[]> {
    return this.#places.questions(environment);
  }

  async saveQuestion(question: AskedQuestion): Promise<void> {
    await this.#places.saveQuestion(question);
    this.#tell({ what: 'questions', environment: question.environment });
  }

  environmentFacts(environment: string): Promise<EnvironmentFacts | undefined> {
    return this.#places.facts(environment);
  }

  async saveEnvironmentFacts(facts: EnvironmentFacts): Promise<void> {
    await this.#places.saveFacts(facts);
    this.#tell({ what: 'objects', environment: facts.environment });
  }

  /** What an unfinished ingest needs in order to go on. */
  async checkpoint(sessionId: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#checkpointPath(sessionId));
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
        return undefined;
      }
      throw explainFailure(this.folder, 'read', 'checkpoints', thrown);
    }
  }

  /** Replaces the checkpoint of a session as a whole: a crash leaves either the old one or the new one. */
  async saveCheckpoint(sessionId: string, content: Uint8Array): Promise<void> {
    this.#assertWritable();
    try {
      await writeFileAtomically(this.#checkpointPath(sessionId), content);
    } catch (thrown) {
      throw explainFailure(this.folder, 'write', 'checkpoints', thrown);
    }
  }

  async clearCheckpoint(sessionId: string): Promise<void> {
    this.#assertWritable();
    await rm(this.#checkpointPath(sessionId), { force: true });
  }

  /** Calls `listener` after every write of this process; returns how to stop that. */
  onChange(listener: (change: LibraryChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rewrites what many small writes left behind into few files; worth calling at the end of a session. */
  async compact(): Promise<void> {
    for (const store of [...this.#recordings.stores, ...this.#places.stores, ...this.edits.stores]) {
      await store.compact();
    }
  }

  /** Waits for all writes, then gives the library back. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all(
      [...this.#recordings.stores, ...this.#places.stores, ...this.edits.stores].map((store) => store.close()),
    );
    this.#connection.close();
    await this.#lock?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #assertWritable(): void {
    if (this.readOnly) {
      throw new LociException(readOnlyError(this.folder));
    }
  }

  #tell(change: LibraryChange): void {
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  #checkpointPath(sessionId: string): string {
    return join(this.folder, 'checkpoints', `${nameOfSession(sessionId)}.checkpoint`);
  }
}

/** Session names hold what file names must not, so files are named by a hash. */
const nameOfSession = (sessionId: string): string => createHash('sha256').update(sessionId).digest('hex').slice(0, 32);
