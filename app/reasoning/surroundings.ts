import type { RelationKind, SceneObject } from '../contract/scene.ts';
import { boxBounds, boxVolume, distanceBetweenBounds } from '../scene/box.ts';
import { distanceBetweenBoxes } from '../scene/box-distance.ts';
import { callObject, nameKey } from './names.ts';
import { metres } from './phrasing.ts';
import { type SceneMemory, shareWorldFrame } from './scene-memory.ts';

/** An object and how far its nearest surface is. */
export interface Neighbour {
  readonly object: SceneObject;
  readonly distance: number;
}

/** The other objects of the same world frame whose bounds are near enough, nearest bounds first. */
const candidates = (object: SceneObject, memory: SceneMemory, within: number) => {
  const bounds = boxBounds(object);
  return memory.objects
    .filter((other) => other !== object && other.scale === object.scale)
    .map((other) => ({ object: other, atLeast: distanceBetweenBounds(bounds, boxBounds(other)) }))
    .filter((other) => other.atLeast <= within && shareWorldFrame(object, other.object, memory))
    .sort((a, b) => a.atLeast - b.atLeast);
};

/** The other objects of the same world frame within a distance, nearest surface first. */
export const neighboursOf = (object: SceneObject, memory: SceneMemory, within: number): Neighbour[] =>
  candidates(object, memory, within)
    .map((other) => ({ object: other.object, distance: distanceBetweenBoxes(object, other.object) }))
    .filter(({ distance }) => distance <= within)
    .sort((a, b) => a.distance - b.distance || a.object.id.localeCompare(b.object.id));

/** The nearest other object that is accepted. */
export const nearestTo = (
  object: SceneObject,
  memory: SceneMemory,
  accept: (other: SceneObject) => boolean,
): Neighbour | undefined => {
  let nearest: Neighbour | undefined;
  for (const { object: other, atLeast } of candidates(object, memory, Infinity)) {
    // Whatever follows is farther still.
    if (nearest && atLeast > nearest.distance) {
      break;
    }
    const distance = accept(other) ? distanceBetweenBoxes(object, other) : Infinity;
    if (distance < (nearest?.distance ?? Infinity)) {
      nearest = { object: other, distance };
    }
  }
  return nearest;
};

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
  const volume = boxVolume(object);
  const isFree = (other: SceneObject): boolean => other !== held?.base && !holds.has(other.id);
  const landmark =
    nearestTo(object, memory, (other) => isFree(other) && boxVolume(other) >= landmarkShare * volume) ??
    nearestTo(object, memory, isFree);
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
