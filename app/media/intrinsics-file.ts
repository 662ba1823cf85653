import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import { intrinsicsSchema } from '../contract/geometry.ts';
import type { Intrinsics } from '../contract/geometry.ts';
import { scaleIntrinsics } from './scaling.ts';
import type { ImageSize } from './scaling.ts';

/** A pinhole camera that does not say to which size of image it belongs. */
export interface Pinhole {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

const invalid = (file: string, reason: string): Result<never> =>
  failure(
    lociError(
      'intrinsics-invalid',
      `${file}: ${reason}`,
      'Mend the file, or give the camera as fx,fy,cx,cy with --intrinsics (or --depth-intrinsics).',
      { file },
    ),
  );

const readMatrix = async (file: string, size: ImageSize): Promise<Result<Intrinsics>> => {
  const words = (await readFile(file, 'utf8')).trim().split(/\s+/);
  const [fx, skew, cx, zero, fy, cy] = words.map(Number);
  if (words.length !== 9 || skew !== 0 || zero !== 0) {
    return invalid(file, 'expected the 3×3 matrix "fx 0 cx, 0 fy cy, 0 0 1"');
  }
  const parsed = intrinsicsSchema.safeParse({ fx, fy, cx, cy, ...size });
  return parsed.success ? success(parsed.data) : invalid(file, 'focal lengths have to be positive numbers');
};

/** Open3D writes the matrix column by column, alone or inside camera parameters. */
const open3dIntrinsicsSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  intrinsic_matrix: z.array(z.number()).length(9),
});
const open3dFileSchema = z.union([
  open3dIntrinsicsSchema,
  z.object({ intrinsic: open3dIntrinsicsSchema }).transform((parameters) => parameters.intrinsic),
]);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const readOpen3d = async (file: string, size: ImageSize): Promise<Result<Intrinsics>> => {
  const parsed = open3dFileSchema.safeParse(parseJson(await readFile(file, 'utf8')));
  if (!parsed.success) {
    return invalid(file, 'expected an Open3D camera with width, height and intrinsic_matrix');
  }
  const { width, height, intrinsic_matrix: matrix } = parsed.data;
  const camera = { fx: matrix[0], fy: matrix[4], cx: matrix[6], cy: matrix[7], width, height };
  const checked = intrinsicsSchema.safeParse(camera);
  return checked.success
    ? success(scaleIntrinsics(checked.data, size))
    : invalid(file, 'focal lengths have to be positive numbers');
};

const open3dFileName = /^camera.*\.json$|intrinsics?.*\.json$/i;

/**
 * The camera of a folder's images: the one that was given, else `camera-intrinsics.txt` (3×3 matrix), else an Open3D
 * camera file, else `undefined`. Given cameras are in pixels of the source's own frames, `size`.
 */
export const intrinsicsOf = async (
  folder: string,
  names: readonly string[],
  given: Pinhole | undefined,
  size: ImageSize,
): Promise<Result<Intrinsics | undefined>> => {
  if (given !== undefined) {
    return success({ ...given, ...size });
  }
  if (names.includes('camera-intrinsics.txt')) {
    return readMatrix(join(folder, 'camera-intrinsics.txt'), size);
  }
  const open3d = names.find((name) => open3dFileName.test(name));
  return open3d === undefined ? success(undefined) : readOpen3d(join(folder, open3d), size);
};

/** The depth camera, where it was given or has a file; `undefined` when there is no depth, or the colour camera sees it. */
export const depthIntrinsicsOf = async (
  folder: string,
  names: readonly string[],
  given: Pinhole | undefined,
  size: ImageSize | undefined,
): Promise<Result<Intrinsics | undefined>> => {
  if (size === undefined) {
    return success(undefined);
  }
  if (given !== undefined) {
    return success({ ...given, ...size });
  }
  const name = 'camera-intrinsics-depth.txt';
  return names.includes(name) ? readMatrix(join(folder, name), size) : success(undefined);
};
