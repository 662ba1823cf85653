import type { Relation, RelationKind, SceneObject } from '../contract/scene.ts';
import { type Bounds, boxBounds, boxVolume, distanceBetweenBounds } from './box.ts';
import { distanceBetweenBoxes } from './box-distance.ts';
import { footprint, footprintOverlap, overlapVolume, polygonArea } from './box-overlap.ts';
import { normalise, subtract } from './vector.ts';

/**
 * What each relation of A to B means. The first that holds is the one that a pair gets; the other direction gets its
 * inverse. Boxes lifted from pictures are a few centimetres off, hence the tolerances.
 *
 * | A … B              | holds when                                                                                     |
 * | ------------------ | ---------------------------------------------------------------------------------------------- |
 * | inside / contains  | `insideShare` of A's volume lies in B, and B is at least `containerRatio` times as large        |
 * | on_top / under     | A's bottom meets B's top (up to `supportGap` over it; sunk in by the same or `sunkShare` of A's  |
 * |                    | height), and `supportShare` of A's footprint lies over B                                        |
 * | above / below      | A's bottom is over B's top, at most `aboveReach`, and `supportShare` of the smaller footprint is shared |
 * | adjacent           | the nearest surfaces are at most `adjacentReach` apart                                          |
 * | near               | the nearest surfaces are at most `nearReach` apart                                              |
 *
 * Lengths are metres. In a scene of arbitrary scale no length means anything, so only the shares count there: nothing is
 * adjacent or near, and above has no limit.
 */
export const relationTolerances = {
  insideShare: 0.75,
  containerRatio: 1.5,
  supportGap: 0.06,
  sunkShare: 0.3,
  supportShare: 0.5,
  aboveReach: 3,
  adjacentReach: 0.1,
  nearReach: 1,
} as const;

const inverses: Record<RelationKind, RelationKind> = {
  inside: 'contains',
  contains: 'inside',
  on_top: 'under',
  under: 'on_top',
  above: 'below',
  below: 'above',
  adjacent: 'adjacent',
  near: 'near',
};

/** An object with what every pair needs of it, worked out once. */
interface Placed {
  readonly object: SceneObject;
  readonly bounds: Bounds;
  readonly area: number;
  readonly volume: number;
}

const isInside = (a: Placed, b: Placed): boolean => {
  const { insideShare, containerRatio } = relationTolerances;
  return (
    b.volume > 0 &&
    b.volume >= containerRatio * a.volume &&
    a.volume > 0 &&
    overlapVolume(a.object, b.object) >= insideShare * a.volume
  );
};

/** A over B: touching it, higher up, or not at all. */
const isOver = (a: Placed, b: Placed): 'on_top' | 'above' | undefined => {
  const { supportGap, sunkShare, supportShare, aboveReach } = relationTolerances;
  const metric = a.object.scale === 'metric';
  const height = a.bounds.max[2] - a.bounds.min[2];
  const gap = a.bounds.min[2] - b.bounds.max[2];
  const sunk = Math.max(sunkShare * height, metric ? supportGap : 0);
  // A thing that is lower than what it would stand on, such as a box beside a table of its own height, is not on it.
  if (gap < -sunk || a.object.center[2] < b.bounds.max[2]) {
    return undefined;
  }
  const shared = footprintOverlap(a.object, b.object);
  if (gap <= (metric ? supportGap : sunk) && a.area > 0 && shared >= supportShare * a.area) {
    return 'on_top';
  }
  const smaller = Math.min(a.area, b.area);
  const reachable = !metric || gap <= aboveReach;
  return gap >= 0 && reachable && smaller > 0 && shared >= supportShare * smaller ? 'above' : undefined;
};

const kindOf = (a: Placed, b: Placed, apart: number): RelationKind | undefined => {
  if (isInside(a, b)) {
    return 'inside';
  }
  if (isInside(b, a)) {
    return 'contains';
  }
  const over = isOver(a, b);
  if (over) {
    return over;
  }
  const under = isOver(b, a);
  if (under) {
    return inverses[under];
  }
  if (a.object.scale === 'arbitrary') {
    return undefined;
  }
  const { adjacentReach, nearReach } = relationTolerances;
  return apart <= adjacentReach ? 'adjacent' : apart <= nearReach ? 'near' : undefined;
};

const relation = (from: SceneObject, to: SceneObject, kind: RelationKind, apart: number): Relation => ({
  environment: from.environment,
  fromId: from.id,
  toId: to.id,
  kind,
  distanceMetres: apart,
  direction: normalise(subtract(to.center, from.center)),
  confidence: Math.min(from.confidence, to.confidence),
});

/**
 * The relations between objects in z-up world coordinates: one in each direction for every pair that has one, with the
 * distance of their nearest surfaces and the unit direction from centre to centre. `comparable` tells whether two
 * objects share a world frame; those of sessions that were never aligned do not.
 */
export const deriveRelations = (
  objects: readonly SceneObject[],
  comparable: (a: SceneObject, b: SceneObject) => boolean = () => true,
): Relation[] => {
  const placed = objects
    .map((object): Placed => ({
      object,
      bounds: boxBounds(object),
      area: polygonArea(footprint(object)),
      volume: boxVolume(object),
    }))
    .sort((a, b) => a.bounds.min[0] - b.bounds.min[0]);
  const { nearReach } = relationTolerances;
  const relations: Relation[] = [];
  placed.forEach((a, i) => {
    for (const b of placed.slice(i + 1)) {
      // In order of their left edges: whatever follows begins too far right as well.
      if (b.bounds.min[0] > a.bounds.max[0] + nearReach) {
        break;
      }
      const apartOnFloor = Math.max(a.bounds.min[1] - b.bounds.max[1], b.bounds.min[1] - a.bounds.max[1]);
      if (apartOnFloor > nearReach || !comparable(a.object, b.object) || a.object.scale !== b.object.scale) {
        continue;
      }
      const apart =
        distanceBetweenBounds(a.bounds, b.bounds) > nearReach && a.object.scale === 'metric'
          ? Infinity
          : distanceBetweenBoxes(a.object, b.object);
      const kind = kindOf(a, b, apart);
      if (kind) {
        const measured = apart === Infinity ? distanceBetweenBoxes(a.object, b.object) : apart;
        relations.push(relation(a.object, b.object, kind, measured));
        relations.push(relation(b.object, a.object, inverses[kind], measured));
      }
    }
  });
  return relations;
};
