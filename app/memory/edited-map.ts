import type { PointCloud } from '../contract/binary.ts';
import type { Pose, Similarity } from '../contract/geometry.ts';
import type { SceneObject } from '../contract/scene.ts';
import { worldOf, type FrameReference, type Session } from '../contract/session.ts';
import { editCloud, type CloudOperation } from '../geometry/edit-cloud.ts';
import { transformRegion } from '../geometry/map-region.ts';
import { composeSimilarities, invertSimilarity, transformBox } from '../geometry/similarity.ts';
import type { Edit, EditLog } from './edit-log.ts';
import type { Recordings } from './recordings.ts';
import type { EditStep, MapStep } from './tables.ts';
import { changeObject, unchangeObject, worldChangeOf, type WorldChange } from './world-change.ts';

/** Shows clouds and objects as people edited them, whatever is derived anew underneath. */
export class EditedMap {
  readonly #log: EditLog;
  readonly #recordings: Recordings;

  constructor(log: EditLog, recordings: Recordings) {
    this.#log = log;
    this.#recordings = recordings;
  }

  /** The map of a session with the edits that concern it. */
  async cloud(sessionId: string, cloud: PointCloud): Promise<PointCloud> {
    const session = await this.#recordings.session(sessionId);
    const edits = session ? await this.#log.inForce(session.environment) : [];
    const operations: CloudOperation[] = [];
    for (const step of mapStepsOf(edits)) {
      const worldFromAnchor = step.sessionIds.includes(sessionId) ? await this.worldFromAnchor(step.anchor) : undefined;
      const { region, motion } = step;
      if (!worldFromAnchor || !region || step.kind === 'insert') {
        continue;
      }
      const inWorld = transformRegion(worldFromAnchor, region);
      if (step.kind === 'delete') {
        operations.push({ kind: step.kind, region: inWorld });
      } else if (motion) {
        operations.push({ kind: step.kind, region: inWorld, motion: motionInWorld(worldFromAnchor, motion).pose });
      }
    }
    return editCloud(cloud, operations);
  }

  /** Objects as they were derived, with the edits of their environment in force now or at a past time. */
  async objects(environment: string, derived: readonly SceneObject[], asOfMillis?: number): Promise<SceneObject[]> {
    const edits = await this.#log.inForce(environment, asOfMillis);
    let objects = await this.#inWorld(environment, edits, derived, changeObject);
    for (const { step } of edits) {
      const worldFromAnchor = isMapStep(step) ? await this.worldFromAnchor(step.anchor) : undefined;
      if (isMapStep(step) && worldFromAnchor) {
        const session = await this.#recordings.session(step.anchor.sessionId);
        objects = session ? editObjects(objects, step, worldFromAnchor, session) : objects;
      }
    }
    return objects.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Objects as they were derived, in the world as it is shown: without what was done to single ones. */
  async derivedObjects(environment: string, stored: readonly SceneObject[]): Promise<SceneObject[]> {
    return this.#inWorld(environment, await this.#log.inForce(environment), stored, changeObject);
  }

  /** Objects to store, so that `derivedObjects` gives these again. */
  async toStored(environment: string, objects: readonly SceneObject[]): Promise<SceneObject[]> {
    const stored = await this.#inWorld(environment, await this.#log.inForce(environment), objects, unchangeObject);
    return Promise.all(
      stored.map(async (object, i) => {
        const seen = objects[i] === object ? undefined : seenIn(object);
        // A scale that was measured is the edit's, and goes when it is undone.
        return seen
          ? { ...object, scale: (await this.#recordings.derivedScale(seen.sessionId)) ?? object.scale }
          : object;
      }),
    );
  }

  /**
   * From the camera of a keyframe, in the unit in which it was tracked, to the world. A recording that was read again and
   * has no such frame any more is asked for the nearest keyframe in time; undefined when nothing of it has a pose.
   */
  async worldFromAnchor({ sessionId, ptsMicros }: FrameReference): Promise<Similarity | undefined> {
    const session = await this.#recordings.session(sessionId);
    const frame = await this.#recordings.frame(sessionId, ptsMicros);
    const pose = frame?.worldFromCamera ?? (await this.#nearestPose(sessionId, ptsMicros));
    return session && pose ? { metresPerUnit: session.worldFromTracked?.metresPerUnit ?? 1, pose } : undefined;
  }

  async #nearestPose(sessionId: string, ptsMicros: number): Promise<Pose | undefined> {
    const away = (keyframe: FrameReference): number => Math.abs(keyframe.ptsMicros - ptsMicros);
    const located = (await this.#recordings.keyframes(sessionId)).filter(({ worldFromCamera }) => worldFromCamera);
    return located.sort((a, b) => away(a) - away(b))[0]?.worldFromCamera;
  }

  /** Carries each object over with what was changed of its world; one that no session saw is in no session's world. */
  async #inWorld(
    environment: string,
    edits: readonly Edit[],
    objects: readonly SceneObject[],
    carry: (object: SceneObject, change: WorldChange) => SceneObject,
  ): Promise<SceneObject[]> {
    if (!edits.some(({ step }) => step.kind === 'scale' || step.kind === 'level')) {
      return [...objects];
    }
    const sessions = await this.#recordings.sessions(environment);
    const worlds = new Map(sessions.map((session) => [session.id, worldOf(session)]));
    return objects.map((object) => {
      const seen = seenIn(object);
      const world = seen && worlds.get(seen.sessionId);
      const change = world === undefined ? undefined : worldChangeOf(edits, world);
      return change ? carry(object, change) : object;
    });
  }
}

/** A frame of the session whose world an object is in. */
const seenIn = ({ lastSeen, firstSeen, evidence }: SceneObject): FrameReference | undefined =>
  lastSeen ?? firstSeen ?? evidence[0];

const isMapStep = (step: EditStep): step is MapStep =>
  step.kind === 'delete' || step.kind === 'move' || step.kind === 'duplicate' || step.kind === 'insert';

const mapStepsOf = (edits: readonly Edit[]): MapStep[] => edits.map(({ step }) => step).filter(isMapStep);

/** A motion of the anchor's coordinates as one of the world's. */
const motionInWorld = (worldFromAnchor: Similarity, motion: Pose): Similarity =>
  composeSimilarities(
    worldFromAnchor,
    composeSimilarities({ metresPerUnit: 1, pose: motion }, invertSimilarity(worldFromAnchor)),
  );

const editObjects = (
  objects: readonly SceneObject[],
  { kind, objectIds, copyIds = [], motion, inserted, anchor }: MapStep,
  worldFromAnchor: Similarity,
  { environment, scale }: Session,
): SceneObject[] => {
  const moved = (object: SceneObject): SceneObject =>
    motion ? { ...object, ...transformBox(motionInWorld(worldFromAnchor, motion), object) } : object;
  switch (kind) {
    case 'delete':
      return objects.filter(({ id }) => !objectIds.includes(id));
    case 'move':
      return objects.map((object) => (objectIds.includes(object.id) ? moved(object) : object));
    case 'duplicate': {
      const copies = objectIds.flatMap((id, i) => {
        const [original, copyId] = [objects.find((object) => object.id === id), copyIds[i]];
        return original && copyId !== undefined ? [{ ...moved(original), id: copyId }] : [];
      });
      return [...objects, ...copies];
    }
    case 'insert': {
      const added = inserted && {
        ...transformBox(worldFromAnchor, inserted.box),
        ...{ id: inserted.id, label: inserted.label, environment, scale },
        ...{ confidence: 1, source: 'person', observations: 0 },
        ...{ firstSeen: anchor, lastSeen: anchor, evidence: [anchor] },
      };
      return added ? [...objects, added] : [...objects];
    }
  }
};
