import type { RelationKind, SceneObject } from '../contract/scene.ts';
import { boxVolume } from '../scene/box.ts';
import { distanceBetweenBoxes } from '../scene/box-distance.ts';
import { callObject, nameKey } from './names.ts';
import { metres } from './phrasing.ts';
import { type SceneMemory, shareWorldFrame } from './scene-memory.ts';

/** An object and how far its nearest surface is. */
export interface Neighbour {
  readonly object: SceneObject;
  readonly distance: number;
}

/** The other objects of the same world frame, nearest surface first. */
export const neighboursOf = (object: SceneObject, memory: SceneMemory): Neighbour[] =>
  memory.objects
    .filter((other) => other !== object && other.scale === object.scale && shareWorldFrame(object, other, memory))
    .map((other) => ({ object: other, distance: distanceBetweenBoxes(object, other) }))
    .sort((a, b) => a.distance - b.distance || a.object.id.localeCompare(b.object.id));

/** Furniture whose box reaches above what people put on it: what lies inside its box is on it. */
const sittables = new Set(['sofa', 'couch', 'armchair', 'chair', 'office chair', 'bed', 'bench', 'stool']);

/** Whether an object is such furniture. */
export const isSittable = ({ label }: SceneObject): boolean => sittables.has(nameKey(label));

const prepositions = { on_top: 'on', inside: 'in', under: 'under', above: 'above', below: 'below' } as const;

const supportKinds = ['inside', 'on_top', 'under'] as const satisfies readonly RelationKind[];

/** What an object stands on, lies in or stands under, in words: `on the table`. */
const support = (object: SceneObject, memory: SceneMemory): { words: string; base: SceneObject } | undefined => {
  for (const kind of supportKinds) {
    const relation = memory.relations.find((each) => each.fromId === object.id && each.kind === kind);
    const base = relation && memory.objects.find(({ id }) => id === relation.toId);
    if (base) {
      const word = kind === 'inside' && isSittable(base) ? 'on' : prepositions[kind];
      return { words: `${word} ${callObject(base, memory.objects)}`, base };
    }
  }
  return undefined;
};

/** How large a landmark is at least, as a share of what it locates: nobody finds the sofa by the mug. */
const landmarkShare = 0.5;

/** A distance to something for a sentence. */
export const gapTo = (distance: number, name: string): string =>
  distance < 0.005 ? `touching ${name}` : `${metres(distance)} from ${name}`;

/**
 * Where an object is, in words: what it stands on or in, and how far it is from the nearest thing large enough to
 * go by. Lengths are left out where the scale is arbitrary. `undefined` where nothing else is known.
 */
export const describeSurroundings = (
  object: SceneObject,
  memory: SceneMemory,
): { readonly words: string; readonly landmarks: readonly SceneObject[] } | undefined => {
  const held = support(object, memory);
  const holds = new Set(
    memory.relations
      .filter(({ fromId, kind }) => fromId === object.id && (kind === 'contains' || kind === 'under'))
      .map(({ toId }) => toId),
  );
  const others = neighboursOf(object, memory).filter(
    (other) => other.object !== held?.base && !holds.has(other.object.id),
  );
  const volume = boxVolume(object);
  const landmark = others.find((other) => boxVolume(other.object) >= landmarkShare * volume) ?? others[0];
  const words: string[] = held ? [held.words] : [];
  if (landmark) {
    const name = callObject(landmark.object, memory.objects);
    const { distance } = landmark;
    words.push(object.scale === 'arbitrary' ? `closest to ${name}` : gapTo(distance, name));
  }
  return words.length === 0
    ? undefined
    : { words: words.join(', '), landmarks: [held?.base, landmark?.object].filter((each) => each !== undefined) };
};
