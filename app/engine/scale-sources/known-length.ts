import type { Place } from '../../contract/edit.ts';
import { failure, lociError, success, type Result } from '../../contract/errors.ts';
import type { Vector3 } from '../../contract/geometry.ts';
import { worldOf } from '../../contract/session.ts';
import { nearestPoint, pointSeenAt } from '../../geometry/point-lookup.ts';
import type { MeasuredSession, ScaleSource } from './scale-source.ts';

/** A place may be this far from the next point of the map, as a share of the length that is measured. */
const reachShare = 0.1;

const isApart = (a: Vector3, b: Vector3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const shown = (point: Vector3): string => point.map((value) => Number(value.toFixed(3))).join(', ');

/** A length drawn by a person between two places of the map: points, middles of objects, or pixels of keyframes. */
export const knownLength: ScaleSource<'known-length'> = {
  measure: async ({ lengthMetres, from, to }, measured) => {
    if (!(lengthMetres > 0) || !Number.isFinite(lengthMetres)) {
      const message = `A known length must be above 0, not ${lengthMetres}`;
      return failure(lociError('edit-invalid', message, 'Give it in metres, such as 0.9.'));
    }
    const [start, end] = [await locate(from, measured), await locate(to, measured)];
    if (!start.ok) {
      return start;
    }
    if (!end.ok) {
      return end;
    }
    const units = isApart(start.value, end.value);
    if (!(units > 1e-9)) {
      const message = `Both ends of the known length are at ${shown(start.value)}`;
      return failure(lociError('edit-invalid', message, 'Choose two places that are apart.'));
    }
    const strays = [
      { place: from, at: start.value },
      { place: to, at: end.value },
    ].flatMap(({ place, at }) => ('point' in place ? strayFrom(at, units, measured) : []));
    return strays[0]
      ? failure(strays[0])
      : success({ metresPerUnit: lengthMetres / units, summary: `a length of ${lengthMetres} m` });
  },
};

const strayFrom = (at: Vector3, units: number, { session, cloud }: MeasuredSession) => {
  const nearest = nearestPoint(cloud.positions, at);
  const away = nearest ? isApart(nearest, at) : Infinity;
  return away <= reachShare * units
    ? []
    : [
        lociError(
          'edit-invalid',
          `${shown(at)} is not on the map of ${session.id}${nearest ? `: its nearest point is ${away.toFixed(2)} away` : ', which has no points'}`,
          'Choose places that the map shows, or objects.',
        ),
      ];
};

const locate = async (place: Place, measured: MeasuredSession): Promise<Result<Vector3>> => {
  const { library, session, cloud } = measured;
  if ('point' in place) {
    return success(place.point);
  }
  if ('objectId' in place) {
    const [objects, sessions] = [
      await library.objects(session.environment),
      await library.sessions(session.environment),
    ];
    const object = objects.find(({ id }) => id === place.objectId);
    if (!object) {
      const known = objects.slice(0, 8).map(({ id }) => id);
      const hint = known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none yet; name two points instead.';
      return failure(lociError('edit-invalid', `${session.environment} has no object "${place.objectId}"`, hint));
    }
    const seen = sessions.find(({ id }) => id === object.lastSeen?.sessionId);
    return seen && worldOf(seen) === worldOf(session)
      ? success(object.center)
      : failure(
          lociError(
            'edit-invalid',
            `The object "${object.id}" was not seen in the world of ${session.id}`,
            'Choose an object that this recording shows.',
          ),
        );
  }
  const { keyframe: ptsMicros, pixel } = place;
  const pose = (await library.frame(session.id, ptsMicros))?.worldFromCamera;
  if (!pose) {
    const message = `${session.id} has no frame with a pose at ${ptsMicros} µs`;
    return failure(lociError('edit-invalid', message, 'Choose a keyframe; see `loci keyframes`.'));
  }
  const point = pointSeenAt(cloud.positions, session.intrinsics, pose, pixel);
  return point
    ? success(point)
    : failure(
        lociError(
          'edit-invalid',
          `The map has no point at pixel ${pixel.join(', ')} of the frame at ${ptsMicros} µs`,
          'Choose a pixel on a surface that the map shows.',
        ),
      );
};
