import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { Session } from '../contract/session.ts';
import type { PlaceMap } from '../geometry/place-map.ts';
import { ViewDepth, type EstimatedView } from '../geometry/view-depth.ts';
import { decodeJpeg } from '../media/encode.ts';
import type { DepthImage } from '../media/frame.ts';

/** Median depths for which the voxels and the range of a map are made as they are. */
const [leastDepth, usualDepth, mostDepth] = [0.5, 2, 5];

/**
 * Grows a map from keyframes without depth, by the depth that they give each other. It looks at pictures as the library
 * keeps them, so that a map that is made again from the library is the same.
 *
 * A plain video may be tracked in any unit of length. Where places are far nearer or farther than in a room, the map
 * takes its unit from the first view that joins it.
 */
export class ViewMapper {
  readonly #views: ViewDepth;

  #choosesUnit: boolean;

  constructor({ intrinsics, scale }: Pick<Session, 'intrinsics' | 'scale'>) {
    this.#views = ViewDepth.create({ intrinsics });
    this.#choosesUnit = scale === 'arbitrary';
  }

  /** Of the images that join the map. */
  get intrinsics(): Intrinsics {
    return this.#views.intrinsics;
  }

  /** Takes a keyframe with its final pose; earlier ones whose depth is known by now join the map. */
  async add(map: PlaceMap, ptsMicros: number, jpeg: Uint8Array, worldFromCamera: Pose): Promise<void> {
    await this.#join(map, await this.#views.add(ptsMicros, await decodeJpeg(jpeg), worldFromCamera));
  }

  /** Has the keyframes that are left join the map; to be called once, after the last one. */
  async finish(map: PlaceMap): Promise<void> {
    await this.#join(map, await this.#views.finish());
  }

  close(): void {
    this.#views.close();
  }

  async #join(map: PlaceMap, views: readonly EstimatedView[]): Promise<void> {
    for (const view of views) {
      if (this.#choosesUnit) {
        const median = medianDepth(view.depth);
        if (median === 0) {
          continue;
        }
        this.#choosesUnit = false;
        map.setUnit(median >= leastDepth && median <= mostDepth ? 1 : median / usualDepth);
      }
      await map.integrate(view, view.worldFromCamera);
    }
  }
}

/** 0 when there is no depth. */
const medianDepth = ({ data, metresPerUnit }: DepthImage): number => {
  const found = data.filter((value) => value > 0).sort();
  return (found[found.length >> 1] ?? 0) * metresPerUnit;
};
