import type { Intrinsics, Vector3 } from '../../app/contract/geometry.ts';
import type { LabelDocument } from '../../app/contract/scene.ts';
import type { Item } from './apartment.ts';
import type { PlannedApartment } from './layout.ts';
import type { Random } from './random.ts';
import type { Patch } from './shapes.ts';
import { extentOf, silhouetteOf } from './silhouette.ts';
import type { Silhouette } from './silhouette.ts';
import { placed } from './surfaces.ts';
import { moveFrame } from './truth.ts';
import type { WalkFrame } from './walk.ts';

/** One item seen whole and nearly unhidden in one frame. */
export interface Sighting {
  readonly item: Item;
  readonly frame: WalkFrame;
  readonly visibleShare: number;
  readonly extent: Silhouette;
}

/** An annotator skips what has no clear outline, lies flat, or belongs to the building. */
const unlabelled = new Set([
  'door',
  'rug',
  'curtain',
  'picture',
  'ceiling lamp',
  'counter',
  'wall shelf',
  'plate',
  'sink',
  'keyboard',
]);

const leastVisibleShare = 0.7;
const leastPixels = 220;
const mostBoxes = 5;
const fewestBoxes = 3;
/** Two boxes of one item are drawn from places that differ by about 5° as it sees them: less would tell nothing new. */
const leastParallaxRadians = 0.085;
const jitterPixels = 2;
/** Coarse flat faces are enough for an outline; what is round stays round. */
const outlineCellMetres = 0.3;

const patches = new WeakMap<Item, readonly Patch[]>();

/** An item's surface where a label would show it; made once, since every frame asks for it. */
const patchesOf = ({ moved }: PlannedApartment, item: Item): readonly Patch[] => {
  const known = patches.get(item) ?? placed(item, item === moved.item ? moved.after : item)(outlineCellMetres);
  patches.set(item, known);
  return known;
};

/** All items that one frame shows well enough to label, from its rendered mask. */
export const sightingsIn = (
  apartment: PlannedApartment,
  frame: WalkFrame,
  isAfterMove: boolean,
  mask: Uint8Array,
  intrinsics: Intrinsics,
): Sighting[] => {
  const { moved } = apartment;
  return apartment.items.flatMap((item): Sighting[] => {
    // The moved item is labelled where it stands in the end: that is where a person asked for it would point.
    if (unlabelled.has(item.label) || (item === moved.item && !isAfterMove)) {
      return [];
    }
    const extent = extentOf(mask, intrinsics.width, item.maskNumber);
    if (!extent || extent.pixels < leastPixels) {
      return [];
    }
    const whole = silhouetteOf(patchesOf(apartment, item), frame.worldFromCamera, intrinsics);
    const visibleShare = whole ? extent.pixels / whole.pixels : 0;
    return visibleShare >= leastVisibleShare ? [{ item, frame, visibleShare, extent }] : [];
  });
};

const distance = (a: Vector3, b: Vector3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** The best sightings of one item from places apart from each other, preferring frames that are labelled anyway. */
const choose = (sightings: readonly Sighting[], used: ReadonlySet<number>): Sighting[] => {
  const chosen: Sighting[] = [];
  const worth = ({ item, frame, visibleShare, extent }: Sighting): number => {
    const baseline = Math.min(1, ...chosen.map((other) => distance(other.frame.position, frame.position)));
    const isNew = chosen.length === 0 || baseline >= leastParallaxRadians * distance(item.position, frame.position);
    const size = Math.min(1, extent.pixels / 4000);
    return isNew ? visibleShare + size + baseline + (used.has(frame.index) ? 0.6 : 0) : -1;
  };
  while (chosen.length < mostBoxes) {
    const best = sightings
      .filter((sighting) => !chosen.includes(sighting))
      .map((sighting) => ({ sighting, worth: worth(sighting) }))
      .toSorted((a, b) => b.worth - a.worth)[0];
    if (!best || best.worth < 0) {
      break;
    }
    chosen.push(best.sighting);
  }
  return chosen.length >= fewestBoxes ? chosen : [];
};

/** Makes of all sightings the labels that a careful but human annotator would leave. */
export const labelsFrom = (
  apartment: PlannedApartment,
  sightings: readonly Sighting[],
  random: Random,
): LabelDocument => {
  const used = new Set<number>();
  const chosen = apartment.items.flatMap((item) => {
    const picks = choose(
      sightings.filter((sighting) => sighting.item === item),
      used,
    );
    for (const { frame } of picks) {
      used.add(frame.index);
    }
    return picks;
  });
  const isRepeated = (label: string): boolean => apartment.items.filter((item) => item.label === label).length > 1;
  const jitter = (): number => Math.round(random.between(-jitterPixels, jitterPixels));
  const frames = [...new Set(chosen.map(({ frame }) => frame.ptsMicros))].toSorted((a, b) => a - b);
  return {
    version: 1,
    annotator: 'sample annotator',
    frames: frames.map((ptsMicros) => ({
      ptsMicros,
      boxes: chosen
        .filter(({ frame }) => frame.ptsMicros === ptsMicros)
        .map(({ item, extent }) => {
          const [left, top] = [extent.left + jitter(), extent.top + jitter()];
          const [right, bottom] = [extent.right + 1 + jitter(), extent.bottom + 1 + jitter()];
          return {
            label: item.label,
            box: [left, top, right - left, bottom - top],
            ...(isRepeated(item.label) ? { instance: item.id } : {}),
          };
        }),
    })),
  };
};

/** Whether the moved item stands at its second place in a frame. */
export const isAfterMove = (walk: readonly WalkFrame[], frame: WalkFrame): boolean => frame.index >= moveFrame(walk);
