import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { ByteImage, DepthImage } from '../media/frame.ts';
import { addon, type NativeMovingPixels } from './addon.ts';
import type { PoseCorrection } from './place-map.ts';

/** A keyframe that later ones are compared with, and where it stood then. */
export interface ReferenceKeyframe {
  readonly ptsMicros: number;
  readonly worldFromCamera: Pose;
}

interface SeenKeyframe extends ReferenceKeyframe {
  readonly depth: DepthImage;
}

/** As in `native/src/moving_pixels.cc`. */
const maxReferences = 8;

/**
 * Finds what moves: pixels of a keyframe whose surface stands where most of the latest keyframes looked through empty
 * space. What was moved and stays there is found for a few keyframes only.
 */
export class MovingPixels {
  readonly #native: NativeMovingPixels;
  #references: ReferenceKeyframe[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(cameras: { readonly intrinsics: Intrinsics; readonly depthIntrinsics?: Intrinsics }) {
    const { MovingPixels: Native } = addon();
    this.#native = new Native(cameras);
  }

  /** The keyframes that the next one will be compared with, oldest first; all there is to remember. */
  get references(): readonly ReferenceKeyframe[] {
    return this.#references;
  }

  /**
   * What moves in a keyframe: a mask of a quarter of VGA size, 255 where something moves, or undefined when nothing
   * does. Runs on a worker thread; the depth must not change until the promise settles.
   */
  find({ ptsMicros, depth, worldFromCamera }: SeenKeyframe): Promise<ByteImage | undefined> {
    this.#references = [...this.#references, { ptsMicros, worldFromCamera }].slice(-maxReferences);
    const found = this.#queue.then(() => this.#native.add(ptsMicros, depth, worldFromCamera));
    this.#queue = found.catch(() => undefined);
    return found;
  }

  /** Takes a reference of an earlier run; they must come in the order in which `references` had them. */
  remember({ ptsMicros, depth, worldFromCamera }: SeenKeyframe): void {
    this.#references.push({ ptsMicros, worldFromCamera });
    this.#native.remember(ptsMicros, depth, worldFromCamera);
  }

  /** Moves references whose poses have changed. Takes effect after the searches that were begun before. */
  correct(corrections: readonly PoseCorrection[]): void {
    const byTime = new Map(corrections.map((correction) => [correction.ptsMicros, correction]));
    this.#references = this.#references.map((reference) => {
      const correction = byTime.get(reference.ptsMicros);
      if (!correction) {
        return reference;
      }
      const { ptsMicros, to, scale = 1 } = correction;
      this.#queue = this.#queue.then(() => {
        this.#native.move(ptsMicros, to, scale);
      });
      return { ptsMicros, worldFromCamera: to };
    });
  }
}
