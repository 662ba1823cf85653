import type { PointCloud } from '../contract/binary.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { ByteImage, DepthImage, RgbImage } from '../media/frame.ts';
import { addon, type NativeVoxelMap } from './addon.ts';

export interface PlaceMapOptions {
  /** Side of a voxel; 2 cm when absent. */
  readonly voxelMetres?: number;
  /** Of the colour images. */
  readonly intrinsics: Intrinsics;
  /** Of the depth images, when they are not those of the colour images; both cameras share centre and axes. */
  readonly depthIntrinsics?: Intrinsics;
  /** Voxels held in memory at once (1.5 million, 130 MB, when absent). */
  readonly maxVoxels?: number;
  /**
   * An empty folder of this map's own. Tiles that were not seen for long lie there while the map is open. Without it
   * the side of the voxels is doubled when there are too many.
   */
  readonly folder?: string;
}

/** A keyframe to be added to a map. */
export interface MappedFrame {
  readonly ptsMicros: number;
  readonly image: RgbImage;
  readonly depth: DepthImage;
  /** How sure each depth is, 255 when entirely; everywhere so when absent. */
  readonly confidence?: ByteImage | undefined;
  /** Not 0 where something moves, which does not belong to the place. */
  readonly moving?: ByteImage | undefined;
}

/** How a keyframe's pose has changed since it joined a map; its part moves by p ↦ to · (scale · (from⁻¹ · p)). */
export interface PoseCorrection {
  readonly ptsMicros: number;
  readonly from: Pose;
  readonly to: Pose;
  readonly scale?: number;
}

const defaultVoxelMetres = 0.02;
const defaultMaxVoxels = 1_500_000;

/** The surface of a place, gathered from depth images on a voxel grid. What moves does not stay in it. */
export class PlaceMap implements Disposable {
  #native: NativeVoxelMap | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #unit = 1;

  private constructor(native: NativeVoxelMap) {
    this.#native = native;
  }

  static create(options: PlaceMapOptions): PlaceMap {
    const { voxelMetres = defaultVoxelMetres, maxVoxels = defaultMaxVoxels } = options;
    const { VoxelMap } = addon();
    return new PlaceMap(new VoxelMap({ ...options, voxelMetres, maxVoxels }));
  }

  /**
   * Says what length counts as a metre, in the unit of the poses, for a recording whose scale is arbitrary; before the
   * first keyframe. Voxels and the range of depth follow it; what goes in and out stays in the unit of the poses.
   */
  setUnit(unit: number): void {
    this.#unit = unit;
  }

  /** What length counts as a metre. */
  get unit(): number {
    return this.#unit;
  }

  /**
   * Adds a keyframe on a worker thread. Depth that is missing, beyond 6 m, at a jump or seen at a grazing angle is
   * dropped; what lies in front of the depth that is seen now loses its evidence until it goes. The frame's buffers must
   * not change until the promise settles.
   */
  integrate(frame: MappedFrame, worldFromCamera: Pose): Promise<void> {
    const { ptsMicros, image, confidence, moving } = frame;
    const depth = { ...frame.depth, metresPerUnit: frame.depth.metresPerUnit / this.#unit };
    const pose = this.#inMetres(worldFromCamera);
    return this.#next(() => this.#open.integrate(ptsMicros, image, depth, pose, confidence, moving));
  }

  /**
   * Moves each point with the keyframe that saw it first, after the poses of keyframes in the map have changed. Costs
   * as much as the map is large.
   */
  correct(corrections: readonly PoseCorrection[]): Promise<void> {
    const inMetres = corrections.map(({ from, to, ...rest }) => ({
      ...rest,
      from: this.#inMetres(from),
      to: this.#inMetres(to),
    }));
    return this.#next(() => this.#open.correct(inMetres));
  }

  /** Names of the cubes (2.56 m at 2 cm voxels) that the map is made of; none is known to have points. */
  tiles(): string[] {
    return this.#open.tiles();
  }

  /** The points of one tile, so that a large map can be read without ever being held as a whole. */
  tilePoints(tile: string): PointCloud {
    return this.#inUnits(this.#open.tilePoints(tile));
  }

  /** Surface points seen more than in passing, in world coordinates. */
  points(): PointCloud {
    return this.#inUnits(this.#open.points());
  }

  /** Present side of a voxel. */
  voxelMetres(): number {
    return this.#open.voxelMetres() * this.#unit;
  }

  /** Voxels with a surface, sure or not. */
  voxels(): number {
    return this.#open.voxels();
  }

  /** Of these, the voxels in memory rather than in files. */
  heldVoxels(): number {
    return this.#open.heldVoxels();
  }

  close(): void {
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #next<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(task);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #inMetres(pose: Pose): Pose {
    return this.#unit === 1 ? pose : pose.map((value, i) => (i < 12 && i % 4 === 3 ? value / this.#unit : value));
  }

  #inUnits(cloud: PointCloud): PointCloud {
    return this.#unit === 1 ? cloud : { ...cloud, positions: cloud.positions.map((value) => value * this.#unit) };
  }

  get #open(): NativeVoxelMap {
    if (this.#native === undefined) {
      throw new Error('This map is closed');
    }
    return this.#native;
  }
}
