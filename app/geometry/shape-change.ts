import { compose, invertPose, motionBetween } from './pose.ts';
import type { Correction } from './session-map.ts';

/** By how much neighbouring views may grow against each other. */
const maxScaleShare = 0.02;

/** How far a view may carry what its neighbour sees at the scene's depth, as a share of that depth. */
const maxMotionShare = 0.03;

/**
 * Whether corrections bend what neighbouring views see together, so that depth which was found between them before is
 * wrong, and not only in another place. `corrections` are in order of time, `sceneDepth` is in the unit of their poses.
 */
export const changesShape = (corrections: readonly Correction[], sceneDepth: number): boolean =>
  corrections.some((after, i) => {
    const before = corrections[i - 1];
    if (!before) {
      return false;
    }
    const { metres, radians } = motionBetween(
      scaled(compose(invertPose(before.from), after.from), before.scale),
      compose(invertPose(before.to), after.to),
    );
    const grown = Math.abs(Math.log(after.scale / before.scale));
    return grown > maxScaleShare || metres / before.scale + sceneDepth * radians > maxMotionShare * sceneDepth;
  });

/** With its translation grown. */
const scaled = (pose: readonly number[], scale: number): readonly number[] =>
  pose.map((value, i) => (i < 12 && i % 4 === 3 ? value * scale : value));
