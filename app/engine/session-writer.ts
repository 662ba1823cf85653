import type { EpisodicEntry, FrameRecord, Session } from '../contract/session.ts';
import type { View } from '../geometry/view.ts';
import type { Library, StoredKeyframe } from '../memory/library.ts';

/** A batch is committed when it holds this many frames or has waited this long, whichever is first. */
const batchFrames = 120;
const batchMillis = 2_000;

/**
 * Collects what an ingest derives and writes it to the library in batches, since every commit makes a version and a
 * file. Rows first, the checkpoint last: a crash in between repeats some frames and writes the same rows again.
 */
export class SessionWriter {
  readonly #library: Library;
  #frames = new Map<number, FrameRecord>();
  #newFrames = 0;
  #keyframes: Promise<StoredKeyframe>[] = [];
  #episodic: EpisodicEntry[] = [];
  #steps: number[] = [];
  #views: View[] = [];
  #openedAt = performance.now();
  #committing: Promise<void> = Promise.resolve();

  constructor(library: Library) {
    this.#library = library;
  }

  /** Takes the record of a new frame and better ones of earlier frames; the last record of a frame is the one written. */
  addFrames(records: readonly FrameRecord[]): void {
    this.#newFrames++;
    for (const record of records) {
      this.#frames.set(record.ptsMicros, record);
    }
  }

  /** A keyframe's picture may still be encoding; the batch waits for it. */
  addKeyframe(keyframe: Promise<StoredKeyframe>): void {
    // The commit awaits it; without this an early failure would count as unhandled until then.
    keyframe.catch(() => undefined);
    this.#keyframes.push(keyframe);
  }

  addStep(ptsMicros: number, entries: readonly EpisodicEntry[]): void {
    this.#steps.push(ptsMicros);
    this.#episodic.push(...entries);
  }

  addViews(views: readonly View[]): void {
    this.#views.push(...views);
  }

  /** Whether it is time to commit. */
  get due(): boolean {
    return this.#newFrames >= batchFrames || performance.now() - this.#openedAt >= batchMillis;
  }

  /**
   * Writes the batch while the next one is being collected. Resolves when the batch *before* is acknowledged, so at
   * most one commit is under way; `onAcknowledged` is called when this one is.
   */
  async commit(session: Session, checkpoint: Uint8Array | undefined, onAcknowledged: () => void): Promise<void> {
    const frames = [...this.#frames.values()];
    const batch = {
      frames,
      keyframes: this.#keyframes,
      episodic: this.#episodic,
      steps: this.#steps,
      views: this.#views,
    };
    this.#frames = new Map();
    this.#newFrames = 0;
    this.#keyframes = [];
    this.#episodic = [];
    this.#steps = [];
    this.#views = [];
    this.#openedAt = performance.now();
    await this.#committing;
    this.#committing = this.#write(session, batch, checkpoint).then(onAcknowledged);
    this.#committing.catch(() => undefined);
  }

  /** Waits until everything given to `commit` is acknowledged; throws what went wrong with it. */
  async settled(): Promise<void> {
    await this.#committing;
  }

  async #write(
    session: Session,
    batch: {
      frames: FrameRecord[];
      keyframes: Promise<StoredKeyframe>[];
      episodic: EpisodicEntry[];
      steps: number[];
      views: View[];
    },
    checkpoint: Uint8Array | undefined,
  ): Promise<void> {
    const library = this.#library;
    const keyframes = await Promise.all(batch.keyframes);
    await library.saveKeyframes(keyframes);
    await library.saveEpisodic(batch.episodic);
    await library.saveSteps(session.id, batch.steps);
    await library.saveViews(session.id, batch.views);
    await library.appendFrames(session.id, batch.frames);
    await library.saveSession(session);
    if (checkpoint) {
      await library.saveCheckpoint(session.id, checkpoint);
    }
  }
}
