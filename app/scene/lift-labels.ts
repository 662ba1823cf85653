import type { FrameReference } from '../contract/session.ts';
import type { LabelDocument, LabelReport, Observation, SceneObject } from '../contract/scene.ts';
import { associate } from './associate.ts';
import {
  boxesOfDocument,
  boxesOfObservations,
  freeId,
  isKnownIn,
  isSameLabel,
  type LabelledBox,
  slug,
} from './labelled-box.ts';
import type { LabelledSession } from './labelled-session.ts';
import { lookAt } from './look.ts';
import { type Cluster, isSamePlace } from './sighting.ts';
import { distance } from './vector.ts';

/** Labels to lift, and what is known already. */
export interface LiftRequest {
  readonly document: LabelDocument;
  readonly session: LabelledSession;
  /** Every object of the environment. */
  readonly objects: readonly SceneObject[];
  /** What the session's frames were labelled with before. */
  readonly observations: readonly Observation[];
}

/** What is to be written: everything here is new or changed, so labels that are lifted again change nothing. */
export interface LiftResult {
  /** Every box of the document, and earlier ones that now belong to another object. */
  readonly observations: readonly Observation[];
  /** Created and updated objects. */
  readonly objects: readonly SceneObject[];
  /** Earlier places of objects that moved, oldest first; to be written before `objects`, which replace them. */
  readonly superseded: readonly SceneObject[];
  /** Objects that no box shows any more. */
  readonly removedIds: readonly string[];
  readonly report: LabelReport;
}

const mostEvidence = 8;

/** One view is as good as a guess; every further one takes away a third of the doubt. */
const confidenceOf = ({ sightings }: Cluster): number => {
  const measured = sightings.some(({ points }) => points.length > 0);
  const frames = new Set(sightings.map(({ observation }) => observation.ptsMicros)).size;
  const confidence = Math.min(0.95, 1 - 0.5 * (2 / 3) ** (frames - 1)) * (measured ? 1 : 0.8);
  return Math.round(confidence * 1000) / 1000;
};

/** The label that most boxes bear, the first of those in order of time. */
const commonLabel = ({ sightings }: Cluster): string => {
  const labels = Map.groupBy(sightings, ({ observation }) => observation.label);
  return [...labels].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? '';
};

/** The frames of a cluster: the first, the last, and those that show it best. */
const framesOf = ({ sightings }: Cluster, earlierPlaces: readonly Cluster[], sessionId: string) => {
  const reference = (ptsMicros: number): FrameReference => ({ sessionId, ptsMicros });
  const all = sightings.map(({ observation }) => observation.ptsMicros);
  const best = sightings
    .toSorted((a, b) => b.quality - a.quality || a.observation.ptsMicros - b.observation.ptsMicros)
    .map(({ observation }) => observation.ptsMicros);
  return {
    firstSeen: reference(
      Math.min(
        ...all,
        ...earlierPlaces.flatMap((place) => place.sightings.map(({ observation }) => observation.ptsMicros)),
      ),
    ),
    lastSeen: reference(Math.max(...all)),
    evidence: [...new Set(best)].slice(0, mostEvidence).map(reference),
  };
};

/** A cluster as an object. An imported object keeps its box, which is better than any that labels give. */
const toObject = (
  id: string,
  cluster: Cluster,
  { session, document }: LiftRequest,
  known: SceneObject | undefined,
  earlierPlaces: readonly Cluster[] = [],
): SceneObject => {
  const frames = framesOf(cluster, earlierPlaces, session.id);
  const keepsBox = known?.source === 'imported';
  const { center, axesLengths, axes } = keepsBox ? known : cluster.box;
  const seenBefore = known?.firstSeen && known.firstSeen.sessionId !== session.id ? known.firstSeen : undefined;
  return {
    id,
    environment: session.environment,
    label: keepsBox ? known.label : commonLabel(cluster),
    center,
    axesLengths,
    axes,
    confidence: keepsBox ? known.confidence : confidenceOf(cluster),
    source: keepsBox ? known.source : (cluster.sightings[0]?.observation.source ?? document.annotator),
    scale: keepsBox ? known.scale : session.scale,
    ...frames,
    ...(seenBefore ? { firstSeen: seenBefore } : {}),
    observations: cluster.sightings.length,
  };
};

/** Whether two versions of an object say the same; numbers may differ by what storing them costs. */
const isUnchanged = (before: SceneObject, after: SceneObject): boolean => {
  const numbers = ({ center, axesLengths, axes, confidence }: SceneObject) => [
    ...center,
    ...axesLengths,
    ...axes,
    confidence,
  ];
  const rest = ({ id, label, source, scale, firstSeen, lastSeen, observations, evidence }: SceneObject) =>
    JSON.stringify([
      ...[id, label, source, scale, observations],
      ...[firstSeen, lastSeen, ...evidence].map((frame) => frame && [frame.sessionId, frame.ptsMicros]),
    ]);
  const now = numbers(after);
  return rest(before) === rest(after) && numbers(before).every((value, i) => Math.abs(value - (now[i] ?? 0)) < 1e-5);
};

/** Gives every cluster the id of the thing that it is known to be, else of the known object in its place, else a new one. */
const nameClusters = (clusters: readonly Cluster[], { session, objects }: LiftRequest): Map<Cluster, string> => {
  const taken = new Set([
    ...objects.map(({ id }) => id),
    ...clusters.flatMap(({ thing }) => (thing === undefined ? [] : [thing])),
  ]);
  const claimed = new Set(clusters.map(({ thing }) => thing));
  const names = new Map<Cluster, string>();
  const earliest = ({ sightings }: Cluster): number =>
    Math.min(...sightings.map(({ observation }) => observation.ptsMicros));
  for (const cluster of clusters.toSorted((a, b) => earliest(a) - earliest(b))) {
    const label = commonLabel(cluster);
    const apart = (object: SceneObject): number => distance(object.center, cluster.box.center);
    const [known] = objects
      .filter(
        (object) =>
          !claimed.has(object.id) &&
          isKnownIn(object, session) &&
          isSameLabel(object.label, label) &&
          isSamePlace(object, cluster.box, session.scale === 'metric'),
      )
      .sort((a, b) => apart(a) - apart(b));
    const id = cluster.thing ?? known?.id ?? freeId(label, taken);
    taken.add(id);
    claimed.add(id);
    names.set(cluster, id);
  }
  return names;
};

/**
 * Lifts an annotator's boxes to objects in 3D: each box by the depth in it (measured, else that of the map), else by
 * where the directions to it from several frames meet. Boxes of one name in one place are one object. All boxes of the
 * session are lifted together, those of earlier documents too, so that the result does not depend on the order in
 * which they came, and lifting the same labels twice changes nothing.
 */
export const liftLabels = async (request: LiftRequest): Promise<LiftResult> => {
  const { document, session, objects, observations: earlier } = request;
  const fresh = boxesOfDocument(document, session);
  const boxes = [...boxesOfObservations(earlier, fresh, session), ...fresh];
  const looked = await lookAt(boxes, session);
  const labelOf = ({ labelled }: { labelled: LabelledBox }): string => slug(labelled.observation.label);
  const sightedByLabel = Map.groupBy(looked.sighted, labelOf);
  const unmeasuredByLabel = Map.groupBy(looked.unmeasured, labelOf);
  const associated = [...new Set([...sightedByLabel.keys(), ...unmeasuredByLabel.keys()])].map((label) =>
    associate(sightedByLabel.get(label) ?? [], unmeasuredByLabel.get(label) ?? [], session.scale === 'metric'),
  );
  const clusters = associated.flatMap((each) => each.clusters);
  const names = nameClusters(clusters, request);

  const superseded = associated.flatMap((each) => each.superseded);

  const before = new Map(objects.map((object) => [object.id, object]));
  const lifted = [...names].map(([cluster, id]) =>
    toObject(
      id,
      cluster,
      request,
      before.get(id),
      superseded.filter(({ thing }) => thing === id),
    ),
  );
  const changed = lifted.filter((object) => {
    const known = before.get(object.id);
    return !known || !isUnchanged(known, object);
  });
  const changedIds = new Set(changed.map(({ id }) => id));

  const objectOf = new Map(
    [...names].flatMap(([{ sightings }, id]) => sightings.map(({ observation }) => [observation.id, id] as const)),
  );
  superseded.forEach(({ thing, sightings }) => {
    sightings.forEach(({ observation }) => thing !== undefined && objectOf.set(observation.id, thing));
  });
  const freshIds = new Set(fresh.map(({ observation }) => observation.id));
  const observations = boxes
    .map(({ observation: { objectId: _objectId, ...observation } }): Observation => {
      const objectId = objectOf.get(observation.id);
      return objectId === undefined ? observation : { ...observation, objectId };
    })
    .filter(({ id, objectId }, i) => freshIds.has(id) || boxes[i]?.observation.objectId !== objectId);

  const alive = new Set(lifted.map(({ id }) => id));
  const removedIds = [...new Set(earlier.flatMap(({ objectId }) => objectId ?? []))].filter(
    (id) => !alive.has(id) && before.get(id)?.source !== 'imported' && before.has(id),
  );
  const unplaced = [...looked.unplaced, ...associated.flatMap((each) => each.unplaced)]
    .filter(({ labelled }) => freshIds.has(labelled.observation.id))
    .map(({ labelled: { observation }, reason }) => ({
      ptsMicros: observation.ptsMicros,
      label: observation.label,
      reason,
    }));
  return {
    observations,
    objects: changed,
    superseded: superseded
      .filter(({ thing }) => thing !== undefined && changedIds.has(thing))
      .map((cluster) => toObject(cluster.thing ?? '', cluster, request, undefined))
      .sort((a, b) => (a.lastSeen?.ptsMicros ?? 0) - (b.lastSeen?.ptsMicros ?? 0)),
    removedIds,
    report: {
      observations: fresh.length,
      objectsCreated: changed.filter(({ id }) => !before.has(id)).length,
      objectsUpdated: changed.filter(({ id }) => before.has(id)).length,
      unplaced,
    },
  };
};
