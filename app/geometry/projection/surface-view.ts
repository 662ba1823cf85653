import type { PointCloud } from '../../contract/binary.ts';
import type { Intrinsics, Pose } from '../../contract/geometry.ts';
import type { DepthImage, RgbImage } from '../../media/frame.ts';
import { addon, type NativeSplatRenderer } from '../addon.ts';

/** What a camera sees of a map. */
export interface SurfaceView {
  readonly image: RgbImage;
  readonly depth: DepthImage;
  /** One byte a pixel: 255 where the map knows a surface, 0 where it knows nothing. */
  readonly visibility: Uint8Array;
}

/** A picture of the mapped place and the camera that took it. */
export interface ReferencePicture {
  readonly image: RgbImage;
  /** Of the picture, whatever its size. */
  readonly intrinsics: Intrinsics;
  readonly worldFromCamera: Pose;
}

/** Renders a point cloud as the surface it stands for; all work is done on a worker thread. */
export class SurfaceRenderer {
  readonly #native: NativeSplatRenderer;

  /** Takes a copy of the cloud. */
  constructor(cloud: PointCloud) {
    const { SplatRenderer } = addon();
    this.#native = new SplatRenderer(cloud);
  }

  /** How far neighbouring points of a surface lie apart, in the cloud's unit. */
  get spacing(): number {
    return this.#native.spacing();
  }

  /** Makes a picture known under a number, so that `render` can blend it. */
  addReference(id: number, { image, intrinsics, worldFromCamera }: ReferencePicture): Promise<void> {
    return this.#native.addReference(id, image, intrinsics, worldFromCamera);
  }

  /** Forgets a picture; one that a rendering under way uses lives until that is done. */
  dropReference(id: number): void {
    this.#native.dropReference(id);
  }

  /**
   * What a camera sees: colours of the map, repainted with the named references where these see the same surface.
   * Depth is along the camera's z axis in units of `metresPerUnit`.
   */
  async render(
    worldFromCamera: Pose,
    intrinsics: Intrinsics,
    metresPerUnit: number,
    referenceIds: readonly number[] = [],
  ): Promise<SurfaceView> {
    const { width, height } = intrinsics;
    const pixels = width * height;
    const target = {
      colour: new Uint8Array(3 * pixels),
      depth: new Uint16Array(pixels),
      visibility: new Uint8Array(pixels),
      metresPerUnit,
    };
    await this.#native.render(worldFromCamera, intrinsics, target, referenceIds);
    return {
      image: { width, height, data: target.colour },
      depth: { width, height, data: target.depth, metresPerUnit },
      visibility: target.visibility,
    };
  }

  /** The points that a camera sees, hidden ones excluded, as a set of bits; a bit is the same point in every call. */
  visiblePoints(worldFromCamera: Pose, intrinsics: Intrinsics): Promise<Uint32Array> {
    return this.#native.visiblePoints(worldFromCamera, intrinsics);
  }
}
