import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { PlaceMap } from '../geometry/place-map.ts';
import { ViewDepth, type EstimatedView } from '../geometry/view-depth.ts';
import { decodeJpeg } from '../media/encode.ts';

/**
 * Grows a map from keyframes without depth, by the depth that they give each other. It looks at pictures as the library
 * keeps them, so that a map that is made again from the library is the same.
 */
export class ViewMapper {
  readonly #views: ViewDepth;

  constructor(intrinsics: Intrinsics) {
    this.#views = ViewDepth.create({ intrinsics });
  }

  /** Of the images that join the map. */
  get intrinsics(): Intrinsics {
    return this.#views.intrinsics;
  }

  /** Takes a keyframe with its final pose; earlier ones whose depth is known by now join the map. */
  async add(map: PlaceMap, ptsMicros: number, jpeg: Uint8Array, worldFromCamera: Pose): Promise<void> {
    await join(map, await this.#views.add(ptsMicros, await decodeJpeg(jpeg), worldFromCamera));
  }

  /** Has the keyframes that are left join the map; to be called once, after the last one. */
  async finish(map: PlaceMap): Promise<void> {
    await join(map, await this.#views.finish());
  }

  close(): void {
    this.#views.close();
  }
}

const join = async (map: PlaceMap, views: readonly EstimatedView[]): Promise<void> => {
  for (const view of views) {
    await map.integrate(view, view.worldFromCamera);
  }
};
