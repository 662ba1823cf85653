import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose, Scale } from '../contract/geometry.ts';
import type { DepthImage } from '../media/frame.ts';

/** What is remembered of a frame that was labelled. */
export interface FrameView {
  /** Absent while the camera was lost. */
  readonly worldFromCamera?: Pose;
  readonly depth?: DepthImage;
}

/** A session as far as lifting labels needs it; frames are asked for one after another. */
export interface LabelledSession {
  readonly id: string;
  readonly environment: string;
  readonly scale: Scale;
  /** Those of the frames that boxes are drawn on. */
  readonly intrinsics: Intrinsics;
  /** Those of depth images where they differ; the depth camera looks along the same axes from the same place. */
  readonly depthIntrinsics?: Intrinsics;
  /** The map, used where a frame has no depth image. */
  readonly points?: PointCloud;
  /** The frame with exactly this time; `undefined` where the session has none. */
  frame(ptsMicros: number): Promise<FrameView | undefined>;
}
