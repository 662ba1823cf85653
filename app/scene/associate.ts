import type { OrientedBox, Rectangle } from '../contract/geometry.ts';
import { project } from '../geometry/camera.ts';
import { invertPose, transformPoint } from '../geometry/pose.ts';
import { boxCorners } from './box.ts';
import { fitBoxToViews } from './fit-box-to-views.ts';
import type { Sighted, Unmeasured, Unplaced } from './look.ts';
import { type Cluster, clusterOf, mergeClusters, type Sighting } from './sighting.ts';
import { type BoxView, triangulate } from './triangulate.ts';

/** What the boxes of one label came to. */
export interface Associated {
  readonly clusters: readonly Cluster[];
  /** Earlier places of things that moved. */
  readonly superseded: readonly Cluster[];
  readonly unplaced: readonly Unplaced[];
}

const times = ({ sightings }: Cluster): { first: number; last: number } => {
  const all = sightings.map(({ observation }) => observation.ptsMicros);
  return { first: Math.min(...all), last: Math.max(...all) };
};

/**
 * The places of a thing that is known to be one: where it is now, where it was before it moved, and what contradicts
 * that. A place whose time overlaps that of a place with more sightings is a mistake rather than a move.
 */
const placesOf = (thing: string, sightings: readonly Sighting[], metric: boolean) => {
  const places = mergeClusters(
    sightings.map((sighting) => clusterOf([sighting], thing)),
    metric,
    false,
  ).sort((a, b) => b.sightings.length - a.sightings.length);
  const kept: Cluster[] = [];
  const contradicting: Sighting[] = [];
  for (const place of places) {
    const { first, last } = times(place);
    if (kept.some((other) => first <= times(other).last && times(other).first <= last)) {
      contradicting.push(...place.sightings);
    } else {
      kept.push(place);
    }
  }
  kept.sort((a, b) => times(b).last - times(a).last);
  return { current: kept[0], earlier: kept.slice(1), contradicting };
};

/** The rectangle that a box covers in a view; none where part of it is behind the camera. */
const projectedBox = (box: OrientedBox, view: BoxView): Rectangle | undefined => {
  const cameraFromWorld = invertPose(view.worldFromCamera);
  const pixels = boxCorners(box).map((corner) => project(view.intrinsics, transformPoint(cameraFromWorld, corner)));
  const [us, vs] = [0, 1].map((i) => pixels.flatMap((pixel) => pixel?.[i] ?? []));
  if (!us || !vs || us.length < 8 || vs.length < 8) {
    return undefined;
  }
  const [left, top] = [Math.min(...us), Math.min(...vs)];
  return [left, top, Math.max(...us) - left, Math.max(...vs) - top];
};

/** Area that two rectangles share. */
const sharedArea = (a: Rectangle, b: Rectangle): number => {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return Math.max(0, width) * Math.max(0, height);
};

/** A drawn box shows a placed thing when this share of it lies where the thing projects to … */
const drawnShare = 0.6;
/** … and it is not much smaller than that; the rest may be hidden. */
const projectedShare = 0.15;

/** How much of a drawn box a placed thing explains; 0 where it does not show it. */
const explained = (drawn: Rectangle, projected: Rectangle): number => {
  const shared = sharedArea(drawn, projected);
  const share = shared / (drawn[2] * drawn[3]);
  return share >= drawnShare && shared >= projectedShare * projected[2] * projected[3] ? share : 0;
};

/** The placed thing that a box without depth shows. */
const shownBy = ({ labelled, view }: Unmeasured, clusters: readonly Cluster[]): Cluster | undefined =>
  clusters
    .filter(
      ({ thing, sightings }) =>
        (thing === undefined || labelled.thing === undefined || thing === labelled.thing) &&
        !sightings.some(({ observation }) => observation.ptsMicros === view.ptsMicros),
    )
    .map((cluster) => {
      const projected = projectedBox(cluster.box, view);
      return { cluster, share: projected ? explained(view.box, projected) : 0 };
    })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)[0]?.cluster;

const sightingWithoutPoints = ({ labelled, view, quality }: Unmeasured, box: OrientedBox): Sighting => ({
  observation: labelled.observation,
  view,
  points: [],
  box,
  quality,
});

/** Places what no depth was measured for: on a thing that is placed already, else where rays meet. */
const placeUnmeasured = (unmeasured: readonly Unmeasured[], clusters: readonly Cluster[]) => {
  const placed: Cluster[] = [...clusters];
  const rest: Unmeasured[] = [];
  for (const each of unmeasured) {
    const cluster = shownBy(each, placed);
    if (cluster) {
      const sighting = sightingWithoutPoints(each, cluster.box);
      placed[placed.indexOf(cluster)] = { ...cluster, sightings: [...cluster.sightings, sighting] };
    } else {
      rest.push(each);
    }
  }
  const unplaced: Unplaced[] = [];
  for (const [thing, group] of Map.groupBy(rest, ({ labelled }) => labelled.thing)) {
    const byView = new Map(group.map((each) => [each.view, each]));
    const { found, left } = triangulate(group.map(({ view }) => view));
    for (const { box: rough, views } of found) {
      const box = fitBoxToViews(rough, views);
      const sightings = views.flatMap((view) => {
        const each = byView.get(view);
        return each ? [sightingWithoutPoints(each, box)] : [];
      });
      placed.push(clusterOf(sightings, thing));
    }
    for (const view of left) {
      const each = byView.get(view);
      if (each) {
        unplaced.push({
          labelled: each.labelled,
          reason: 'no depth was measured here, and no other frame shows it from a direction at least 2° apart',
        });
      }
    }
  }
  return { placed, unplaced };
};

/** Finds out which boxes of one label show the same thing. */
export const associate = (
  sighted: readonly Sighted[],
  unmeasured: readonly Unmeasured[],
  metric: boolean,
): Associated => {
  const superseded: Cluster[] = [];
  const unplaced: Unplaced[] = [];
  const clusters: Cluster[] = [];
  for (const [thing, group] of Map.groupBy(sighted, ({ labelled }) => labelled.thing)) {
    const sightings = group.map(({ sighting }) => sighting);
    if (thing === undefined) {
      clusters.push(...sightings.map((sighting) => clusterOf([sighting])));
      continue;
    }
    const { current, earlier, contradicting } = placesOf(thing, sightings, metric);
    clusters.push(...(current ? [current] : []));
    superseded.push(...earlier);
    for (const { labelled, sighting } of group) {
      if (contradicting.includes(sighting)) {
        unplaced.push({ labelled, reason: 'it lies elsewhere than the other boxes of this instance at the same time' });
      }
    }
  }
  const merged = mergeClusters(clusters, metric, true);
  const rest = placeUnmeasured(unmeasured, merged);
  return {
    clusters: mergeClusters(rest.placed, metric, true),
    superseded,
    unplaced: [...unplaced, ...rest.unplaced],
  };
};
