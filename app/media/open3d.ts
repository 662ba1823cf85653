import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { failure, lociError } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { Pose } from '../contract/geometry.ts';
import { inNaturalOrder, isImageName, numbersOf } from './image-folder.ts';
import { openSequence } from './image-sequence.ts';
import type { SequenceEntry } from './image-sequence.ts';
import { placeInTime } from './numbered-frames.ts';
import type { SourceFormat } from './opened-source.ts';
import { readTrajectoryLog } from './pose-file.ts';

const imageFolderNames = ['image', 'color', 'rgb'];

const trajectoryName = 'trajectory.log';

const listImages = async (folder: string, accepts: (name: string) => boolean): Promise<string[]> =>
  inNaturalOrder((await readdir(folder)).filter(accepts)).map((name) => join(folder, name));

/** Depth belongs to the image of the same name; where no names agree but the numbers of files do, to the same place. */
const pairDepth = (images: readonly string[], depths: readonly string[]): readonly (string | undefined)[] => {
  const byStem = new Map(depths.map((depth) => [parse(depth).name, depth]));
  const paired = images.map((image) => byStem.get(parse(image).name));
  const unnamed = paired.every((depth) => depth === undefined);
  return unnamed && depths.length === images.length ? depths : paired;
};

const depthMissing = (image: string): LociError =>
  lociError(
    'frame-missing',
    `${image} has no depth image of the same name`,
    'The frame is used without depth. Copy the depth image if you have it.',
    { file: image },
  );

/**
 * The layout of Open3D's own recordings: `image/` or `color/` and `depth/` (16-bit PNG, millimetres), with
 * `trajectory.log` and an Open3D camera file where they are known.
 */
export const open3dFormat: SourceFormat = {
  kind: 'open3d',
  description: 'a folder with image/ (or color/) and depth/',
  recognises: (names) => names?.includes('depth') === true && imageFolderNames.some((name) => names.includes(name)),
  open: async (folder, options) => {
    const names = await readdir(folder);
    const imageFolder = join(folder, imageFolderNames.find((name) => names.includes(name)) ?? '');
    const images = await listImages(imageFolder, isImageName);
    const depths = await listImages(join(folder, 'depth'), (name) => /\.png$/i.test(name));
    if (images.length === 0) {
      return failure(
        lociError('source-empty', `${imageFolder} holds no images`, 'Copy the images into it.', { file: imageFolder }),
      );
    }
    const paired = pairDepth(images, depths);
    const trajectory = join(folder, trajectoryName);
    const poses: ReadonlyMap<number, Result<Pose>> = names.includes(trajectoryName)
      ? await readTrajectoryLog(trajectory)
      : new Map<number, Result<Pose>>();
    const entries = placeInTime(folder, numbersOf(images), options.framesPerSecond).map(
      ({ ptsMicros, warnings }, i): SequenceEntry => {
        const [image = '', depth, pose] = [images[i], paired[i], poses.get(i)];
        return {
          ptsMicros,
          image,
          ...(depth !== undefined && { depth }),
          ...(pose !== undefined && { readPose: () => Promise.resolve(pose) }),
          warnings: depths.length > 0 && depth === undefined ? [...warnings, depthMissing(image)] : warnings,
        };
      },
    );
    return openSequence(
      {
        kind: 'open3d',
        folder,
        names,
        entries,
        otherFiles: names.includes(trajectoryName) ? [trajectory] : [],
        metresPerUnit: options.depthMetresPerUnit ?? 0.001,
      },
      options,
    );
  },
};
