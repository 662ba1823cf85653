import { failure, lociError, success, type Result } from '../../contract/errors.ts';
import type { Intrinsics, Vector3 } from '../../contract/geometry.ts';
import type { Keyframe } from '../../contract/session.ts';
import { project, resizeIntrinsics } from '../../geometry/camera.ts';
import { invertPose, transformPoint } from '../../geometry/pose.ts';
import { decodeDepthPng, decodeJpeg } from '../../media/encode.ts';
import type { DepthImage } from '../../media/frame.ts';
import type { MeasuredSession, ScaleSource } from './scale-source.ts';

/** As many keyframes, spread over the session, decide as well as all. */
const enoughKeyframes = 24;
const leastRatios = 50;
/** Points that are hidden behind others must not be compared with the depth of those: one point for each cell. */
const cellsAcross = 80;

/** Depth images that were kept with some keyframes of a session that was tracked without. */
export const recordedDepth: ScaleSource<'recorded-depth'> = {
  measure: (_request, measured) =>
    byDepth(measured, 'depth that was recorded', async ({ ptsMicros, hasDepth }) => {
      const { library, session } = measured;
      const stored = hasDepth ? await library.keyframeDepth(session.id, ptsMicros) : undefined;
      return (
        stored && {
          depth: await decodeDepthPng(stored.png, stored.metresPerUnit),
          intrinsics: session.depthIntrinsics ?? session.intrinsics,
        }
      );
    }),
};

/** Depth that a model estimates of keyframes. */
export const modelledDepth: ScaleSource<'depth-model'> = {
  measure: async (_request, measured) => {
    const { library, session, depthEstimator } = measured;
    if (!depthEstimator) {
      return failure(
        lociError(
          'scale-unknown',
          'No model that estimates depth is installed',
          'Give a known length or the camera’s height instead.',
        ),
      );
    }
    return byDepth(measured, `depth by ${depthEstimator.name}`, async ({ ptsMicros }) => {
      const picture = await library.picture(session.id, ptsMicros);
      return (
        picture && {
          depth: await depthEstimator.estimate(await decodeJpeg(picture), session.intrinsics),
          intrinsics: session.intrinsics,
        }
      );
    });
  },
};

interface SeenDepth {
  readonly depth: DepthImage;
  /** Of the camera, for any size of its pictures. */
  readonly intrinsics: Intrinsics;
}

/** The median of measured depth over depth in the map, at all foremost points of the map that keyframes with depth show. */
const byDepth = async (
  { library, session, cloud }: MeasuredSession,
  what: string,
  depthOf: (keyframe: Keyframe) => Promise<SeenDepth | undefined>,
): Promise<Result<{ metresPerUnit: number; summary: string }>> => {
  const located = (await library.keyframes(session.id)).filter(({ worldFromCamera }) => worldFromCamera);
  const usable = located.some(({ hasDepth }) => hasDepth) ? located.filter(({ hasDepth }) => hasDepth) : located;
  const stride = Math.max(1, Math.floor(usable.length / enoughKeyframes));
  const ratios: number[] = [];
  for (const keyframe of usable.filter((_, i) => i % stride === 0)) {
    const seen = await depthOf(keyframe);
    if (seen && keyframe.worldFromCamera) {
      ratios.push(...ratiosIn(seen, cloud.positions, invertPose(keyframe.worldFromCamera)));
    }
  }
  if (ratios.length < leastRatios) {
    return failure(
      lociError(
        'scale-unknown',
        `${session.id} has too little depth where its map has points: ${ratios.length} places`,
        'Give a known length or the camera’s height instead.',
      ),
    );
  }
  ratios.sort((a, b) => a - b);
  return success({ metresPerUnit: ratios[ratios.length >> 1] ?? 1, summary: `${what} at ${ratios.length} places` });
};

const ratiosIn = (
  { depth, intrinsics: camera }: SeenDepth,
  positions: Float32Array,
  cameraFromWorld: readonly number[],
): number[] => {
  const intrinsics = resizeIntrinsics(camera, depth.width, depth.height);
  const cell = depth.width / cellsAcross;
  const foremost = new Map<number, { readonly z: number; readonly pixel: number }>();
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point: Vector3 = [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
    const inCamera = transformPoint(cameraFromWorld, point);
    const [u, v] = project(intrinsics, inCamera) ?? [-1, -1];
    const [x, y] = [Math.round(u), Math.round(v)];
    if (x < 0 || y < 0 || x >= depth.width || y >= depth.height) {
      continue;
    }
    const key = Math.floor(v / cell) * cellsAcross + Math.floor(u / cell);
    if (inCamera[2] < (foremost.get(key)?.z ?? Infinity)) {
      foremost.set(key, { z: inCamera[2], pixel: y * depth.width + x });
    }
  }
  return [...foremost.values()].flatMap(({ z, pixel }) => {
    const value = depth.data[pixel] ?? 0;
    return value === 0 || value === 65_535 ? [] : [(value * depth.metresPerUnit) / z];
  });
};
