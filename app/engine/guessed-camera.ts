import { lociError, type LociError } from '../contract/errors.ts';
import type { Session } from '../contract/session.ts';
import type { SourceInfo } from '../media/frame.ts';

/** Says what is known of a camera that nobody described, and how surely. */
export const guessedIntrinsics = (session: Session, { likelyIntrinsics }: SourceInfo): LociError => {
  const { sourcePath, intrinsics, focalSigmaPixels, width, height } = session;
  const acrossRadians = 2 * Math.atan(Math.max(width, height) / 2 / intrinsics.fx);
  const focal = `${intrinsics.fx.toFixed(0)} pixels`;
  const field = `${((acrossRadians * 180) / Math.PI).toFixed(0)}°`;
  const told = likelyIntrinsics ? `tells its camera's focal length only roughly` : 'says nothing of its camera';
  return lociError(
    'intrinsics-missing',
    focalSigmaPixels === undefined
      ? `${sourcePath} ${told}; ${focal}, a field of view of ${field}, are assumed`
      : `${sourcePath} ${told}; its pictures tell ${focal} ± ${focalSigmaPixels.toFixed(0)}, a field of view of ${field}`,
    'Pass --intrinsics fx,fy,cx,cy for true proportions.',
    { file: sourcePath },
  );
};
