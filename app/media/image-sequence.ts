import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { SourceOptions } from '../contract/job.ts';
import type { SourceKind } from '../contract/session.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { DepthImage, Frame, RgbImage, SourceEvent, SourceInfo } from './frame.ts';
import { commonSize, imageSizeOf, readDepth, readRgb, resizeRgb } from './image-files.ts';
import { cameraOf, depthIntrinsicsOf } from './camera-file.ts';
import type { Camera } from './camera-file.ts';
import type { EncoderInput, OpenedSource } from './opened-source.ts';
import { readAhead } from './read-ahead.ts';
import { fitWithin, sameSize, scaleDepth, scaleIntrinsics } from './scaling.ts';
import type { ImageSize } from './scaling.ts';
import { isSelected, selectionFrom } from './selection.ts';
import type { Selection } from './selection.ts';
import { cancelled, noFrameAt, noFramesChosen } from './source-errors.ts';

/** One frame of a folder: its files and its time, and what has to be said before it. */
export interface SequenceEntry {
  readonly ptsMicros: number;
  readonly image: string;
  readonly depth?: string;
  readonly readPose?: () => Promise<Result<Pose>>;
  readonly warnings?: readonly LociError[];
}

/** Reads the pictures that a sequence names, where they are no files of their own. */
export interface PictureStore {
  readRgb(file: string): Promise<Result<RgbImage>>;
  readDepth(file: string): Promise<Result<DepthImage>>;
  /** Size of a colour or a depth image; `undefined` when it cannot be read. */
  sizeOf(file: string): Promise<ImageSize | undefined>;
  close(): Promise<void>;
}

/** A folder of images, understood: what all kinds of folders come down to. */
export interface Sequence {
  readonly kind: SourceKind;
  readonly folder: string;
  /** Names in the folder, among which cameras are looked for. */
  readonly names: readonly string[];
  /** In order of time, each time once. */
  readonly entries: readonly SequenceEntry[];
  /** Files beside the images that belong to the recording. */
  readonly otherFiles: readonly string[];
  readonly metresPerUnit: number;
  /** What the recording itself says of its camera, in pixels of its images. */
  readonly camera?: Camera;
  /** Holds the images when `folder` is one file that they lie in. The source closes it. */
  readonly store?: PictureStore;
}

/** Frames decoded at once. Four keep two cores busy; each holds one colour and one depth image. */
const framesAhead = 4;

const depthMismatch = (file: string, found: ImageSize, expected: ImageSize): LociError =>
  lociError(
    'depth-size-mismatch',
    `${file} is ${found.width}×${found.height}, but the recording's depth is ${expected.width}×${expected.height}`,
    'The frame is used without depth. Record or export this depth image again.',
    { file },
  );

const imageMismatch = (file: string, found: ImageSize, expected: ImageSize): LociError =>
  lociError(
    'frame-unreadable',
    `${file} is ${found.width}×${found.height}, but the recording is ${expected.width}×${expected.height}`,
    'The frame is left out. Scale the image to the size of the others.',
    { file },
  );

/** Sizes as the files have them, and as frames will have them. */
interface Sizes {
  readonly image: ImageSize;
  readonly frame: ImageSize;
  readonly depth?: ImageSize;
  readonly frameDepth?: ImageSize;
}

/** The wanted entries. What was to be said before one that is left out is said before the next that is not. */
const selected = (entries: readonly SequenceEntry[], selection: Selection): SequenceEntry[] => {
  let carried: LociError[] = [];
  return entries.flatMap((entry, i) => {
    if (entry.ptsMicros >= selection.fromMicros) {
      carried.push(...(entry.warnings ?? []));
    }
    if (!isSelected(selection, entry.ptsMicros, entries[i - 1]?.ptsMicros)) {
      return [];
    }
    const warnings = carried;
    carried = [];
    return [{ ...entry, warnings }];
  });
};

class ImageSequenceSource implements OpenedSource {
  readonly info: SourceInfo;
  readonly #sequence: Sequence;
  readonly #selection: Selection;
  readonly #sizes: Sizes;
  readonly #closing = new AbortController();

  constructor(info: SourceInfo, sequence: Sequence, selection: Selection, sizes: Sizes) {
    this.info = info;
    this.#sequence = sequence;
    this.#selection = selection;
    this.#sizes = sizes;
  }

  get encoderInput(): EncoderInput {
    if (this.#sequence.store) {
      return { type: 'frames' };
    }
    const pictures = selected(this.#sequence.entries, this.#selection);
    return { type: 'pictures', pictures: pictures.map(({ image, ptsMicros }) => ({ file: image, ptsMicros })) };
  }

  async *frames(
    options: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SourceEvent, void, undefined> {
    const { fromPtsMicros = -Infinity, signal } = options;
    const stopped = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const entries = selected(this.#sequence.entries, this.#selection).filter(
      (entry) => entry.ptsMicros >= fromPtsMicros,
    );
    let index = 0;
    for await (const loaded of readAhead(entries, (entry) => this.#load(entry), framesAhead)) {
      if (stopped.aborted) {
        yield { type: 'end', error: cancelled(this.info.path) };
        return;
      }
      for (const warning of loaded.warnings) {
        yield { type: 'warning', warning };
      }
      if (loaded.frame) {
        yield { type: 'frame', frame: { ...loaded.frame, index } };
        index += 1;
      }
    }
    // A resumed reading may well begin after the last frame; a first one that finds nothing has a reason to tell.
    yield index === 0 && fromPtsMicros === -Infinity
      ? { type: 'end', error: noFramesChosen(this.info.path) }
      : { type: 'end' };
  }

  async #load(
    entry: SequenceEntry,
  ): Promise<{ readonly warnings: readonly LociError[]; readonly frame?: Omit<Frame, 'index'> }> {
    const [image, depth, pose] = await Promise.all([
      this.#image(entry.image),
      entry.depth === undefined ? undefined : this.#depth(entry.depth),
      entry.readPose?.(),
    ]);
    const warnings = [...(entry.warnings ?? [])];
    if (!image.ok) {
      return { warnings: [...warnings, image.error] };
    }
    for (const part of [depth, pose]) {
      if (part?.ok === false) {
        warnings.push(part.error);
      }
    }
    return {
      warnings,
      frame: {
        ptsMicros: entry.ptsMicros,
        image: image.value,
        ...(depth?.ok === true && { depth: depth.value }),
        ...(!this.#sequence.store && { files: this.#files(entry, depth?.ok === true) }),
        ...(pose?.ok === true && { recordedPose: pose.value }),
      },
    };
  }

  /** The files of an entry that were neither scaled nor are of another format than the library keeps. */
  #files({ image, depth }: SequenceEntry, hasDepth: boolean): NonNullable<Frame['files']> {
    const { image: size, frame, depth: depthSize, frameDepth } = this.#sizes;
    const depthAsItIs = hasDepth && depthSize && frameDepth && sameSize(depthSize, frameDepth);
    return {
      ...(sameSize(size, frame) && /\.jpe?g$/i.test(image) && { jpeg: image }),
      ...(depth !== undefined && depthAsItIs && { depthPng: depth }),
    };
  }

  async #image(file: string): Promise<Result<RgbImage>> {
    const image = await (this.#sequence.store?.readRgb(file) ?? readRgb(file));
    if (!image.ok) {
      return image;
    }
    return sameSize(image.value, this.#sizes.image)
      ? success(await resizeRgb(image.value, this.#sizes.frame))
      : failure(imageMismatch(file, image.value, this.#sizes.image));
  }

  async #depth(file: string): Promise<Result<DepthImage>> {
    const { store, metresPerUnit } = this.#sequence;
    const depth = await (store?.readDepth(file) ?? readDepth(file, metresPerUnit));
    const { depth: expected, frameDepth } = this.#sizes;
    if (!depth.ok || expected === undefined || frameDepth === undefined) {
      return depth;
    }
    return sameSize(depth.value, expected)
      ? success(scaleDepth(depth.value, frameDepth))
      : failure(depthMismatch(file, depth.value, expected));
  }

  async frameAt(ptsMicros: number): Promise<Result<Frame>> {
    const entries = selected(this.#sequence.entries, this.#selection);
    const index = entries.findIndex((candidate) => candidate.ptsMicros === ptsMicros);
    const entry = entries[index];
    const loaded = entry && (await this.#load(entry));
    if (loaded?.frame) {
      return success({ ...loaded.frame, index });
    }
    return failure(loaded?.warnings.at(-1) ?? noFrameAt(this.info.path, ptsMicros));
  }

  close(): Promise<void> {
    this.#closing.abort();
    return this.#sequence.store?.close() ?? Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Depth that another size of image shares with the colour camera is seen by the colour camera, scaled. */
const registeredDepthIntrinsics = (colour: Intrinsics | undefined, sizes: Sizes): Intrinsics | undefined =>
  colour && sizes.depth && !sameSize(sizes.image, sizes.depth) ? scaleIntrinsics(colour, sizes.depth) : undefined;

const meanFrameRate = (entries: readonly SequenceEntry[]): number => {
  const duration = (entries.at(-1)?.ptsMicros ?? 0) - (entries[0]?.ptsMicros ?? 0);
  // Time stamps are whole microseconds; the third decimal is beyond what they tell.
  return duration === 0 ? 1 : Math.round(((entries.length - 1) / duration) * 1e9) / 1e3;
};

/** Makes a source of a folder whose files and times are known. */
export const openSequence = async (sequence: Sequence, options: SourceOptions): Promise<Result<OpenedSource>> => {
  const { folder, names, entries, store } = sequence;
  const depthFiles = entries.flatMap((entry) => entry.depth ?? []);
  const sizeOf = (name: string): Promise<ImageSize | undefined> => store?.sizeOf(name) ?? imageSizeOf(name);
  const [image, depth] = await Promise.all([
    commonSize(
      entries.map((entry) => entry.image),
      sizeOf,
    ),
    commonSize(depthFiles, sizeOf),
  ]);
  if (image === undefined) {
    return failure(
      lociError('source-unreadable', `${folder} holds no readable images`, 'Copy or record the images again.', {
        file: folder,
      }),
    );
  }
  const sizes: Sizes = {
    image,
    frame: fitWithin(image, options.maxSizePixels),
    ...(depth && { depth, frameDepth: fitWithin(depth, options.maxSizePixels) }),
  };
  const selection = selectionFrom(options, entries[0]?.ptsMicros ?? 0);
  if (!selection.ok) {
    return selection;
  }
  const camera = await cameraOf(folder, names, options, image, sequence.camera);
  if (!camera.ok) {
    return camera;
  }
  const { intrinsics, distortion, file } = camera.value;
  const ownDepthIntrinsics = await depthIntrinsicsOf(folder, names, options.depthIntrinsics, depth);
  if (!ownDepthIntrinsics.ok) {
    return ownDepthIntrinsics;
  }
  const depthIntrinsics = ownDepthIntrinsics.value ?? registeredDepthIntrinsics(intrinsics, sizes);
  const wanted = selected(entries, selection.value);
  const files = store
    ? [folder]
    : entries.flatMap((entry) => [entry.image, ...(entry.depth === undefined ? [] : [entry.depth])]);
  const info: SourceInfo = {
    kind: sequence.kind,
    path: folder,
    fingerprint: await fingerprintOf(folder, [...files, ...sequence.otherFiles, ...(file === undefined ? [] : [file])]),
    ...sizes.frame,
    frameRate: meanFrameRate(wanted),
    totalFrames: wanted.length,
    durationMicros: (wanted.at(-1)?.ptsMicros ?? 0) - (wanted[0]?.ptsMicros ?? 0),
    ...(intrinsics && { intrinsics: scaleIntrinsics(intrinsics, sizes.frame) }),
    ...(distortion && { distortion }),
    ...(depthIntrinsics && sizes.frameDepth && { depthIntrinsics: scaleIntrinsics(depthIntrinsics, sizes.frameDepth) }),
    hasDepth: depth !== undefined,
    hasRecordedPoses: entries.some((entry) => entry.readPose !== undefined),
  };
  return success(new ImageSequenceSource(info, sequence, selection.value, sizes));
};
