import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import { PlaceMap, type MappedFrame, type PoseCorrection } from '../geometry/place-map.ts';
import { decodeDepthPng, decodeJpeg } from '../media/encode.ts';
import type { Frame, SourceInfo } from '../media/frame.ts';
import type { Library } from '../memory/library.ts';
import type { Checkpoint } from './checkpoint.ts';
import { ViewMapper } from './view-mapper.ts';

/** Keyframes that wait at once; a camera that stands still for minutes settles nothing, yet must not fill the memory. */
const maxUnsettled = 24;

/** Adds a keyframe to the map, once its pose is known. */
type Join = (worldFromCamera: Pose) => Promise<void>;

interface StoredPicture {
  readonly jpeg: Uint8Array;
}

interface UnsettledFrame {
  readonly join: Join;
  /** Where the camera was, as far as known yet. */
  pose: Pose | undefined;
}

/**
 * Grows the map from keyframes, by their depth or, in a recording without any, by the depth that they give each other. A
 * keyframe joins when its pose will not change any more, since its depth cannot be fused anew.
 */
export class MapBuilder {
  readonly #map: PlaceMap;
  readonly #views: ViewMapper | undefined;
  readonly #unsettled = new Map<number, UnsettledFrame>();
  #work: Promise<void> = Promise.resolve();

  constructor(intrinsics: Intrinsics, info: SourceInfo) {
    const { depthIntrinsics } = info;
    this.#views = info.hasDepth ? undefined : new ViewMapper(intrinsics);
    this.#map = PlaceMap.create(
      this.#views
        ? { intrinsics: this.#views.intrinsics }
        : { intrinsics, ...(depthIntrinsics && { depthIntrinsics }) },
    );
  }

  /** Time stamps of the keyframes that wait for their final pose. */
  get unsettled(): number[] {
    return [...this.#unsettled.keys()];
  }

  /** Takes a keyframe and how it is stored; one without depth adds nothing where others have depth. */
  add({ ptsMicros, image, depth }: Frame, pose: Pose | undefined, stored: Promise<StoredPicture>): void {
    if (this.#views) {
      this.#wait(ptsMicros, pose, joinByViews(this.#map, this.#views, ptsMicros, stored));
    } else if (depth) {
      this.#wait(ptsMicros, pose, joinByDepth(this.#map, { ptsMicros, image, depth }));
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

  /** Takes all that still waits, moves it with its keyframes, and answers the map. */
  async finish(corrections: readonly PoseCorrection[]): Promise<PointCloud> {
    for (const ptsMicros of this.unsettled) {
      this.#integrate(ptsMicros);
    }
    await this.#work;
    await this.#views?.finish(this.#map);
    await this.#map.correct(corrections);
    return this.#map.points();
  }

  /** Makes the map again from the pictures in the library, as it was at a checkpoint. */
  async rebuild(library: Library, sessionId: string, checkpoint: Checkpoint): Promise<void> {
    const unsettled = new Set(checkpoint.unsettledPtsMicros);
    for (const { ptsMicros, worldFromCamera: pose } of await library.keyframes(sessionId)) {
      const jpeg = ptsMicros > checkpoint.lastPtsMicros ? undefined : await library.picture(sessionId, ptsMicros);
      if (!jpeg) {
        continue;
      }
      if (this.#views) {
        this.#wait(ptsMicros, pose, joinByViews(this.#map, this.#views, ptsMicros, Promise.resolve({ jpeg })));
      } else {
        const stored = await library.keyframeDepth(sessionId, ptsMicros);
        if (!stored) {
          continue;
        }
        const depth = await decodeDepthPng(stored.png, stored.metresPerUnit);
        this.#wait(ptsMicros, pose, joinByDepth(this.#map, { ptsMicros, image: await decodeJpeg(jpeg), depth }));
      }
      if (!unsettled.has(ptsMicros)) {
        this.#integrate(ptsMicros);
        await this.#work;
      }
    }
  }

  async close(): Promise<void> {
    await this.#work.catch(() => undefined);
    this.#views?.close();
    this.#map.close();
  }

  #wait(ptsMicros: number, pose: Pose | undefined, join: Join): void {
    this.#unsettled.set(ptsMicros, { join, pose });
    const [oldest] = this.#unsettled.keys();
    if (this.#unsettled.size > maxUnsettled && oldest !== undefined) {
      this.#integrate(oldest);
    }
  }

  #integrate(ptsMicros: number): void {
    const frame = this.#unsettled.get(ptsMicros);
    this.#unsettled.delete(ptsMicros);
    const { pose } = frame ?? {};
    if (frame && pose) {
      this.#work = this.#work.then(() => frame.join(pose));
      // Whoever waits for the work learns of a failure; until then it must not count as unhandled.
      this.#work.catch(() => undefined);
    }
  }
}

const joinByDepth =
  (map: PlaceMap, frame: MappedFrame): Join =>
  (worldFromCamera) =>
    map.integrate(frame, worldFromCamera);

/** Holds on to nothing but the packed picture while the keyframe waits. */
const joinByViews =
  (map: PlaceMap, views: ViewMapper, ptsMicros: number, stored: Promise<StoredPicture>): Join =>
  async (worldFromCamera) =>
    views.add(map, ptsMicros, (await stored).jpeg, worldFromCamera);
