import type { PointCloud } from '../../contract/binary.ts';
import type { ScaleKind, ScaleRequest } from '../../contract/edit.ts';
import type { Result } from '../../contract/errors.ts';
import type { Intrinsics } from '../../contract/geometry.ts';
import type { Session } from '../../contract/session.ts';
import type { DepthImage, RgbImage } from '../../media/frame.ts';
import type { Library } from '../../memory/library.ts';

/** A session to measure, with its map in world coordinates. */
export interface MeasuredSession {
  readonly library: Library;
  readonly session: Session;
  readonly cloud: PointCloud;
  /** A model pack that estimates depth, where one is installed. */
  readonly depthEstimator?: DepthEstimator;
}

/** Estimates metric depth of single pictures. */
export interface DepthEstimator {
  readonly name: string;
  estimate(image: RgbImage, intrinsics: Intrinsics): Promise<DepthImage>;
}

/** How many metres one unit of the world is, and how that is known, in words. */
export interface Measurement {
  readonly metresPerUnit: number;
  readonly summary: string;
}

/** One way to make a session metric. A new way is a file with one of these, its request in the contract, and an entry in `measuring.ts`. */
export interface ScaleSource<K extends ScaleKind> {
  measure(request: Extract<ScaleRequest, { kind: K }>, measured: MeasuredSession): Promise<Result<Measurement>>;
}
