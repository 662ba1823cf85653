import type { PointCloud } from '../contract/binary.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { Pose } from '../contract/geometry.ts';
import type { KeyframeReason } from '../contract/session.ts';
import type { Frame } from '../media/frame.ts';
import type { OpenPoses } from './pose-provider.ts';
import { motionBetween, rigidPose } from './pose.ts';
import type { TrackedFrame, Tracker } from './tracker.ts';
import type { View } from './view.ts';

const keyframeMetres = 0.15;
const keyframeRadians = (15 * Math.PI) / 180;
const keyframeMicros = 2_000_000;

interface LastKeyframe {
  readonly ptsMicros: number;
  readonly worldFromCamera: Pose;
}

/** What is known of a frame's `worldFromCamera`; undefined where nothing is. */
export type PoseOf = (frame: Frame) => Pose | undefined;

/** Takes poses that are known instead of tracking. A frame without a valid one is `lost`. */
export class KnownPoses implements Tracker {
  readonly #poseOf: PoseOf;
  #lastKeyframe: LastKeyframe | undefined;

  constructor(poseOf: PoseOf) {
    this.#poseOf = poseOf;
  }

  /** Takes up where `snapshot` left off; `poseOf` has to be the same. */
  static restore(poseOf: PoseOf, snapshot: Uint8Array): Result<KnownPoses> {
    const tracker = new KnownPoses(poseOf);
    try {
      const state = JSON.parse(new TextDecoder().decode(snapshot)) as { lastKeyframe?: LastKeyframe };
      tracker.#lastKeyframe = state.lastKeyframe;
    } catch {
      return failure(
        lociError(
          'library-damaged',
          'Following the known poses cannot be taken up again: the snapshot is damaged',
          'Ingest the recording again from its beginning.',
        ),
      );
    }
    return success(tracker);
  }

  track(frame: Frame): Promise<TrackedFrame[]> {
    const { ptsMicros, index } = frame;
    const known = this.#poseOf(frame);
    const pose = known && rigidPose(known);
    if (!pose?.ok) {
      return Promise.resolve([{ ptsMicros, index, tracking: 'lost', inliers: 0, keyframe: false, revision: false }]);
    }
    const keyframeReason = this.#keyframeReason(ptsMicros, pose.value);
    if (keyframeReason) {
      this.#lastKeyframe = { ptsMicros, worldFromCamera: pose.value };
    }
    return Promise.resolve([
      {
        ptsMicros,
        index,
        tracking: 'recorded',
        worldFromCamera: pose.value,
        inliers: 0,
        keyframe: keyframeReason !== undefined,
        revision: false,
        ...(keyframeReason && { keyframeReason }),
      },
    ]);
  }

  finish(): TrackedFrame[] {
    return [];
  }

  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify({ lastKeyframe: this.#lastKeyframe }));
  }

  camera(): undefined {
    return undefined;
  }

  /** None: recorded poses are taken at their word. */
  takeViews(): View[] {
    return [];
  }

  landmarks(): PointCloud {
    return { positions: new Float32Array(), colours: new Uint8Array() };
  }

  close(): void {
    // Nothing is held.
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #keyframeReason(ptsMicros: number, pose: Pose): KeyframeReason | undefined {
    if (!this.#lastKeyframe) {
      return 'first';
    }
    const { metres, radians } = motionBetween(this.#lastKeyframe.worldFromCamera, pose);
    if (metres >= keyframeMetres || radians >= keyframeRadians) {
      return 'motion';
    }
    return ptsMicros - this.#lastKeyframe.ptsMicros >= keyframeMicros ? 'time' : undefined;
  }
}

/** The poses that came with the recording itself. */
export const openRecordedPoses: OpenPoses<string> = (_, { path, hasRecordedPoses }) => {
  if (!hasRecordedPoses) {
    const hint = 'Leave out --poses recorded to track the pixels.';
    return Promise.resolve(failure(lociError('pose-invalid', `${path} holds no recorded poses`, hint, { file: path })));
  }
  const poseOf: PoseOf = (frame) => frame.recordedPose;
  return Promise.resolve(
    success({
      isMetric: true,
      hasOwnWorld: true,
      warnings: [],
      start: () => new KnownPoses(poseOf),
      resume: (snapshot) => KnownPoses.restore(poseOf, snapshot),
    }),
  );
};
