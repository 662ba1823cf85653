import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import { PlaceMap, type MappedFrame } from '../geometry/place-map.ts';
import { decodeDepthPng, decodeJpeg } from '../media/encode.ts';
import type { Frame, SourceInfo } from '../media/frame.ts';
import type { Library } from '../memory/library.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Keyframes that wait at once; a camera that stands still for minutes settles nothing, yet must not fill the memory. */
const maxUnsettled = 24;

interface UnsettledFrame extends MappedFrame {
  /** Where the camera was, as far as known yet. */
  pose: Pose | undefined;
}

/**
 * Grows the map from keyframes with depth. A keyframe joins when its pose will not change any more, since what has been
 * fused cannot be moved. Without depth there is no map.
 */
export class MapBuilder {
  readonly #map: PlaceMap | undefined;
  readonly #unsettled = new Map<number, UnsettledFrame>();
  #work: Promise<void> = Promise.resolve();

  constructor(intrinsics: Intrinsics, info: SourceInfo) {
    const { depthIntrinsics } = info;
    this.#map = info.hasDepth
      ? PlaceMap.create({ intrinsics, ...(depthIntrinsics && { depthIntrinsics }) })
      : undefined;
  }

  /** Time stamps of the keyframes that wait for their final pose. */
  get unsettled(): number[] {
    return [...this.#unsettled.keys()];
  }

  /** Takes a keyframe; one without depth adds nothing. */
  add({ ptsMicros, image, depth }: Frame, pose: Pose | undefined): void {
    if (!this.#map || !depth) {
      return;
    }
    this.#unsettled.set(ptsMicros, { ptsMicros, image, depth, pose });
    const [oldest] = this.#unsettled.keys();
    if (this.#unsettled.size > maxUnsettled && oldest !== undefined) {
      this.#integrate(oldest);
    }
  }

  /** Says the final pose of a frame. */
  settle(ptsMicros: number, pose: Pose | undefined): void {
    const frame = this.#unsettled.get(ptsMicros);
    if (frame) {
      frame.pose = pose;
      this.#integrate(ptsMicros);
    }
  }

  /** Waits until the keyframes that have settled are in the map. */
  idle(): Promise<void> {
    return this.#work;
  }

  /** Takes all that still waits, and answers the map; undefined without depth. */
  async finish(): Promise<PointCloud | undefined> {
    for (const ptsMicros of this.unsettled) {
      this.#integrate(ptsMicros);
    }
    await this.#work;
    return this.#map?.points();
  }

  /** Makes the map again from the pictures in the library, as it was at a checkpoint. */
  async rebuild(library: Library, sessionId: string, checkpoint: Checkpoint): Promise<void> {
    if (!this.#map) {
      return;
    }
    const unsettled = new Set(checkpoint.unsettledPtsMicros);
    for (const { ptsMicros, hasDepth, worldFromCamera: pose } of await library.keyframes(sessionId)) {
      if (!hasDepth || ptsMicros > checkpoint.lastPtsMicros) {
        continue;
      }
      const picture = await library.picture(sessionId, ptsMicros);
      const stored = await library.keyframeDepth(sessionId, ptsMicros);
      if (!picture || !stored) {
        continue;
      }
      const image = await decodeJpeg(picture);
      const depth = await decodeDepthPng(stored.png, stored.metresPerUnit);
      this.#unsettled.set(ptsMicros, { ptsMicros, image, depth, pose });
      if (!unsettled.has(ptsMicros)) {
        this.#integrate(ptsMicros);
        await this.#work;
      }
    }
  }

  async close(): Promise<void> {
    await this.#work.catch(() => undefined);
    this.#map?.close();
  }

  #integrate(ptsMicros: number): void {
    const frame = this.#unsettled.get(ptsMicros);
    this.#unsettled.delete(ptsMicros);
    const { pose } = frame ?? {};
    if (frame && pose) {
      this.#work = this.#work.then(() => this.#map?.integrate(frame, pose));
      // Whoever waits for the work learns of a failure; until then it must not count as unhandled.
      this.#work.catch(() => undefined);
    }
  }
}
