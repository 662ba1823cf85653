import type { Pose, Vector3 } from '../contract/geometry.ts';
import { align, applyAlignment } from './alignment.ts';
import { cameraPosition } from './pose.ts';

/** A pose at a time; frames without one are left out of an evaluation. */
export interface TimedPose {
  readonly ptsMicros: number;
  readonly worldFromCamera?: Pose | undefined;
}

/** How far a trajectory is from the truth after it was laid over it. */
export interface TrajectoryError {
  /** Root mean square distance of the camera positions, in the unit of the truth. */
  readonly rmse: number;
  readonly max: number;
  /** Poses that both trajectories have. */
  readonly pairs: number;
  /** By which the estimate was scaled: 1 unless asked for. */
  readonly scale: number;
}

/**
 * Absolute trajectory error (Sturm 2012, section IV): positions with the same PTS, after the best rigid motion, or with
 * `withScale` the best similarity. `undefined` when fewer than three poses are shared.
 */
export const trajectoryError = (
  estimate: readonly TimedPose[],
  truth: readonly TimedPose[],
  withScale = false,
): TrajectoryError | undefined => {
  const truthByPts = new Map(truth.map(({ ptsMicros, worldFromCamera }) => [ptsMicros, worldFromCamera]));
  const source: Vector3[] = [];
  const target: Vector3[] = [];
  for (const { ptsMicros, worldFromCamera } of estimate) {
    const wanted = truthByPts.get(ptsMicros);
    if (worldFromCamera && wanted) {
      source.push(cameraPosition(worldFromCamera));
      target.push(cameraPosition(wanted));
    }
  }
  if (source.length < 3) {
    return undefined;
  }
  const alignment = align(source, target, withScale);
  const squares = source.map((point, i) => {
    const moved = applyAlignment(alignment, point);
    const goal = target[i] ?? moved;
    return (moved[0] - goal[0]) ** 2 + (moved[1] - goal[1]) ** 2 + (moved[2] - goal[2]) ** 2;
  });
  return {
    rmse: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length),
    max: Math.sqrt(Math.max(...squares)),
    pairs: source.length,
    scale: alignment.scale,
  };
};
