import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { DepthImage, RgbImage } from '../media/frame.ts';
import { addon, type NativeViewDepth } from './addon.ts';

/** Depth of one view that others confirm. */
export interface EstimatedDepth {
  readonly ptsMicros: number;
  /** The longer side has 320 pixels; lengths are in the unit of the poses. */
  readonly depth: DepthImage;
  /** One a pixel; 0 where there is no depth, 255 where nothing speaks against it. */
  readonly confidences: Uint8Array;
  /** Median depth of the view. */
  readonly sceneDepth: number;
}

/**
 * Depth of the views of a moving camera from pictures and poses alone, by plane-sweep stereo against at least three
 * others. Depth is given where the views agree on it; plain walls and moving things stay empty.
 */
export class ViewDepth implements Disposable {
  #native: NativeViewDepth | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(native: NativeViewDepth) {
    this.#native = native;
  }

  static create(options: { readonly intrinsics: Intrinsics }): ViewDepth {
    const { ViewDepth: Native } = addon();
    return new ViewDepth(new Native(options));
  }

  /**
   * Takes a view on a worker thread, in order of time and with its final pose; answers depth of earlier ones that is
   * known by now. A view from where the last one was is left out. The picture must not change until the promise settles.
   */
  add(ptsMicros: number, image: RgbImage, worldFromCamera: Pose): Promise<EstimatedDepth[]> {
    return this.#next((native) => native.add(ptsMicros, image, worldFromCamera));
  }

  /** Depth of the views that are left; to be called once, after the last one. */
  finish(): Promise<EstimatedDepth[]> {
    return this.#next((native) => native.finish());
  }

  close(): void {
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #next(work: (native: NativeViewDepth) => Promise<EstimatedDepth[]>): Promise<EstimatedDepth[]> {
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
