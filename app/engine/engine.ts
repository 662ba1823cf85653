import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import type { Health, LibraryChange } from '../contract/api.ts';
import type { PointCloud } from '../contract/binary.ts';
import type { LevelRequest, MapEdit, Revision, ScaleRequest } from '../contract/edit.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { IngestEvent, IngestRequest } from '../contract/job.ts';
import type { ProjectionEvent, ProjectionRequest } from '../contract/projection.ts';
import type { AskedQuestion } from '../contract/question.ts';
import type { LabelDocument, LabelReport, Relation, SceneDocument } from '../contract/scene.ts';
import type { MemoryTimeline } from '../contract/session.ts';
import { Library, type PointTile } from '../memory/library.ts';
import { answerQuestion } from '../reasoning/ask.ts';
import { ingest } from './ingest.ts';
import { Jobs } from './jobs.ts';
import { importLabels } from './labels.ts';
import { levelWorld } from './levelling.ts';
import { editMap } from './map-edits.ts';
import { scaleWorld } from './measuring.ts';
import { Previews } from './preview.ts';
import { project } from './projection.ts';
import { redo, undo } from './revising.ts';
import { exportScene, importScene, readScene } from './scene.ts';
import { lociVersion } from './version.ts';

/** Where the library is, and whether this engine may write to it. */
export interface EngineOptions {
  readonly libraryFolder: string;
  readonly mode: 'write' | 'read';
  /** Makes the library when there is none. */
  readonly create?: boolean;
}

/** The composition root: one library, the jobs that fill it and the questions asked of it. The contract's router calls it. */
export class Engine implements AsyncDisposable {
  readonly library: Library;
  readonly jobs: Jobs;
  readonly previews: Previews;
  readonly #changes = new EventPublisher<{ change: LibraryChange }>();
  readonly #unsubscribe: () => void;

  private constructor(library: Library) {
    this.library = library;
    this.jobs = new Jobs((request, signal) => this.ingest(request, signal));
    this.previews = new Previews(library);
    this.#unsubscribe = library.onChange((change) => this.#changes.publish('change', change));
  }

  /** Opens the library; fails with the library's reasons. */
  static async open(options: EngineOptions): Promise<Result<Engine>> {
    const { mode, create = false } = options;
    const library = await Library.open(options.libraryFolder, { mode, create });
    return library.ok ? success(new Engine(library.value)) : library;
  }

  health(): Health {
    return { version: lociVersion, libraryPath: this.library.folder, readOnly: this.library.readOnly };
  }

  /** Every write to the library until the signal stops it. */
  changes(signal: AbortSignal | undefined): AsyncGenerator<LibraryChange> {
    return this.#changes.subscribe('change', { signal });
  }

  /** Reads a recording into the library (see `ingest`). */
  ingest(request: IngestRequest, signal: AbortSignal): AsyncGenerator<IngestEvent> {
    return ingest(this.library, request, signal);
  }

  /** Renders the map of a session along a camera path (see `project`). */
  project(request: ProjectionRequest, signal: AbortSignal): AsyncGenerator<ProjectionEvent> {
    return project(this.library, request, signal);
  }

  /** Map points of a session; none before its ingest is complete. */
  async points(sessionId: string): Promise<PointCloud> {
    return (await this.library.points(sessionId)) ?? { positions: new Float32Array(), colours: new Uint8Array() };
  }

  /** The same part by part. */
  pointTiles(sessionId: string): AsyncGenerator<PointTile> {
    return this.library.pointTiles(sessionId);
  }

  /** What the dual memory held at any moment of a session. */
  async memoryTimeline(sessionId: string): Promise<Result<MemoryTimeline>> {
    const session = await this.library.session(sessionId);
    if (!session.ok) {
      return session;
    }
    const { workingCapacity, episodicCapacity } = session.value.memory;
    const [stepPtsMicros, episodic] = await Promise.all([
      this.library.steps(sessionId),
      this.library.episodic(sessionId),
    ]);
    return success({ sessionId, workingCapacity, episodicCapacity, stepPtsMicros, episodic });
  }

  /** Answers a question from memory; question and answer are kept unless the library is open for reading only. */
  async ask(environment: string, question: string): Promise<Result<AskedQuestion>> {
    if (!(await this.#knows(environment))) {
      return failure(
        lociError(
          'environment-not-found',
          `There is no environment "${environment}"`,
          'Ingest a recording of it first.',
        ),
      );
    }
    const answer = answerQuestion(question, await readScene(this.library, environment));
    const asked: AskedQuestion = { id: randomUUID(), environment, question, askedAtMillis: Date.now(), answer };
    if (!this.library.readOnly) {
      await this.library.saveQuestion(asked);
    }
    return success(asked);
  }

  /** Lifts an annotator's boxes to objects of the session's environment. */
  importLabels(sessionId: string, document: LabelDocument): Promise<Result<LabelReport>> {
    return importLabels(this.library, sessionId, document);
  }

  /** The scene of an environment as plain JSON. */
  async exportScene(environment: string): Promise<Result<SceneDocument>> {
    if (!(await this.#knows(environment))) {
      return failure(
        lociError('environment-not-found', `There is no environment "${environment}"`, 'See `loci environments`.'),
      );
    }
    return success(await exportScene(this.library, environment));
  }

  /** Takes a scene into the environment that it names; its imported objects replace those of an earlier import. */
  async importScene(document: SceneDocument): Promise<Result<{ objects: number }>> {
    return importScene(this.library, document);
  }

  /** Relations between the objects of an environment, as edits left them. */
  async relations(environment: string): Promise<Relation[]> {
    return [...(await readScene(this.library, environment)).relations];
  }

  /** Makes a session metric, with all that shares its world. */
  scale(sessionId: string, request: ScaleRequest): Promise<Result<Revision>> {
    return scaleWorld(this.library, sessionId, request);
  }

  /** Turns a session level, with all that shares its world. */
  level(sessionId: string, request: LevelRequest): Promise<Result<Revision>> {
    return levelWorld(this.library, sessionId, request);
  }

  /** Changes the map that a session shows, and its objects. */
  editMap(sessionId: string, edit: MapEdit): Promise<Result<Revision>> {
    return editMap(this.library, sessionId, edit);
  }

  /** Takes back the last edit of an environment. */
  undo(environment: string): Promise<Result<Revision>> {
    return undo(this.library, environment);
  }

  /** Does again what was undone last. */
  redo(environment: string): Promise<Result<Revision>> {
    return redo(this.library, environment);
  }

  /** Cancels jobs, waits for them, and closes the library. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.previews.close();
    await this.jobs.close();
    await this.library.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #knows(environment: string): Promise<boolean> {
    return (await this.library.environments()).some(({ name }) => name === environment);
  }
}
