import type { PointCloud } from '../contract/binary.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { Pose } from '../contract/geometry.ts';
import type { KeyframeReason } from '../contract/session.ts';
import type { Frame } from '../media/frame.ts';
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

/** Takes the poses that came with the recording instead of tracking. A frame without a valid one is `lost`. */
export class RecordedPoses implements Tracker {
  #lastKeyframe: LastKeyframe | undefined;

  /** Takes up where `snapshot` left off. */
  static restore(snapshot: Uint8Array): Result<RecordedPoses> {
    const tracker = new RecordedPoses();
    try {
      const state = JSON.parse(new TextDecoder().decode(snapshot)) as { lastKeyframe?: LastKeyframe };
      tracker.#lastKeyframe = state.lastKeyframe;
    } catch {
      return failure(
        lociError(
          'library-damaged',
          'Following the recorded poses cannot be taken up again: the snapshot is damaged',
          'Ingest the recording again from its beginning.',
        ),
      );
    }
    return success(tracker);
  }

  track(frame: Frame): Promise<TrackedFrame[]> {
    const { ptsMicros, index } = frame;
    const pose = frame.recordedPose && rigidPose(frame.recordedPose);
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
