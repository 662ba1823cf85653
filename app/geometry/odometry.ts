import type { PointCloud } from '../contract/binary.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { KeyframeReason, TrackingState } from '../contract/session.ts';
import type { ByteImage, Frame } from '../media/frame.ts';
import { addon, type NativeOdometry } from './addon.ts';
import { resizeIntrinsics } from './camera.ts';
import type { OpenPoses } from './pose-provider.ts';
import type { TrackedCamera, TrackedFrame, Tracker, TrackerOptions } from './tracker.ts';
import type { View } from './view.ts';
import { levelPose, uprightFromDepth } from './upright.ts';

const trackingStates: readonly TrackingState[] = ['tracked', 'initialising', 'lost', 'predicted'];
const keyframeReasons: readonly KeyframeReason[] = ['first', 'motion', 'overlap', 'time'];

/** Numbers of one record as `native/src/addon.cc` writes it. */
const recordLength = 24;

const readRecord = (row: Float64Array): TrackedFrame => {
  const [ptsMicros = 0, index = 0, tracking = 0, inliers = 0, reason = -1, revision = 0, posed = 0] = row;
  const keyframeReason = keyframeReasons[reason];
  return {
    ptsMicros,
    index,
    tracking: trackingStates[tracking] ?? 'lost',
    inliers,
    keyframe: keyframeReason !== undefined,
    revision: revision !== 0,
    subMap: row[recordLength - 1] ?? 0,
    ...(posed !== 0 && { worldFromCamera: [...row.subarray(7, 23)] }),
    ...(keyframeReason && { keyframeReason }),
  };
};

const readRecords = (rows: Float64Array): TrackedFrame[] =>
  Array.from({ length: rows.length / recordLength }, (_, i) =>
    readRecord(rows.subarray(i * recordLength, (i + 1) * recordLength)),
  );

/**
 * Visual odometry from pixels, with depth (`rgbd`, metric) or without (`monocular`, arbitrary scale). The world's
 * origin is the first camera, z is up: as depth shows it at the first frame, else as if the camera was held level.
 */
export class Odometry implements Tracker {
  #native: NativeOdometry | undefined;
  readonly #options: TrackerOptions | undefined;
  #started: boolean;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(native: NativeOdometry, options: TrackerOptions | undefined) {
    this.#native = native;
    this.#options = options;
    this.#started = options === undefined;
  }

  static create(options: TrackerOptions): Odometry {
    const { intrinsics, depthIntrinsics, mode, refineIntrinsics = false } = options;
    const { Odometry: Native } = addon();
    const monocular = mode === 'monocular';
    return new Odometry(new Native({ intrinsics, depthIntrinsics, monocular, refineIntrinsics }), options);
  }

  /** Takes up where `snapshot` left off. Fails with `library-damaged` when the bytes are no snapshot of this version. */
  static restore(snapshot: Uint8Array): Result<Odometry> {
    const { Odometry: Native } = addon();
    try {
      return success(new Odometry(new Native(snapshot), undefined));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return failure(
        lociError(
          'library-damaged',
          `Tracking cannot be taken up again: ${reason}`,
          'Ingest the recording again from its beginning.',
        ),
      );
    }
  }

  /** Runs on a worker thread; a call made before the last one has answered waits for it. */
  track(frame: Frame): Promise<TrackedFrame[]> {
    const tracked = this.#queue.then(async () => {
      this.#orient(frame);
      return readRecords(await this.#open.track(frame.ptsMicros, frame.index, frame.image, frame.depth));
    });
    this.#queue = tracked.catch(() => undefined);
    return tracked;
  }

  exclude(ptsMicros: number, moving: ByteImage): void {
    this.#open.exclude(ptsMicros, moving);
  }

  finish(): TrackedFrame[] {
    return readRecords(this.#open.finish());
  }

  camera(): TrackedCamera {
    const { intrinsics, focalSigmaPixels } = this.#open.intrinsics();
    return { intrinsics, ...(focalSigmaPixels > 0 && { focalSigmaPixels }) };
  }

  snapshot(): Uint8Array {
    return this.#open.snapshot();
  }

  takeViews(): View[] {
    return this.#open.takeViews();
  }

  landmarks(): PointCloud {
    return this.#open.points();
  }

  close(): void {
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #open(): NativeOdometry {
    if (this.#native === undefined) {
      throw new Error('This odometry is closed');
    }
    return this.#native;
  }

  /** Stands the world upright at the first frame. */
  #orient(frame: Frame): void {
    if (this.#started || this.#options === undefined) {
      return;
    }
    const { intrinsics, depthIntrinsics, mode } = this.#options;
    const depth = mode === 'rgbd' ? frame.depth : undefined;
    const camera = depth && (depthIntrinsics ?? resizeIntrinsics(intrinsics, depth.width, depth.height));
    this.#open.setInitialPose(depth && camera ? uprightFromDepth(depth, camera) : levelPose);
    this.#started = true;
  }
}

/** Poses from the pixels, in a world that has its origin at the first camera. */
export const openOdometry: OpenPoses<string> = () =>
  Promise.resolve(
    success({
      isMetric: false,
      hasOwnWorld: false,
      warnings: [],
      start: (options) => Odometry.create(options),
      resume: (snapshot) => Odometry.restore(snapshot),
    }),
  );
