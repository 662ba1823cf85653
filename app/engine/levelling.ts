import type { PointCloud } from '../contract/binary.ts';
import type { LevelRequest, Revision } from '../contract/edit.ts';
import { failure, lociError, success, type LociError, type Result } from '../contract/errors.ts';
import type { Vector3 } from '../contract/geometry.ts';
import { worldOf, type Session } from '../contract/session.ts';
import { fitFloor, fitFloorThrough } from '../geometry/floor.ts';
import { levelled } from '../geometry/similarity.ts';
import { surfaceNormals } from '../geometry/surface-normals.ts';
import { refineVertical } from '../geometry/vertical.ts';
import type { Library } from '../memory/library.ts';
import { camerasOf, openToEdits, revise } from './revising.ts';

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
      worldFromTracked: levelled(verticalNear(floor.normal, cloud), metresPerUnit),
    },
  };
};

/** Turns the world of a session so that its floor is level, as one revision that takes objects and relations along. */
export const levelWorld = async (
  library: Library,
  sessionId: string,
  request: LevelRequest,
): Promise<Result<Revision>> => {
  const opened = await openToEdits(library, sessionId);
  if (!opened.ok) {
    return opened;
  }
  const { session, cloud } = opened.value;
  const up =
    request.kind === 'auto'
      ? verticalOf(session, cloud, await camerasOf(library, sessionId))
      : verticalAt(session, cloud, request);
  if (!up.ok) {
    return up;
  }
  const tiltDegrees = (Math.acos(Math.min(1, up.value[2])) * 180) / Math.PI;
  const step = { kind: 'level', world: worldOf(session), change: levelled(up.value, 1) } as const;
  const how = request.kind === 'auto' ? 'by its floor and walls' : 'by a place on its floor';
  return success(
    await revise(
      library,
      session.environment,
      () => step,
      `${session.name} levelled ${how}, by ${tiltDegrees.toFixed(1)}°`,
    ),
  );
};

const verticalOf = (session: Session, cloud: PointCloud, cameras: readonly Vector3[]): Result<Vector3> => {
  const floor = fitFloor(cloud.positions, cameras);
  const up = floor ? verticalNear(floor.normal, cloud) : refineVertical([0, 0, 1], surfaceNormals(cloud));
  return up
    ? success(up)
    : failure(
        lociError(
          'floor-not-found',
          `The map of ${session.id} shows no floor, and too little else that is level`,
          'Name a place on the floor: loci level --floor x,y,z, or click it in the 3D view.',
        ),
      );
};

/** A floor of which little is seen is a degree or two off; what else is level or upright corrects it. */
const verticalNear = (up: Vector3, cloud: PointCloud): Vector3 => refineVertical(up, surfaceNormals(cloud)) ?? up;

const verticalAt = (
  session: Session,
  cloud: PointCloud,
  { point, normal }: Extract<LevelRequest, { kind: 'floor' }>,
): Result<Vector3> => {
  if (normal) {
    const length = Math.hypot(...normal);
    const up: Vector3 = [normal[0] / length, normal[1] / length, normal[2] / length];
    return length > 1e-9 && up[2] > -0.99
      ? success(up)
      : failure(
          lociError(
            'edit-invalid',
            `The normal ${normal.join(', ')} of the floor ${length > 1e-9 ? 'points down' : 'has no direction'}`,
            'Give a vector that points up from the floor.',
          ),
        );
  }
  const fitted = fitFloorThrough(cloud.positions, point);
  return fitted
    ? success(verticalNear(fitted, cloud))
    : failure(
        lociError(
          'floor-not-found',
          `The map of ${session.id} has no plane at ${point.map((value) => value.toFixed(2)).join(', ')} that could be its floor`,
          'Choose a place on the floor where the map has many points.',
        ),
      );
};
