import type { PointCloud } from '../contract/binary.ts';
import { success, type LociError, type Result } from '../contract/errors.ts';
import type { IngestRequest } from '../contract/job.ts';
import { type FrameRecord, type KeyframeReason, type Session, type TrackingState } from '../contract/session.ts';
import { cameraPosition } from '../geometry/pose.ts';
import type { PoseProvider } from '../geometry/pose-provider.ts';
import type { TrackedFrame, Tracker } from '../geometry/tracker.ts';
import { releasePixels, type Frame, type SourceInfo } from '../media/frame.ts';
import { describePicture } from '../memory/descriptor.ts';
import { DualMemory } from '../memory/dual-memory.ts';
import type { Library } from '../memory/library.ts';
import { encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { guessedIntrinsics } from './guessed-camera.ts';
import { encodeKeyframe } from './keyframes.ts';
import { joinSession } from './joining.ts';
import { levelSession } from './levelling.ts';
import { MapBuilder } from './map-builder.ts';
import { describePoseGaps } from './pose-gaps.ts';
import { SessionMapper } from './session-mapper.ts';
import { SessionWriter } from './session-writer.ts';

/**
 * Tracking makes a keyframe of nearly every frame of a fast walk; pictures closer together than this show a person and
 * the map nothing new, and cost a third of the time of an ingest.
 */
const minBetweenPicturesMicros = 250_000;

/** What is safely in the library. */
export interface Acknowledged {
  readonly frames: number;
  readonly keyframes: number;
  readonly lost: number;
  /** Of a live source: frames left out. */
  readonly dropped?: number;
  readonly lastPtsMicros: number;
}

/** A frame that is being tracked. */
interface FrameInHand {
  readonly frame: Frame;
  readonly tracked: Promise<TrackedFrame[]>;
}

/**
 * Takes the frames of one session one by one and does everything with each: track, keep keyframes, grow the map, step
 * the dual memory, and hand it all to the library in batches.
 */
export class Recorder implements AsyncDisposable {
  readonly #library: Library;
  readonly #tracker: Tracker;
  readonly #map: MapBuilder;
  readonly #mapper: SessionMapper;
  readonly #memory: DualMemory;
  readonly #writer: SessionWriter;
  readonly #request: IngestRequest;
  readonly #poses: PoseProvider;
  readonly #stepMicros: number;
  readonly #warnings: LociError[];
  #session: Session;
  #framesRead = 0;
  #frameInHand: FrameInHand | undefined;
  #lastStepPtsMicros: number | undefined;
  #lastKeptPtsMicros: number | undefined;
  #acknowledged: Acknowledged | undefined;

  private constructor(
    library: Library,
    request: IngestRequest,
    poses: PoseProvider,
    session: Session,
    tracker: Tracker,
    map: MapBuilder,
    mapper: SessionMapper,
    memory: DualMemory,
  ) {
    this.#library = library;
    this.#session = session;
    this.#tracker = tracker;
    this.#map = map;
    this.#mapper = mapper;
    this.#memory = memory;
    this.#writer = new SessionWriter(library);
    this.#request = request;
    this.#poses = poses;
    this.#stepMicros = 1e6 / request.memory.policyRateHertz;
    this.#warnings = [...session.warnings];
  }

  /** Begins a session, or takes it up where the checkpoint left it. */
  static async create(
    library: Library,
    request: IngestRequest,
    poses: PoseProvider,
    info: SourceInfo,
    session: Session,
    checkpoint: Checkpoint | undefined,
  ): Promise<Result<Recorder>> {
    const tracker = openTracker(poses, info, session, checkpoint);
    if (!tracker.ok) {
      return tracker;
    }
    const mapper = await SessionMapper.open(library, session, checkpoint?.views ?? 0);
    if (!mapper.ok) {
      tracker.value.close();
      return mapper;
    }
    const memory = new DualMemory({
      sessionId: session.id,
      workingCapacity: request.memory.workingCapacity,
      episodicCapacity: request.memory.episodicCapacity,
    });
    const map = await MapBuilder.create(library, session, info);
    const recorder = new Recorder(library, request, poses, session, tracker.value, map, mapper.value, memory);
    if (checkpoint) {
      await recorder.#resume(checkpoint);
    }
    return success(recorder);
  }

  get session(): Session {
    return this.#session;
  }

  /** Frames taken so far, those of earlier readings included. */
  get frames(): number {
    return this.#framesRead;
  }

  /** Warnings kept so far. */
  get warnings(): readonly LociError[] {
    return this.#warnings;
  }

  /** Keeps a warning with the session. */
  warn(warning: LociError): void {
    this.#warnings.push(warning);
  }

  /** The camera as tracking has found it, when nobody said what it is. */
  #learnCamera(): void {
    const camera = this.#session.intrinsicsKnown ? undefined : this.#tracker.camera();
    if (camera?.focalSigmaPixels !== undefined) {
      this.#session = { ...this.#session, ...camera };
    }
  }

  /** What was acknowledged since the last call, or undefined when nothing was. */
  takeAcknowledged(): Acknowledged | undefined {
    const acknowledged = this.#acknowledged;
    this.#acknowledged = undefined;
    return acknowledged;
  }

  /**
   * Takes the next frame; frames are counted over the whole session, however often its reading was resumed. It is
   * tracked on another thread while all else is done with the frame before it.
   */
  async add(read: Frame): Promise<void> {
    if (this.#writer.due) {
      // A checkpoint must hold the tracker as it was after the last frame that is written with it.
      await this.#takeFrameInHand();
      await this.#commit();
    }
    const frame: Frame = { ...read, index: this.#framesRead++ };
    const tracked = this.#tracker.track(frame);
    // Whoever takes the frame learns of a failure; until then it must not count as unhandled.
    tracked.catch(() => undefined);
    const before = this.#frameInHand;
    this.#frameInHand = { frame, tracked };
    if (before) {
      await this.#take(before);
    }
  }

  async #takeFrameInHand(): Promise<void> {
    const inHand = this.#frameInHand;
    this.#frameInHand = undefined;
    if (inHand) {
      await this.#take(inHand);
    }
  }

  async #take({ frame, tracked }: FrameInHand): Promise<void> {
    const [current, ...revisions] = await tracked;
    if (!current) {
      throw new Error(`The tracker said nothing of the frame at ${frame.ptsMicros} µs`);
    }
    this.#record([current, ...revisions]);
    const last = this.#lastStepPtsMicros;
    const isStep = last === undefined || frame.ptsMicros - last >= this.#stepMicros;
    const lastKept = this.#lastKeptPtsMicros;
    const isApart = lastKept === undefined || frame.ptsMicros - lastKept >= minBetweenPicturesMicros;
    const reason =
      current.keyframe && (isApart || isStep) ? (current.keyframeReason ?? 'motion') : isStep ? 'time' : undefined;
    if (reason) {
      this.#lastKeptPtsMicros = frame.ptsMicros;
      await this.#keep(frame, current, reason, isStep);
    } else {
      releasePixels(frame);
    }
    const session = this.#session;
    this.#session = {
      ...session,
      frames: session.frames + 1,
      keyframes: session.keyframes + (reason ? 1 : 0),
      tracked: session.tracked + (isLocated(current) ? 1 : 0),
      lost: session.lost + (current.tracking === 'lost' ? 1 : 0),
      ...(frame.dropped !== undefined && { dropped: (session.dropped ?? 0) + frame.dropped }),
      firstPtsMicros: session.frames === 0 ? frame.ptsMicros : session.firstPtsMicros,
      lastPtsMicros: frame.ptsMicros,
    };
  }

  /** Writes what is in hand and leaves the session to be resumed. */
  async pause(): Promise<void> {
    await this.#takeFrameInHand();
    if (this.#session.frames > 0) {
      await this.#commit();
      await this.#writer.settled();
    }
  }

  /** Writes the rest, the map included, and closes the session. */
  async finish(status: 'complete' | 'partial', info: SourceInfo, signal: AbortSignal): Promise<Session> {
    await this.#takeFrameInHand();
    this.#record(this.#tracker.finish());
    // Twice: what the first hands over to be matched, the second stores.
    await this.#commit();
    await this.#commit();
    await this.#writer.settled();
    const { corrections, warnings } = await this.#mapper.adjust(signal);
    warnings.forEach((warning) => this.warn(warning));
    if (this.#session.focalSigmaPixels !== undefined) {
      this.#session = { ...this.#session, ...this.#mapper.camera() };
    }
    if (!this.#session.intrinsicsKnown) {
      this.warn(guessedIntrinsics(this.#session, info));
    }
    await this.#map.complete(this.#session, corrections, this.#mapper.map.corrections(), signal);
    const cloud = await this.#map.save(this.#mapper.points());
    await this.#countFrames();
    const session = await this.#place(cloud, signal);
    this.#session = { ...session, status, updatedAtMillis: Date.now(), warnings: [...this.#warnings] };
    await this.#library.saveSession(this.#session);
    await this.#library.clearCheckpoint(this.#session.id);
    await this.#library.compact();
    return this.#session;
  }

  async close(): Promise<void> {
    await this.#frameInHand?.tracked.catch(() => undefined);
    await this.#writer.settled().catch(() => undefined);
    await this.#map.close();
    await this.#mapper.close();
    this.#tracker.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Takes records of frames; a pose that is now known better moves the frame's part of the map. */
  #record(tracked: readonly TrackedFrame[]): void {
    this.#writer.addFrames(tracked.map(toFrameRecord));
    const revised = tracked.filter(({ revision }) => revision);
    this.#map.settle(revised.map((frame) => ({ ptsMicros: frame.ptsMicros, worldFromCamera: poseForMap(frame) })));
  }

  /** Keeps a frame with its picture, which joins the map when its pose is known. */
  async #keep(frame: Frame, tracked: TrackedFrame, reason: KeyframeReason, isStep: boolean): Promise<void> {
    const descriptor = describePicture(frame.image);
    const finding = this.#map.findMoving(frame, poseForMap(tracked));
    const stored = encodeKeyframe(this.#session.id, frame, reason, descriptor, finding);
    this.#writer.addKeyframe(stored);
    const moving = await finding;
    this.#map.add({ ...frame, moving }, poseForMap(tracked), stored);
    if (moving) {
      this.#tracker.exclude?.(frame.ptsMicros, moving);
    }
    if (isStep) {
      this.#lastStepPtsMicros = frame.ptsMicros;
      const { entries } = this.#memory.step({ ptsMicros: frame.ptsMicros, descriptor });
      this.#writer.addStep(frame.ptsMicros, entries);
    }
  }

  /** The counts of the whole session, revisions included, and a warning of where it has no poses. */
  async #countFrames(): Promise<void> {
    const frames = await this.#library.frames(this.#session.id);
    const tracked = frames.filter(isLocated).length;
    const lost = frames.filter(({ tracking }) => tracking === 'lost').length;
    this.#session = { ...this.#session, frames: frames.length, tracked, lost };
    const unknown = describePoseGaps(this.#session.sourcePath, frames);
    if (unknown) {
      this.warn(unknown);
    }
  }

  /** Sets the session into the world of an earlier one, or stands its own upright, unless its poses say where up is. */
  async #place(cloud: PointCloud, signal: AbortSignal): Promise<Session> {
    if (this.#poses.hasOwnWorld) {
      return this.#session;
    }
    const joined = await joinSession(this.#library, this.#session, this.#mapper.map, signal);
    if (joined.warning) {
      this.warn(joined.warning);
    }
    // A known height of the camera gives metres, which a world of arbitrary scale would take away again.
    const takesMetres = this.#request.cameraHeightMetres !== undefined && joined.session.scale === 'arbitrary';
    return joined.session.sharesWorldOf === undefined || takesMetres ? this.#level(cloud) : joined.session;
  }

  async #level(cloud: PointCloud): Promise<Session> {
    const keyframes = await this.#library.keyframes(this.#session.id);
    const cameras = keyframes.flatMap(({ worldFromCamera }) =>
      worldFromCamera ? [cameraPosition(worldFromCamera)] : [],
    );
    const { session, warning } = levelSession(this.#session, cloud, cameras, this.#request.cameraHeightMetres);
    if (warning) {
      this.warn(warning);
    }
    return session;
  }

  async #commit(): Promise<void> {
    this.#learnCamera();
    this.#session = { ...this.#session, updatedAtMillis: Date.now(), warnings: [...this.#warnings] };
    const session = this.#session;
    const { frames, keyframes, tracked, lost, dropped, lastPtsMicros } = session;
    const tracker = this.#tracker.snapshot();
    const { views, kept } = await this.#mapper.take(this.#tracker);
    this.#writer.addViews(views);
    const checkpoint = encodeCheckpoint({
      lastPtsMicros,
      frames,
      keyframes,
      tracked,
      lost,
      lastStepPtsMicros: this.#lastStepPtsMicros,
      lastKeptPtsMicros: this.#lastKeptPtsMicros,
      warnings: this.#warnings,
      views: kept,
      tracker,
      dualMemory: this.#memory.state(),
      map: this.#map.state,
    });
    await this.#map.idle();
    await this.#writer.commit(session, checkpoint, () => {
      this.#acknowledged = { frames, keyframes, lost, lastPtsMicros, ...(dropped !== undefined && { dropped }) };
    });
  }

  async #resume(checkpoint: Checkpoint): Promise<void> {
    const { frames, keyframes, tracked, lost, lastPtsMicros } = checkpoint;
    this.#session = { ...this.#session, frames, keyframes, tracked, lost, lastPtsMicros };
    this.#framesRead = frames;
    this.#lastStepPtsMicros = checkpoint.lastStepPtsMicros;
    this.#lastKeptPtsMicros = checkpoint.lastKeptPtsMicros;
    this.#warnings.splice(0, Infinity, ...checkpoint.warnings);
    this.#memory.restore(checkpoint.dualMemory);
    await this.#map.rebuild(checkpoint);
  }
}

const isLocated = ({ tracking }: { tracking: TrackingState }): boolean =>
  tracking === 'tracked' || tracking === 'recorded';

const openTracker = (
  provider: PoseProvider,
  info: SourceInfo,
  session: Session,
  checkpoint: Checkpoint | undefined,
): Result<Tracker> =>
  checkpoint
    ? provider.resume(checkpoint.tracker)
    : success(
        provider.start({
          intrinsics: session.intrinsics,
          mode: info.hasDepth ? 'rgbd' : 'monocular',
          refineIntrinsics: !session.intrinsicsKnown,
          ...(info.depthIntrinsics && { depthIntrinsics: info.depthIntrinsics }),
        }),
      );

/** What was only predicted would put its depth in the wrong place. */
const poseForMap = (frame: TrackedFrame): TrackedFrame['worldFromCamera'] =>
  isLocated(frame) ? frame.worldFromCamera : undefined;

const toFrameRecord = ({ ptsMicros, index, tracking, inliers, worldFromCamera }: TrackedFrame): FrameRecord => ({
  ptsMicros,
  index,
  tracking,
  inliers,
  ...(worldFromCamera && { worldFromCamera }),
});
