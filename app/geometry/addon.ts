import { createRequire } from 'node:module';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { PointCloud } from '../contract/binary.ts';
import type { ByteImage, DepthImage, RgbImage } from '../media/frame.ts';
import type { PoseCorrection } from './place-map.ts';
import type { View } from './view.ts';
import type { EstimatedView } from './view-depth.ts';

/** The native odometry: see `native/src/addon.cc`. Buffers given to `track` must not change until it has answered. */
export interface NativeOdometry {
  setInitialPose(worldFromCamera: Pose): void;
  track(ptsMicros: number, index: number, image: RgbImage, depth: DepthImage | undefined): Promise<Float64Array>;
  exclude(ptsMicros: number, moving: ByteImage): void;
  finish(): Float64Array;
  intrinsics(): { readonly intrinsics: Intrinsics; readonly focalSigmaPixels: number };
  snapshot(): Uint8Array;
  takeViews(): View[];
  points(): PointCloud;
}

/** The native depth from several views: see `native/src/addon_view_depth.cc`. */
export interface NativeViewDepth {
  add(ptsMicros: number, image: RgbImage, worldFromCamera: Pose): Promise<EstimatedView[]>;
  finish(): Promise<EstimatedView[]>;
}

/** The native map of a session's views: see `native/src/addon_session_map.cc`. */
export interface NativeSessionMap {
  add(views: readonly View[]): Promise<View[]>;
  restore(kept: readonly View[]): void;
  adjust(): Promise<void>;
  isAdjusted(): boolean;
  camera(): Intrinsics | undefined;
  locateIn(known: NativeSessionMap): Promise<{ metresPerUnit: number; pose: Float64Array } | undefined>;
  views(): View[];
  corrections(): Float64Array;
  points(): PointCloud;
  apart(): Float64Array;
  cancel(): void;
}

/** The native voxel map: see `native/src/addon.cc`. */
export interface NativeVoxelMap {
  integrate(
    ptsMicros: number,
    image: RgbImage,
    depth: DepthImage,
    worldFromCamera: Pose,
    confidence: ByteImage | undefined,
    moving: ByteImage | undefined,
  ): Promise<void>;
  correct(corrections: readonly PoseCorrection[]): Promise<void>;
  tiles(): string[];
  tilePoints(tile: string): PointCloud;
  points(): PointCloud;
  voxelMetres(): number;
  voxels(): number;
  heldVoxels(): number;
}

/** The native table-driven warp: see `native/src/addon_remap.cc`. Buffers must not change until it has answered. */
export interface NativeRemap {
  colour(image: RgbImage): Promise<Uint8Array>;
  depth(image: DepthImage): Promise<Uint16Array>;
}

/** Where a rendering is written to: RGB bytes, depth in units of `metresPerUnit` (0: none), and 255 where a surface is. */
export interface RenderingTarget {
  readonly colour: Uint8Array;
  readonly depth: Uint16Array;
  readonly visibility: Uint8Array;
  readonly metresPerUnit: number;
}

/** The native renderer of point clouds: see `native/src/addon_splat_renderer.cc`. */
export interface NativeSplatRenderer {
  render(
    worldFromCamera: Pose,
    intrinsics: Intrinsics,
    target: RenderingTarget,
    referenceIds: readonly number[],
  ): Promise<void>;
  addReference(id: number, image: RgbImage, intrinsics: Intrinsics, worldFromCamera: Pose): Promise<void>;
  dropReference(id: number): void;
  visiblePoints(worldFromCamera: Pose, intrinsics: Intrinsics): Promise<Uint32Array>;
  spacing(): number;
}

/** Corners of a picture that match themselves, and how many of them are found at the same place of another picture. */
export interface MatchCount {
  readonly confident: number;
  readonly kept: number;
}

/** The native search for what moves: see `native/src/addon_moving_pixels.cc`. */
export interface NativeMovingPixels {
  add(ptsMicros: number, depth: DepthImage, worldFromCamera: Pose): Promise<ByteImage | undefined>;
  remember(ptsMicros: number, depth: DepthImage, worldFromCamera: Pose): void;
  move(ptsMicros: number, worldFromCamera: Pose, scale: number): void;
}

interface Cameras {
  readonly intrinsics: Intrinsics;
  readonly depthIntrinsics?: Intrinsics | undefined;
}

interface Addon {
  readonly MovingPixels: new (options: Cameras) => NativeMovingPixels;
  readonly Odometry: new (
    options: (Cameras & { readonly monocular: boolean; readonly refineIntrinsics: boolean }) | Uint8Array,
  ) => NativeOdometry;
  readonly ViewDepth: new (options: { readonly intrinsics: Intrinsics }) => NativeViewDepth;
  readonly SplatRenderer: new (cloud: PointCloud) => NativeSplatRenderer;
  readonly SessionMap: new (options: { readonly metric: boolean; readonly refineFocal: boolean }) => NativeSessionMap;
  readonly VoxelMap: new (
    options: Cameras & {
      readonly voxelMetres: number;
      readonly maxVoxels: number;
      readonly folder?: string | undefined;
    },
  ) => NativeVoxelMap;
  readonly Remap: new (options: {
    readonly width: number;
    readonly height: number;
    readonly map: Float32Array;
  }) => NativeRemap;
  readonly countKeptMatches: (first: RgbImage, second: RgbImage) => Promise<MatchCount>;
}

const addonPath = '../../native/build/Release/loci_native.node';

let loaded: Addon | undefined;

/** The native addon, loaded on first use so that what needs no geometry starts without it. Throws when it is not built. */
export const addon = (): Addon => {
  if (loaded === undefined) {
    try {
      loaded = createRequire(import.meta.url)(addonPath) as Addon;
    } catch (error) {
      throw new Error('The native addon cannot be loaded; build it with `npm run build:native`', { cause: error });
    }
  }
  return loaded;
};
