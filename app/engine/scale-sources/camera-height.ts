import { failure, lociError, success } from '../../contract/errors.ts';
import { fitFloor } from '../../geometry/floor.ts';
import { camerasOf } from '../revising.ts';
import type { ScaleSource } from './scale-source.ts';

/** The usual height of the camera above the floor, against its height above the floor of the map. */
export const cameraHeight: ScaleSource<'camera-height'> = {
  measure: async ({ heightMetres }, { library, session, cloud }) => {
    if (!(heightMetres > 0) || !Number.isFinite(heightMetres)) {
      const message = `The camera's height must be above 0, not ${heightMetres}`;
      return failure(lociError('edit-invalid', message, 'Give it in metres, such as 1.5.'));
    }
    const floor = fitFloor(cloud.positions, await camerasOf(library, session.id));
    return floor
      ? success({
          metresPerUnit: heightMetres / floor.cameraHeight,
          summary: `a camera ${heightMetres} m above the floor`,
        })
      : failure(
          lociError(
            'floor-not-found',
            `The map of ${session.id} shows no floor, so the camera's height gives no scale`,
            'Give a known length instead: loci scale --length 0.9 --from x,y,z --to x,y,z.',
          ),
        );
  },
};
