import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { KeyframeReason, TrackingState } from '../contract/session.ts';
import type { ByteImage, Frame } from '../media/frame.ts';
import type { View } from './view.ts';

export { Odometry } from './odometry.ts';

/** Where the camera was at one frame, and whether the frame should be kept. */
export interface TrackedFrame {
  readonly ptsMicros: number;
  readonly index: number;
  readonly tracking: TrackingState;
  readonly worldFromCamera?: Pose;
  /** Landmarks that agreed with the pose. */
  readonly inliers: number;
  readonly keyframe: boolean;
  readonly keyframeReason?: KeyframeReason;
  /** True when this betters the record of a frame that was answered before, which it replaces. */
  readonly revision: boolean;
  /** Changes where tracking was lost and started anew, with another scale when there is no depth; absent means 0. */
  readonly subMap?: number;
}

export interface TrackerOptions {
  /** Of the colour images. */
  readonly intrinsics: Intrinsics;
  /** Of the depth images, when they are not those of the colour images; both cameras share centre and axes. */
  readonly depthIntrinsics?: Intrinsics;
  readonly mode: 'rgbd' | 'monocular';
  /** The intrinsics are a guess, and their focal length is to be found; for `monocular` tracking alone. */
  readonly refineIntrinsics?: boolean;
}

/** The colour camera as tracking knows it. */
export interface TrackedCamera {
  readonly intrinsics: Intrinsics;
  /** Standard deviation of the focal length, when it was found and not given. */
  readonly focalSigmaPixels?: number;
}

/** Says where the camera was, frame by frame. */
export interface Tracker extends Disposable {
  /**
   * Locates one frame. Answers its record first, then revisions of earlier frames whose pose is now known better
   * (frames before a monocular start, frames whose keyframe has left the window of bundle adjustment). The frame's
   * buffers must not change until the promise settles. Frames must come in order of time.
   */
  track(frame: Frame): Promise<TrackedFrame[]>;
  /**
   * Says which pixels of a keyframe show something that moves (not 0 in `moving`, which may be smaller than the picture),
   * before the frame after the next one is tracked. What is seen there locates the camera no more from then on.
   */
  exclude?(ptsMicros: number, moving: ByteImage): void;
  /** Revisions of the frames whose pose could still have changed; to be called once, after the last frame. */
  finish(): TrackedFrame[];
  /** The camera as it is known by now; undefined when tracking does not look at pixels. */
  camera(): TrackedCamera | undefined;
  /** Complete state: a restored tracker goes on exactly as this one would. */
  snapshot(): Uint8Array;
  /** Keyframes whose pose tracking will not change any more, each once, in order of time. */
  takeViews(): View[];
  /** Points in the world that the camera was located by; thinned to a bounded number on long recordings. */
  landmarks(): PointCloud;
  close(): void;
}
