import type { PointCloud } from '../contract/binary.ts';
import { lociError, type LociError } from '../contract/errors.ts';
import type { Vector3 } from '../contract/geometry.ts';
import type { Session } from '../contract/session.ts';
import { fitFloor } from '../geometry/floor.ts';
import { levelled } from '../geometry/similarity.ts';

/** What the floor says of a session: the same session with its world frame, and a warning when the floor was needed in vain. */
export interface Levelling {
  readonly session: Session;
  readonly warning?: LociError;
}

/**
 * Turns a tracked session so that its floor is level and, with a known height of the camera above it, makes it metric.
 * All positions are in the tracked frame. Without a floor the session stays as it was tracked.
 */
export const levelSession = (
  session: Session,
  cloud: PointCloud,
  cameras: readonly Vector3[],
  cameraHeightMetres: number | undefined,
): Levelling => {
  const floor = fitFloor(cloud.positions, cameras);
  const needsScale = session.scale === 'arbitrary' && cameraHeightMetres !== undefined;
  if (!floor) {
    const warning = lociError(
      'scale-unknown',
      `No floor was found in ${session.sourcePath}, so the camera's height gives no scale`,
      'Film some of the floor, or record depth, for answers in metres.',
      { file: session.sourcePath },
    );
    return needsScale ? { session, warning } : { session };
  }
  const metresPerUnit = needsScale ? cameraHeightMetres / floor.cameraHeight : 1;
  return {
    session: {
      ...session,
      scale: needsScale ? 'metric' : session.scale,
      worldFromTracked: levelled(floor, metresPerUnit),
    },
  };
};
