import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import sharp from 'sharp';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { Pose } from '../contract/geometry.ts';
import type { SourceOptions } from '../contract/job.ts';
import type { Pinhole } from './camera-file.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { DepthImage, Frame, SourceEvent, SourceInfo } from './frame.ts';
import { commonSize, readDepth } from './image-files.ts';
import type { EncoderInput, OpenedSource, SourceFormat } from './opened-source.ts';
import { parseTumPose, poseInvalid, withZUp } from './pose-file.ts';
import { fitWithin, sameSize, scaleDepth, scaleIntrinsics } from './scaling.ts';
import type { ImageSize } from './scaling.ts';
import { videoFormat } from './video.ts';
import { probeFrameTimes } from './video-probe.ts';

const videoName = 'rgb.mp4';
const odometryName = 'odometry.csv';
const matrixName = 'camera_matrix.csv';

/** Depth of confidence 0 is a guess between surfaces; 1 and 2 were measured. */
const leastConfidence = 1;

/** Reads the 3×3 matrix of the camera, three numbers a line. */
const readMatrix = async (file: string): Promise<Result<Pinhole>> => {
  const numbers = (await readFile(file, 'utf8'))
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [fx = NaN, , cx = NaN, , fy = NaN, cy = NaN] = numbers;
  return numbers.length === 9 && fx > 0 && fy > 0 && Number.isFinite(cx + cy)
    ? success({ fx, fy, cx, cy })
    : failure(
        lociError(
          'intrinsics-invalid',
          `${file}: expected a 3×3 matrix with positive focal lengths`,
          'Mend the file, or give the camera with --intrinsics fx,fy,cx,cy.',
          { file },
        ),
      );
};

/** Poses by the number of their frame: lines of `timestamp, frame, x, y, z, qx, qy, qz, qw`, the first a header. */
const readOdometry = async (file: string): Promise<ReadonlyMap<number, Result<Pose>>> => {
  const poses = new Map<number, Result<Pose>>();
  for (const [i, line] of (await readFile(file, 'utf8')).split(/\r?\n/).entries()) {
    const [, frame = '', ...words] = line.split(',').map((word) => word.trim());
    if (i > 0 && frame !== '') {
      const pose = parseTumPose(words.slice(0, 7));
      const reason = 'expected a frame number, three coordinates and a quaternion that are finite numbers';
      poses.set(Number(frame), pose ? success(withZUp(pose)) : failure(poseInvalid(file, reason, `line ${i + 1}`)));
    }
  }
  return poses;
};

/** Numbered files of a folder by their number. */
const numbered = async (folder: string): Promise<ReadonlyMap<number, string>> => {
  const names = await readdir(folder).catch((): string[] => []);
  const images = names.filter((name) => /^\d+\.png$/i.test(name));
  return new Map(images.map((name) => [Number(parse(name).name), join(folder, name)]));
};

/** What is known beside the video. */
interface Companions {
  readonly depth: ReadonlyMap<number, string>;
  readonly confidence: ReadonlyMap<number, string>;
  readonly poses: ReadonlyMap<number, Result<Pose>>;
  /** The number of the frame at each time stamp. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly depthSize: ImageSize | undefined;
  readonly metresPerUnit: number;
  readonly maxSizePixels: number | undefined;
}

class StrayScannerSource implements OpenedSource {
  readonly info: SourceInfo;
  readonly #video: OpenedSource;
  readonly #companions: Companions;

  constructor(info: SourceInfo, video: OpenedSource, companions: Companions) {
    this.info = info;
    this.#video = video;
    this.#companions = companions;
  }

  get encoderInput(): EncoderInput {
    return this.#video.encoderInput;
  }

  async *frames(
    options: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SourceEvent, void, undefined> {
    for await (const event of this.#video.frames(options)) {
      if (event.type === 'frame') {
        const { frame, warnings } = await this.#complete(event.frame);
        yield* warnings.map((warning) => ({ type: 'warning', warning }) as const);
        yield { type: 'frame', frame };
      } else {
        yield event;
      }
    }
  }

  async frameAt(ptsMicros: number): Promise<Result<Frame>> {
    const frame = await this.#video.frameAt(ptsMicros);
    return frame.ok ? success((await this.#complete(frame.value)).frame) : frame;
  }

  /** Adds the depth and the pose of a frame of the video. */
  async #complete(frame: Frame): Promise<{ readonly frame: Frame; readonly warnings: readonly LociError[] }> {
    const { depth: depths, poses, numbers } = this.#companions;
    const number = numbers.get(frame.ptsMicros) ?? -1;
    const file = depths.get(number);
    const depth = file === undefined ? undefined : await this.#depth(file, number);
    const pose = poses.get(number);
    const warnings = [depth, pose].flatMap((part) => (part?.ok === false ? [part.error] : []));
    return {
      warnings,
      frame: {
        ...frame,
        ...(depth?.ok === true && { depth: depth.value }),
        ...(pose?.ok === true && { recordedPose: pose.value }),
      },
    };
  }

  async #depth(file: string, number: number): Promise<Result<DepthImage>> {
    const { metresPerUnit, depthSize, maxSizePixels, confidence } = this.#companions;
    const depth = await readDepth(file, metresPerUnit);
    if (!depth.ok) {
      return depth;
    }
    if (depthSize && !sameSize(depth.value, depthSize)) {
      const found = `${depth.value.width}×${depth.value.height}`;
      return failure(
        lociError(
          'depth-size-mismatch',
          `${file} is ${found}, but the recording's depth is ${depthSize.width}×${depthSize.height}`,
          'The frame is used without depth. Export the recording again.',
          { file },
        ),
      );
    }
    await forgetDoubtful(depth.value, confidence.get(number));
    return success(scaleDepth(depth.value, fitWithin(depth.value, maxSizePixels)));
  }

  close(): Promise<void> {
    return this.#video.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Removes depth that its sensor did not trust; where nothing is told of that, all of it is kept. */
const forgetDoubtful = async ({ data, width, height }: DepthImage, file: string | undefined): Promise<void> => {
  if (file === undefined) {
    return;
  }
  const read = await sharp(file)
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined);
  if (!read || !sameSize(read.info, { width, height })) {
    return;
  }
  for (let i = 0; i < data.length; i += 1) {
    if ((read.data[i] ?? 0) < leastConfidence) {
      data[i] = 0;
    }
  }
};

/** The video of a recording, with the camera that stands beside it. */
const openVideo = async (
  folder: string,
  names: readonly string[],
  options: SourceOptions,
): Promise<Result<OpenedSource>> => {
  if (options.intrinsics || !names.includes(matrixName)) {
    return videoFormat.open(join(folder, videoName), options);
  }
  const matrix = await readMatrix(join(folder, matrixName));
  return matrix.ok ? videoFormat.open(join(folder, videoName), { ...options, intrinsics: matrix.value }) : matrix;
};

/**
 * What the Stray Scanner app of iPhones with LiDAR exports: `rgb.mp4`, `depth/000000.png` in millimetres and
 * `confidence/`, one file a frame, `camera_matrix.csv`, and `odometry.csv` with poses in a world whose y is up.
 */
export const strayScannerFormat: SourceFormat = {
  kind: 'stray-scanner',
  description: 'a Stray Scanner folder (rgb.mp4 with depth/ and odometry.csv)',
  recognises: (names) => names?.includes(videoName) === true && names.includes(odometryName),
  open: async (folder, options) => {
    const names = await readdir(folder);
    const opened = await openVideo(folder, names, options);
    if (!opened.ok) {
      return opened;
    }
    const video = opened.value;
    const times = await probeFrameTimes(join(folder, videoName));
    if (!times.ok) {
      return times;
    }
    const [depth, confidence] = [await numbered(join(folder, 'depth')), await numbered(join(folder, 'confidence'))];
    const depthSize = await commonSize([...depth.values()]);
    const { intrinsics } = video.info;
    const frameDepth = depthSize && fitWithin(depthSize, options.maxSizePixels);
    const poses = await readOdometry(join(folder, odometryName));
    const beside = [odometryName, matrixName].filter((name) => names.includes(name)).map((name) => join(folder, name));
    const info: SourceInfo = {
      ...video.info,
      kind: 'stray-scanner',
      path: folder,
      fingerprint: await fingerprintOf(folder, [join(folder, videoName), ...beside, ...depth.values()]),
      ...(intrinsics &&
        frameDepth &&
        !sameSize(frameDepth, video.info) && { depthIntrinsics: scaleIntrinsics(intrinsics, frameDepth) }),
      hasDepth: depthSize !== undefined,
      hasRecordedPoses: [...poses.values()].some(({ ok }) => ok),
    };
    return success(
      new StrayScannerSource(info, video, {
        depth,
        confidence,
        poses,
        numbers: new Map(times.value.map((ptsMicros, number) => [ptsMicros, number])),
        depthSize,
        metresPerUnit: options.depthMetresPerUnit ?? 0.001,
        maxSizePixels: options.maxSizePixels,
      }),
    );
  },
};
