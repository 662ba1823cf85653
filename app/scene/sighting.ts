import type { Observation } from '../contract/scene.ts';
import type { OrientedBox, Vector3 } from '../contract/geometry.ts';
import { boxBounds, boxVolume } from './box.ts';
import { overlapVolume } from './box-overlap.ts';
import { fitUprightBox } from './fit-box.ts';
import { type BoxView, seenThrough } from './triangulate.ts';
import { distance } from './vector.ts';

/** One labelled box of one frame, placed in the world. */
export interface Sighting {
  readonly observation: Observation;
  readonly view: BoxView;
  /** Surface points in world coordinates; none where it was placed by triangulation. */
  readonly points: readonly Vector3[];
  readonly box: OrientedBox;
  /** How well the frame shows it, 0 … 1. */
  readonly quality: number;
}

/** Sightings that are taken to be of one thing. */
export interface Cluster {
  readonly sightings: readonly Sighting[];
  readonly box: OrientedBox;
  /** Known beforehand to be this thing; clusters of different things are never joined. */
  readonly thing?: string;
}

/** Enough of a surface to fit a box to; more views add more. */
const mostPointsPerView = 400;
/** More would only make the fit slower. */
const mostPointsPerBox = 500;
/** Share of points on either side that count as noise: mixed pixels at edges, what leaked through. */
const trim = 0.015;

/** Every n-th point, at most `most` of them. */
export const thin = (points: readonly Vector3[], most = mostPointsPerView): Vector3[] => {
  const stride = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, i) => i % stride === 0);
};

/** The box round one view's points. */
export const boxOfPoints = (points: readonly Vector3[]): OrientedBox =>
  fitUprightBox(thin(points, mostPointsPerBox), trim);

/** Further views would hardly change what the best ones say. */
const mostViewsAsked = 12;
/** With fewer views than this, no one can be outvoted. */
const fewestViewsAsked = 3;

/**
 * The points of all views, without those that most views show outside their box: there, what one view took for the
 * thing was something else. A view may be wrong about a point that it cannot see, so half of them are enough.
 */
const agreedPoints = (sightings: readonly Sighting[]): Vector3[] => {
  const points = thin(
    sightings.flatMap((sighting) => thin(sighting.points)),
    mostPointsPerBox,
  );
  const asked = sightings
    .filter((sighting) => sighting.points.length > 0)
    .sort((a, b) => b.quality - a.quality)
    .slice(0, mostViewsAsked)
    .map(({ view }) => seenThrough(view));
  if (asked.length < fewestViewsAsked) {
    return points;
  }
  return points.filter((point) => 2 * asked.filter((isShown) => isShown(point)).length >= asked.length);
};

const inOrder = ({ observation: a }: Sighting, { observation: b }: Sighting): number =>
  a.ptsMicros - b.ptsMicros || a.id.localeCompare(b.id, 'en');

/**
 * The sightings as one thing: all their points in one box, or the best sighting's box where there are none. In order of
 * time, so that the box does not depend on the order in which they were joined.
 */
export const clusterOf = (unordered: readonly Sighting[], thing?: string): Cluster => {
  const sightings = unordered.toSorted(inOrder);
  const points = agreedPoints(sightings);
  const best = sightings.toSorted((a, b) => b.quality - a.quality)[0];
  if (!best) {
    throw new RangeError('A cluster needs a sighting');
  }
  return {
    sightings,
    box: points.length > 0 ? boxOfPoints(points) : best.box,
    ...(thing === undefined ? {} : { thing }),
  };
};

/** The longer side of what a box covers of the floor. */
const breadth = (box: OrientedBox): number => {
  const { min, max } = boxBounds(box);
  return Math.max(max[0] - min[0], max[1] - min[1]);
};

/** Poses drift by a few centimetres between visits; a mug must still be found where it was. */
const driftMetres = 0.05;
/** Two halves of a table, each hidden in the other's view, share a little in the middle. */
const sharedOfSmaller = 0.15;

/**
 * Whether two boxes of one name are in one place: they share enough of the smaller one's volume, or their centres are closer than half the breadth
 * of the larger. Two views of a sofa from its two sides see different surfaces; two chairs at a table stand farther
 * apart than half a chair.
 */
export const isSamePlace = (a: OrientedBox, b: OrientedBox, metric: boolean): boolean =>
  overlapVolume(a, b) > sharedOfSmaller * Math.min(boxVolume(a), boxVolume(b)) ||
  distance(a.center, b.center) <= Math.max(breadth(a), breadth(b)) / 2 + (metric ? driftMetres : 0);

const shareFrame = (a: readonly Sighting[], b: readonly Sighting[]): boolean => {
  const frames = new Set(a.map(({ observation }) => observation.ptsMicros));
  return b.some(({ observation }) => frames.has(observation.ptsMicros));
};

/**
 * Joins clusters of one name that are in one place, nearest first, until nothing is left to join. `oneAFrame`: two boxes
 * of the same frame are two things.
 */
export const mergeClusters = (clusters: readonly Cluster[], metric: boolean, oneAFrame: boolean): Cluster[] => {
  const merged = [...clusters];
  for (;;) {
    let best: { i: number; j: number; apart: number } | undefined;
    for (const [i, a] of merged.entries()) {
      for (const [j, b] of merged.entries()) {
        const apart = distance(a.box.center, b.box.center);
        if (
          i < j &&
          apart < (best?.apart ?? Infinity) &&
          (a.thing === undefined || b.thing === undefined || a.thing === b.thing) &&
          isSamePlace(a.box, b.box, metric) &&
          !(oneAFrame && shareFrame(a.sightings, b.sightings))
        ) {
          best = { i, j, apart };
        }
      }
    }
    const first = best && merged[best.i];
    const second = best && merged[best.j];
    if (!best || !first || !second) {
      return merged;
    }
    merged.splice(best.j, 1);
    merged[best.i] = clusterOf([...first.sightings, ...second.sightings], first.thing ?? second.thing);
  }
};
