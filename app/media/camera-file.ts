import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import { distortionSchema, intrinsicsSchema } from '../contract/geometry.ts';
import type { Distortion, Intrinsics } from '../contract/geometry.ts';
import { cameraOfYaml } from './camera-yaml.ts';
import { scaleIntrinsics } from './scaling.ts';
import type { ImageSize } from './scaling.ts';

/** A pinhole camera that does not say to which size of image it belongs. */
export interface Pinhole {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

/** What is known of the camera that took images; nothing of it has to be. */
export interface Camera {
  readonly intrinsics?: Intrinsics;
  readonly distortion?: Distortion;
  /** The file that says so; part of what the recording is. */
  readonly file?: string;
}

/** What a person said of the camera. */
export interface GivenCamera {
  readonly intrinsics?: Pinhole | undefined;
  readonly distortion?: Distortion | undefined;
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

const focalLengths = 'focal lengths have to be positive numbers';

const readMatrix = async (file: string, size: ImageSize): Promise<Result<Camera>> => {
  const words = (await readFile(file, 'utf8')).trim().split(/\s+/);
  const [fx, skew, cx, zero, fy, cy] = words.map(Number);
  if (words.length !== 9 || skew !== 0 || zero !== 0) {
    return invalid(file, 'expected the 3×3 matrix "fx 0 cx, 0 fy cy, 0 0 1"');
  }
  const parsed = intrinsicsSchema.safeParse({ fx, fy, cx, cy, ...size });
  return parsed.success ? success({ intrinsics: parsed.data }) : invalid(file, focalLengths);
};

/** Loci's own camera file; without a size it belongs to images of the recording's. */
const ownFileSchema = intrinsicsSchema
  .partial({ width: true, height: true })
  .extend({ distortion: distortionSchema.optional() });

/** Open3D writes the matrix column by column, alone or inside camera parameters. */
const open3dIntrinsicsSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  intrinsic_matrix: z.array(z.number()).length(9),
});
const open3dFileSchema = z
  .union([
    open3dIntrinsicsSchema,
    z.object({ intrinsic: open3dIntrinsicsSchema }).transform((parameters) => parameters.intrinsic),
  ])
  .transform(({ width, height, intrinsic_matrix: m }) => ({ fx: m[0], fy: m[4], cx: m[6], cy: m[7], width, height }));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Reads a camera that tells its image's size, or belongs to images of the recording's `size`. */
const checked = (file: string, camera: unknown, size: ImageSize, expected: string): Result<Camera> => {
  const parsed = ownFileSchema.safeParse(camera);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return /^f[xy]$/.test(where) ? invalid(file, focalLengths) : invalid(file, `${expected}${where && ` (${where})`}`);
  }
  const { distortion, width = size.width, height = size.height, ...pinhole } = parsed.data;
  return success({
    intrinsics: scaleIntrinsics({ ...pinhole, width, height }, size),
    ...(distortion && { distortion }),
  });
};

const readJson = async (file: string, size: ImageSize): Promise<Result<Camera>> => {
  const read = parseJson(await readFile(file, 'utf8'));
  const open3d = open3dFileSchema.safeParse(read);
  const expected = 'expected fx, fy, cx and cy in pixels, or an Open3D camera with width, height and intrinsic_matrix';
  return checked(file, open3d.success ? open3d.data : read, size, expected);
};

const readYaml = async (file: string, size: ImageSize): Promise<Result<Camera>> => {
  const camera = cameraOfYaml(await readFile(file, 'utf8'));
  return typeof camera === 'string' ? invalid(file, camera) : checked(file, camera, size, 'expected a camera_matrix');
};

const readCameraFile = (file: string, size: ImageSize): Promise<Result<Camera>> => {
  switch (extname(file).toLowerCase()) {
    case '.json':
      return readJson(file, size);
    case '.txt':
      return readMatrix(file, size);
    default:
      return readYaml(file, size);
  }
};

/** Camera files in a folder, the most particular first. */
const namesInFolder = [
  /^camera\.(json|ya?ml)$/i,
  /^camera-intrinsics\.txt$/i,
  /^camera.*\.json$|intrinsics?.*\.json$/i,
  /^(ost|camera.*|calibration.*)\.ya?ml$/i,
];

/** The camera file of a recording: in its folder, or beside it and called after it (`walk.camera.json` for `walk.mp4`). */
const findCameraFile = async (path: string, names: readonly string[]): Promise<string | undefined> => {
  const inside = namesInFolder.map((pattern) => names.find((name) => pattern.test(name))).find(Boolean);
  if (inside !== undefined) {
    return join(path, inside);
  }
  const stems = [basename(path), basename(path, extname(path))];
  const wanted = stems.flatMap((stem) => ['json', 'yaml', 'yml'].map((extension) => `${stem}.camera.${extension}`));
  const beside = await readdir(dirname(path)).catch((): string[] => []);
  const found = wanted.find((name) => beside.includes(name));
  return found === undefined ? undefined : join(dirname(path), found);
};

/**
 * The camera of a recording's images: the one that was given, else that of its camera file, else what the recording
 * itself says (`own`). Given intrinsics are in pixels of the source's own frames, `size`, and stand for the whole camera;
 * a distortion given alone completes what is found.
 */
export const cameraOf = async (
  path: string,
  names: readonly string[],
  given: GivenCamera,
  size: ImageSize,
  own: Camera = {},
): Promise<Result<Camera>> => {
  const distortion = given.distortion && { distortion: given.distortion };
  if (given.intrinsics) {
    return success({ intrinsics: { ...given.intrinsics, ...size }, ...distortion });
  }
  const file = await findCameraFile(path, names);
  if (file === undefined) {
    return success({ ...own, ...distortion });
  }
  const found = await readCameraFile(file, size);
  return found.ok ? success({ ...found.value, ...distortion, file }) : found;
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
  if (!names.includes(name)) {
    return success(undefined);
  }
  const camera = await readMatrix(join(folder, name), size);
  return camera.ok ? success(camera.value.intrinsics) : camera;
};
