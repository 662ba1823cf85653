import type { Distortion, Intrinsics, Lens, Pose } from '../contract/geometry.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { SourceKind } from '../contract/session.ts';

/** Interleaved 8-bit RGB, row by row, `width × height × 3` bytes. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Depth along the camera's z axis, row by row; 0 means none. Metres = value × `metresPerUnit`. */
export interface DepthImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint16Array;
  readonly metresPerUnit: number;
}

/** A byte for each pixel, row by row: a mask, or how sure each pixel is. It may be smaller than the picture it is of. */
export interface ByteImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One picture of a source, named by its presentation time stamp; `index` counts decoded frames of this reading. */
export interface Frame {
  readonly ptsMicros: number;
  readonly index: number;
  readonly image: RgbImage;
  readonly depth?: DepthImage;
  /** Files that hold just these pixels: to keep the frame, copying them is exact and costs nothing. */
  readonly files?: { readonly jpeg?: string; readonly depthPng?: string };
  /** `worldFromCamera` that came with the recording; for evaluation, and for tracking only when asked for. */
  readonly recordedPose?: Pose;
  /** Frames of a live source that were left out before this one, as newer ones had come. */
  readonly dropped?: number;
}

/**
 * Gives the memory of a frame's pixels back at once; they must not be used afterwards. Left to the garbage collector,
 * the megabytes of every frame made it run at every twelfth frame and take a sixth of the main thread's time.
 */
export const releasePixels = ({ image, depth }: Frame): void => {
  for (const { buffer, byteLength } of depth ? [image.data, depth.data] : [image.data]) {
    // A buffer that holds more than these pixels belongs to somebody else as well.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
      buffer.transfer(0);
    }
  }
};

/** What a source is, known before its first frame. Sizes and intrinsics are those of the frames that it will yield. */
export interface SourceInfo {
  readonly kind: SourceKind;
  readonly path: string;
  /** Changes when the recording's files change: built from names, sizes and times of modification. */
  readonly fingerprint: string;
  readonly width: number;
  readonly height: number;
  /** Mean frames a second, as far as known. */
  readonly frameRate: number;
  /** A count when it is known without reading everything. */
  readonly totalFrames?: number;
  readonly durationMicros?: number;
  readonly intrinsics?: Intrinsics;
  /** Of the frames that it yields; absent for a pinhole. */
  readonly distortion?: Distortion;
  /** The camera of the recording itself, when the frames that it yields were rectified. */
  readonly lens?: Lens;
  /** A camera that is likely, as the recording's metadata tell its field of view; used where `intrinsics` are unknown. */
  readonly likelyIntrinsics?: Intrinsics;
  /** Present when depth comes from a camera with other intrinsics, looking along the same axes. */
  readonly depthIntrinsics?: Intrinsics;
  readonly hasDepth: boolean;
  readonly hasRecordedPoses: boolean;
}

/** What reading a source yields. After `end` nothing follows; `error` says that the rest could not be read. */
export type SourceEvent =
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'warning'; readonly warning: LociError }
  | { readonly type: 'end'; readonly error?: LociError };

/** A recording that can be read in order, from a time on, or at one time. Adding a kind of source is adding one of these. */
export interface FrameSource extends AsyncDisposable {
  readonly info: SourceInfo;
  /**
   * Frames in order of time, at most a few ahead of the reader. `fromPtsMicros` skips all earlier ones, exactly.
   * Never throws for bad input; that comes as an event.
   */
  frames(options?: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal }): AsyncIterable<SourceEvent>;
  /** The frame with exactly this time stamp. */
  frameAt(ptsMicros: number): Promise<Result<Frame>>;
  close(): Promise<void>;
}
