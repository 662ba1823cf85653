import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { Intrinsics, Lens } from '../contract/geometry.ts';
import type { SourceOptions } from '../contract/job.ts';
import {
  releasePixels,
  type DepthImage,
  type Frame,
  type FrameSource,
  type SourceEvent,
  type SourceInfo,
} from '../media/frame.ts';
import { openSource } from '../media/open-source.ts';
import { prefetch } from '../media/read-ahead.ts';
import { addon, type NativeRemap } from './addon.ts';
import { resizeIntrinsics } from './camera.ts';
import { rectificationMap, rectifiedIntrinsics, resizeLens } from './rectification.ts';

/** Frames rectified ahead of the reader. */
const framesAhead = 2;

/** Two cameras are one when they differ by less than this many pixels. */
const samePixels = 0.01;

const sameCamera = (a: Intrinsics, b: Intrinsics): boolean =>
  (['fx', 'fy', 'cx', 'cy', 'width', 'height'] as const).every((name) => Math.abs(a[name] - b[name]) < samePixels);

/** Depth was taken through the colour camera's lens unless a camera of its own is known. */
const seesThroughLens = ({ intrinsics }: Lens, depth: Intrinsics | undefined): boolean =>
  depth === undefined || sameCamera(depth, resizeIntrinsics(intrinsics, depth.width, depth.height));

/** Shows the frames of a source as a pinhole camera would have taken them. */
class RectifiedSource implements FrameSource {
  readonly info: SourceInfo;
  readonly #source: FrameSource;
  readonly #lens: Lens;
  readonly #pinhole: Intrinsics;
  readonly #rectifiesDepth: boolean;
  readonly #remaps = new Map<string, NativeRemap>();

  constructor(source: FrameSource, lens: Lens, pinhole: Intrinsics) {
    const { distortion: _, depthIntrinsics, ...info } = source.info;
    this.#source = source;
    this.#lens = lens;
    this.#pinhole = pinhole;
    this.#rectifiesDepth = seesThroughLens(lens, depthIntrinsics);
    const depthCamera =
      depthIntrinsics && this.#rectifiesDepth
        ? resizeIntrinsics(pinhole, depthIntrinsics.width, depthIntrinsics.height)
        : depthIntrinsics;
    this.info = { ...info, intrinsics: pinhole, lens, ...(depthCamera && { depthIntrinsics: depthCamera }) };
  }

  async *frames(
    options: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SourceEvent, void, undefined> {
    const leaving = new AbortController();
    const { signal } = options;
    const stopped = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
    yield* prefetch(this.#rectified({ ...options, signal: stopped }), framesAhead, () => leaving.abort());
  }

  async *#rectified(options: {
    readonly fromPtsMicros?: number;
    readonly signal: AbortSignal;
  }): AsyncGenerator<SourceEvent, void, undefined> {
    for await (const event of this.#source.frames(options)) {
      yield event.type === 'frame' ? { type: 'frame', frame: await this.#rectify(event.frame) } : event;
    }
  }

  async frameAt(ptsMicros: number): Promise<Result<Frame>> {
    const frame = await this.#source.frameAt(ptsMicros);
    return frame.ok ? success(await this.#rectify(frame.value)) : frame;
  }

  async #rectify(frame: Frame): Promise<Frame> {
    const { image, depth, files: _, ...rest } = frame;
    const rectified = {
      ...rest,
      image: { ...image, data: await this.#remapFor(image.width, image.height).colour(image) },
      ...(depth && { depth: this.#rectifiesDepth ? await this.#depth(depth) : depth }),
    };
    releasePixels({ ...frame, ...(this.#rectifiesDepth ? {} : { depth: undefined }) } as Frame);
    return rectified;
  }

  async #depth(depth: DepthImage): Promise<DepthImage> {
    return { ...depth, data: await this.#remapFor(depth.width, depth.height).depth(depth) };
  }

  #remapFor(width: number, height: number): NativeRemap {
    const size = `${width}×${height}`;
    const known = this.#remaps.get(size);
    if (known) {
      return known;
    }
    const { Remap } = addon();
    const map = rectificationMap(resizeLens(this.#lens, width, height), resizeIntrinsics(this.#pinhole, width, height));
    const remap = new Remap({ width, height, map });
    this.#remaps.set(size, remap);
    return remap;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Rectifies a source whose camera has a lens; any other is answered as it is. */
export const rectified = (source: FrameSource): Result<FrameSource> => {
  const { intrinsics, distortion, path } = source.info;
  if (!distortion) {
    return success(source);
  }
  if (!intrinsics) {
    return failure(
      lociError(
        'intrinsics-missing',
        `${path}: the distortion of a lens means nothing without the camera behind it`,
        'Give the camera too, with --intrinsics fx,fy,cx,cy.',
        { file: path },
      ),
    );
  }
  const lens = { intrinsics, distortion };
  const pinhole = rectifiedIntrinsics(lens);
  return pinhole
    ? success(new RectifiedSource(source, lens, pinhole))
    : failure(
        lociError(
          'intrinsics-invalid',
          `${path}: the coefficients of its lens (${distortion.model}) fold the picture over itself`,
          'Check their order: k1, k2, p1, p2, k3 for brown-conrady, and k1 to k4 for kannala-brandt.',
          { file: path },
        ),
      );
};

/** Opens a recording and rectifies it on entry: everything downstream sees the frames of a pinhole camera. */
export const openRecording = async (path: string, options: SourceOptions = {}): Promise<Result<FrameSource>> => {
  const opened = await openSource(path, options);
  return opened.ok ? rectified(opened.value) : opened;
};
