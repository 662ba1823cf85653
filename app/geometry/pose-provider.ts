import type { LociError, Result } from '../contract/errors.ts';
import type { SourceInfo } from '../media/frame.ts';
import type { Tracker, TrackerOptions } from './tracker.ts';

/** Where the poses of a recording's frames come from. */
export interface PoseProvider {
  /** Whether the poses are in metres even where no depth makes them so. */
  readonly isMetric: boolean;
  /** Whether the poses are in a world of their own, with its own up, which is not ours to turn. */
  readonly hasOwnWorld: boolean;
  /** Changes when the files do that poses are read from beside the recording; absent when there are none. */
  readonly fingerprint?: string;
  /** What was found wrong with those files, though they can be used. */
  readonly warnings: readonly LociError[];
  /** Begins at the first frame. */
  start(options: TrackerOptions): Tracker;
  /** Goes on where a tracker's snapshot left off. Fails with `library-damaged` when the bytes are none. */
  resume(snapshot: Uint8Array): Result<Tracker>;
}

/** Opens one kind of provider for a recording. */
export type OpenPoses<P> = (poses: P, recording: SourceInfo) => Promise<Result<PoseProvider>>;
