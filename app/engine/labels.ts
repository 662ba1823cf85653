import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { LabelDocument, LabelReport } from '../contract/scene.ts';
import type { Session } from '../contract/session.ts';
import { decodeDepthPng } from '../media/encode.ts';
import type { DepthImage, FrameSource } from '../media/frame.ts';
import { openRecording } from '../geometry/rectified-source.ts';
import { describePicture } from '../memory/descriptor.ts';
import type { Library, StoredKeyframe } from '../memory/library.ts';
import type { FrameView } from '../scene/labelled-session.ts';
import { liftLabels } from '../scene/lift-labels.ts';
import { encodeKeyframe } from './keyframes.ts';
import { refreshRelations } from './scene.ts';

/**
 * Lifts an annotator's boxes on frames of a session to objects, and keeps the labelled frames as keyframes. Running it
 * again with the same labels changes nothing.
 */
export const importLabels = async (
  library: Library,
  sessionId: string,
  document: LabelDocument,
): Promise<Result<LabelReport>> => {
  const found = await library.session(sessionId);
  if (!found.ok) {
    return found;
  }
  const session = found.value;
  if (session.status === 'ingesting') {
    return failure(
      lociError(
        'session-incomplete',
        `${sessionId} is not ingested to its end`,
        'Run its ingest again, which goes on where it ended, then import the labels.',
      ),
    );
  }
  const { environment, scale, intrinsics, depthIntrinsics } = session;
  const [objects, observations, points] = await Promise.all([
    library.derivedObjects(environment),
    library.observations(sessionId),
    library.points(sessionId),
  ]);
  await using frames = await LabelledFrames.open(library, session);
  // Landmarks of a plain video are too far apart to stand for surfaces; only a map made from depth is one.
  const surface = frames.haveDepth ? points : undefined;
  const lifted = await liftLabels({
    document,
    objects,
    observations,
    session: {
      id: sessionId,
      environment,
      scale,
      intrinsics,
      ...(depthIntrinsics && { depthIntrinsics }),
      ...(surface && { points: surface }),
      frame: (ptsMicros) => frames.view(ptsMicros),
    },
  });
  await frames.keepPromoted();
  const change = { reason: `labels of ${document.annotator} on ${session.name}` };
  if (lifted.superseded.length > 0) {
    await library.saveObjects(lifted.superseded, change);
  }
  await library.saveObjects(lifted.objects, change);
  await library.removeObjects(environment, lifted.removedIds, change);
  await library.saveObservations(lifted.observations);
  await refreshRelations(library, environment);
  return success(lifted.report);
};

/**
 * The frames that are labelled. One that is no keyframe yet is read from the recording, where that is still there, and
 * promoted, so that its picture and depth are evidence from then on.
 */
class LabelledFrames implements AsyncDisposable {
  readonly #library: Library;
  readonly #session: Session;
  readonly #source: FrameSource | undefined;
  readonly #kept: ReadonlyMap<number, { readonly hasDepth: boolean }>;
  readonly #promoted: StoredKeyframe[] = [];

  private constructor(
    library: Library,
    session: Session,
    source: FrameSource | undefined,
    kept: ReadonlyMap<number, { readonly hasDepth: boolean }>,
  ) {
    this.#library = library;
    this.#session = session;
    this.#source = source;
    this.#kept = kept;
  }

  static async open(library: Library, session: Session): Promise<LabelledFrames> {
    const gone = session.sourceKind === 'live';
    const source = gone ? undefined : await openRecording(session.sourcePath, session.sourceOptions);
    const kept = new Map((await library.keyframes(session.id)).map((keyframe) => [keyframe.ptsMicros, keyframe]));
    return new LabelledFrames(library, session, source?.ok ? source.value : undefined, kept);
  }

  /** Whether the session was recorded with depth. */
  get haveDepth(): boolean {
    return this.#kept.values().some(({ hasDepth }) => hasDepth);
  }

  /** What is known of the frame with exactly this time stamp; undefined when the session has none. */
  async view(ptsMicros: number): Promise<FrameView | undefined> {
    const record = await this.#library.frame(this.#session.id, ptsMicros);
    if (!record) {
      return undefined;
    }
    const depth = this.#kept.has(ptsMicros)
      ? await this.#keptDepth(ptsMicros)
      : await this.#promote(ptsMicros, record.index);
    return {
      ...(record.worldFromCamera && { worldFromCamera: record.worldFromCamera }),
      ...(depth && { depth }),
    };
  }

  /** Writes the frames that became keyframes. */
  async keepPromoted(): Promise<void> {
    if (this.#promoted.length > 0) {
      await this.#library.saveKeyframes(this.#promoted);
      await this.#library.saveSession({ ...this.#session, keyframes: this.#kept.size + this.#promoted.length });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source?.close();
  }

  async #keptDepth(ptsMicros: number): Promise<DepthImage | undefined> {
    const stored = await this.#library.keyframeDepth(this.#session.id, ptsMicros);
    return stored && decodeDepthPng(stored.png, stored.metresPerUnit);
  }

  async #promote(ptsMicros: number, index: number): Promise<DepthImage | undefined> {
    const read = await this.#source?.frameAt(ptsMicros);
    if (!read?.ok) {
      return undefined;
    }
    const frame = { ...read.value, index };
    const descriptor = describePicture(frame.image);
    this.#promoted.push(await encodeKeyframe(this.#session.id, frame, 'label', descriptor));
    return frame.depth;
  }
}
