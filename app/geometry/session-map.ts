import type { PointCloud } from '../contract/binary.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { Intrinsics, Pose, Scale, Similarity } from '../contract/geometry.ts';
import { addon, type NativeSessionMap } from './addon.ts';
import { blendPoses, compose, invertPose } from './pose.ts';
import type { View } from './view.ts';

/** How the place of one view was bettered: where tracking had it, where it is, and by what lengths seen there grow. */
export interface Correction {
  readonly ptsMicros: number;
  readonly subMap: number;
  readonly scale: number;
  readonly from: Pose;
  readonly to: Pose;
}

/** From one view to another of a sub-map, in microseconds. */
export interface TimeSpan {
  readonly fromPtsMicros: number;
  readonly toPtsMicros: number;
}

/** Numbers of one correction as `native/src/addon_session_map.cc` writes it. */
const correctionLength = 35;

/**
 * The views of one session and what ties them together: recognises places seen before, and adjusts the whole session so
 * that all views agree. See `native/src/session_map.h`.
 */
export class SessionMap implements Disposable {
  #native: NativeSessionMap | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** `refineFocal`: the focal length is a guess, which `adjust` betters. */
  constructor(scale: Scale, refineFocal = false) {
    const { SessionMap: Native } = addon();
    this.#native = new Native({ metric: scale === 'metric', refineFocal });
  }

  /** Makes a map of the views that another one has kept. Fails with `library-damaged` when they cannot be read. */
  static restore(scale: Scale, kept: readonly View[], refineFocal = false): Result<SessionMap> {
    const map = new SessionMap(scale, refineFocal);
    try {
      map.#open.restore(kept);
      return success(map);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return failure(
        lociError('library-damaged', `The views of a session cannot be read: ${reason}`, 'Ingest the recording again.'),
      );
    }
  }

  /** Takes views in order of time, on a worker thread; answers those that are worth keeping, as they are kept. */
  add(views: readonly View[]): Promise<View[]> {
    return views.length === 0 ? Promise.resolve([]) : this.#next((native) => native.add(views));
  }

  /** Finds the poses that all views agree on; on a worker thread. When cancelled meanwhile, all stays as it was. */
  async adjust(signal?: AbortSignal): Promise<void> {
    await this.#cancellable(signal, (native) => native.adjust());
  }

  /** Whether the poses are those of an adjustment of all views. */
  get adjusted(): boolean {
    return this.#open.isAdjusted();
  }

  /** Of the pictures as they were tracked, perhaps smaller than they were filmed; undefined before the first view. */
  camera(): Intrinsics | undefined {
    return this.#open.camera();
  }

  /** From this map's world to that of another session of the same place; undefined when it is not recognised. */
  locateIn(known: SessionMap, signal?: AbortSignal): Promise<Similarity | undefined> {
    return this.#cancellable(signal, async (native) => {
      const found = await native.locateIn(known.#open);
      return found && { metresPerUnit: found.metresPerUnit, pose: [...found.pose] };
    });
  }

  /** All views as they are kept. */
  views(): View[] {
    return this.#open.views();
  }

  /** How the place of every view was bettered, in order of time. */
  corrections(): Correction[] {
    const rows = this.#open.corrections();
    return Array.from({ length: rows.length / correctionLength }, (_, i) => {
      const [ptsMicros = 0, subMap = 0, scale = 1, ...poses] = rows.subarray(
        i * correctionLength,
        (i + 1) * correctionLength,
      );
      return { ptsMicros, subMap, scale, from: poses.slice(0, 16), to: poses.slice(16) };
    });
  }

  /** The landmarks of all views, each once, where the last adjustment has them. */
  points(): PointCloud {
    return this.#open.points();
  }

  /** When the camera was in sub-maps that nothing joins to the first one. */
  apart(): TimeSpan[] {
    const spans = this.#open.apart();
    return Array.from({ length: spans.length / 2 }, (_, i) => ({
      fromPtsMicros: spans[2 * i] ?? 0,
      toPtsMicros: spans[2 * i + 1] ?? 0,
    }));
  }

  close(): void {
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #open(): NativeSessionMap {
    if (this.#native === undefined) {
      throw new Error('This session map is closed');
    }
    return this.#native;
  }

  #next<T>(work: (native: NativeSessionMap) => Promise<T>): Promise<T> {
    const done = this.#queue.then(() => work(this.#open));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #cancellable<T>(signal: AbortSignal | undefined, work: (native: NativeSessionMap) => Promise<T>): Promise<T> {
    const cancel = (): void => this.#native?.cancel();
    signal?.addEventListener('abort', cancel);
    try {
      signal?.throwIfAborted();
      return await this.#next(work);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }
}

/** Where a frame is once its view was bettered: what the view saw of it has grown with the view. */
const carry = ({ from, to, scale }: Correction, worldFromCamera: Pose): Pose => {
  const viewFromCamera = compose(invertPose(from), worldFromCamera);
  return compose(
    to,
    viewFromCamera.map((value, i) => (i % 4 === 3 && i < 12 ? value * scale : value)),
  );
};

/**
 * Moves a frame as its neighbouring views were moved: between two views of one sub-map by both, in proportion to the
 * time between them. Answers its pose, and by what lengths seen from it grow. `corrections` are in order of time.
 */
export const correctPose = (
  corrections: readonly Correction[],
  ptsMicros: number,
  worldFromCamera: Pose,
): { readonly pose: Pose; readonly scale: number } => {
  const next = firstAfter(corrections, ptsMicros);
  const after = corrections[next];
  const before = corrections[Math.max(0, next - 1)];
  if (!before) {
    return { pose: worldFromCamera, scale: 1 };
  }
  const pose = carry(before, worldFromCamera);
  if (!after || after === before || after.subMap !== before.subMap) {
    return { pose, scale: before.scale };
  }
  const share = (ptsMicros - before.ptsMicros) / (after.ptsMicros - before.ptsMicros);
  return {
    pose: blendPoses(pose, carry(after, worldFromCamera), share),
    scale: before.scale + (after.scale - before.scale) * share,
  };
};

/** Place of the first correction later than a time, by bisection. */
const firstAfter = (corrections: readonly Correction[], ptsMicros: number): number => {
  let [low, high] = [0, corrections.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((corrections[middle]?.ptsMicros ?? Infinity) > ptsMicros) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
};
