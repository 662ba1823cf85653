import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { DepthImage, RgbImage } from '../media/frame.ts';
import { addon, type NativeVoxelMap } from './addon.ts';

export interface PlaceMapOptions {
  /** Side of a voxel; 2 cm when absent. */
  readonly voxelMetres?: number;
  /** Of the colour images. */
  readonly intrinsics: Intrinsics;
  /** Of the depth images, when they are not those of the colour images; both cameras share centre and axes. */
  readonly depthIntrinsics?: Intrinsics;
  /** When there would be more voxels than this (1.5 million, 110 MB, when absent) their side is doubled instead. */
  readonly maxVoxels?: number;
}

const defaultVoxelMetres = 0.02;
const defaultMaxVoxels = 1_500_000;

/** The coloured surface of a place, gathered from depth images on a voxel grid. */
export class PlaceMap implements Disposable {
  #native: NativeVoxelMap | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(native: NativeVoxelMap) {
    this.#native = native;
  }

  static create(options: PlaceMapOptions): PlaceMap {
    const { voxelMetres = defaultVoxelMetres, maxVoxels = defaultMaxVoxels, intrinsics, depthIntrinsics } = options;
    const { VoxelMap } = addon();
    return new PlaceMap(new VoxelMap({ voxelMetres, maxVoxels, intrinsics, depthIntrinsics }));
  }

  /**
   * Adds one frame on a worker thread. Depth that is missing, beyond 6 m, at a jump or seen at a grazing angle is
   * dropped. The frame's buffers must not change until the promise settles.
   */
  integrate(frame: { readonly image: RgbImage; readonly depth: DepthImage }, worldFromCamera: Pose): Promise<void> {
    const integrated = this.#queue.then(() => this.#open.integrate(frame.image, frame.depth, worldFromCamera));
    this.#queue = integrated.catch(() => undefined);
    return integrated;
  }

  /** Takes over points of a map made before. */
  add(cloud: PointCloud): void {
    this.#open.add(cloud.positions, cloud.colours);
  }

  /** Surface points seen more than in passing, in world coordinates. */
  points(): PointCloud {
    return this.#open.points();
  }

  /** Present side of a voxel. */
  voxelMetres(): number {
    return this.#open.voxelMetres();
  }

  close(): void {
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #open(): NativeVoxelMap {
    if (this.#native === undefined) {
      throw new Error('This map is closed');
    }
    return this.#native;
  }
}
