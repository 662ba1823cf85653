import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { ByteImage, DepthImage, RgbImage } from '../media/frame.ts';
import { addon, type NativeViewDepth } from './addon.ts';
import { resizeIntrinsics } from './camera.ts';

/** A view with the depth that other views confirm; its images all have the size of `ViewDepth.intrinsics`. */
export interface EstimatedView {
  readonly ptsMicros: number;
  readonly worldFromCamera: Pose;
  readonly image: RgbImage;
  /** Lengths are in the unit of the poses. */
  readonly depth: DepthImage;
  /** 0 where there is no depth, 255 where nothing speaks against it. */
  readonly confidence: ByteImage;
}

/** The longer side of the depth images. */
const depthSide = 320;

/** The camera of an image that is shrunk until its longer side is `depthSide`, both sides even. */
const shrunk = (intrinsics: Intrinsics): Intrinsics => {
  const scale = depthSide / Math.max(intrinsics.width, intrinsics.height);
  const [width, height] = [intrinsics.width, intrinsics.height].map((side) => 2 * Math.round((side * scale) / 2));
  return resizeIntrinsics(intrinsics, width ?? depthSide, height ?? depthSide);
};

/**
 * Depth of the views of a moving camera from pictures and poses alone, by plane-sweep stereo against at least three
 * others. Depth is given where the views agree on it; plain walls and moving things stay empty.
 */
export class ViewDepth implements Disposable {
  /** Of the images that are answered. */
  readonly intrinsics: Intrinsics;
  #native: NativeViewDepth | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(native: NativeViewDepth, intrinsics: Intrinsics) {
    this.#native = native;
    this.intrinsics = intrinsics;
  }

  static create(options: { readonly intrinsics: Intrinsics }): ViewDepth {
    const { ViewDepth: Native } = addon();
    const intrinsics = shrunk(options.intrinsics);
    return new ViewDepth(new Native({ intrinsics }), intrinsics);
  }

  /**
   * Takes a view on a worker thread, in order of time and with its final pose; answers earlier ones whose depth is known
   * by now. A view from where the last one was is left out. The picture must not change until the promise settles.
   */
  add(ptsMicros: number, image: RgbImage, worldFromCamera: Pose): Promise<EstimatedView[]> {
    return this.#next((native) => native.add(ptsMicros, image, worldFromCamera));
  }

  /** The views that are left; to be called once, after the last one. */
  finish(): Promise<EstimatedView[]> {
    return this.#next((native) => native.finish());
  }

  close(): void {
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #next<T>(work: (native: NativeViewDepth) => Promise<T>): Promise<T> {
    const answered = this.#queue.then(() => work(this.#open));
    this.#queue = answered.catch(() => undefined);
    return answered;
  }

  get #open(): NativeViewDepth {
    if (this.#native === undefined) {
      throw new Error('This estimator of depth is closed');
    }
    return this.#native;
  }
}
