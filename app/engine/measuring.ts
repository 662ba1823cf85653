import type { Revision, ScaleKind, ScaleRequest } from '../contract/edit.ts';
import { success, type Result } from '../contract/errors.ts';
import { worldOf } from '../contract/session.ts';
import { identityPose } from '../geometry/pose.ts';
import type { Library } from '../memory/library.ts';
import { openToEdits, revise } from './revising.ts';
import { cameraHeight } from './scale-sources/camera-height.ts';
import { modelledDepth, recordedDepth } from './scale-sources/depth.ts';
import { knownLength } from './scale-sources/known-length.ts';
import type { DepthEstimator, ScaleSource } from './scale-sources/scale-source.ts';

/** Every way to make a session metric. */
const scaleSources: { readonly [K in ScaleKind]: ScaleSource<K> } = {
  'known-length': knownLength,
  'camera-height': cameraHeight,
  'recorded-depth': recordedDepth,
  'depth-model': modelledDepth,
};

const sourceOf = (kind: ScaleKind): ScaleSource<ScaleKind> => scaleSources[kind] as ScaleSource<ScaleKind>;

/**
 * Makes a session metric, or corrects its scale: the whole world that it belongs to, with objects and relations, as one
 * revision.
 */
export const scaleWorld = async (
  library: Library,
  sessionId: string,
  request: ScaleRequest,
  depthEstimator?: DepthEstimator,
): Promise<Result<Revision>> => {
  const opened = await openToEdits(library, sessionId);
  if (!opened.ok) {
    return opened;
  }
  const { session } = opened.value;
  const measured = await sourceOf(request.kind).measure(request, {
    library,
    ...opened.value,
    ...(depthEstimator && { depthEstimator }),
  });
  if (!measured.ok) {
    return measured;
  }
  const { metresPerUnit, summary } = measured.value;
  const change = { metresPerUnit, pose: identityPose };
  return success(
    await revise(
      library,
      session.environment,
      () => ({ kind: 'scale', world: worldOf(session), change }),
      `${session.name} measured by ${summary}, ${metresPerUnit.toPrecision(3)} times as large`,
    ),
  );
};
