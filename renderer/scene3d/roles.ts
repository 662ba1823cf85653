import type { Evidence } from '../../app/contract/question.ts';
import type { SceneObject } from '../../app/contract/scene.ts';
import type { Keyframe } from '../../app/contract/session.ts';
import type { MemoryState } from '../library/memoryState.ts';
import { isMoment, isObject } from '../selection/selection.ts';
import type { Selection } from '../selection/selection.ts';
import type { Frustum, FrustumRole } from './FrustumsLayer.ts';
import type { ShownObject } from './ObjectsLayer.ts';

/** What is picked out at the moment. */
export interface Highlights {
  readonly selected: Selection | undefined;
  readonly hovered: Selection | undefined;
  readonly evidence: Evidence | undefined;
}

/** The role of an object: what is selected outranks what an answer rests on. */
export const objectRole = ({ selected, hovered, evidence }: Highlights, id: string): ShownObject['role'] => {
  if (isObject(selected, id)) {
    return 'selected';
  }
  if (isObject(hovered, id)) {
    return 'hovered';
  }
  return evidence?.objectIds.includes(id) ? 'evidence' : 'plain';
};

/** Objects with their names and roles. */
export const shownObjects = (
  objects: readonly SceneObject[],
  names: ReadonlyMap<string, string>,
  highlights: Highlights,
): ShownObject[] =>
  objects.map(({ id, label, center, axesLengths, axes, confidence }) => ({
    id,
    center,
    axesLengths,
    axes,
    confidence,
    name: names.get(id) ?? label,
    role: objectRole(highlights, id),
  }));

/** More pyramids than this hide the scene; of the plain ones every so many is left out. */
const mostFrustums = 400;

/** Keyframes that have a pose as pyramids, each in its role. */
export const shownKeyframes = (
  keyframes: readonly Keyframe[],
  stateOf: (ptsMicros: number) => MemoryState,
  { selected, hovered, evidence }: Highlights,
): Frustum[] => {
  const evident = new Set(evidence?.frames.map(({ sessionId, ptsMicros }) => `${sessionId}@${ptsMicros}`));
  const stride = Math.ceil(keyframes.length / mostFrustums);
  return keyframes.flatMap(({ sessionId, ptsMicros, worldFromCamera: pose }, i): Frustum[] => {
    if (!pose) {
      return [];
    }
    const role: FrustumRole = isMoment(selected, sessionId, ptsMicros)
      ? 'selected'
      : isMoment(hovered, sessionId, ptsMicros)
        ? 'hovered'
        : evident.has(`${sessionId}@${ptsMicros}`)
          ? 'evidence'
          : stateOf(ptsMicros);
    const plain = role === 'library' || role === 'ahead';
    return plain && i % stride !== 0 ? [] : [{ pose, role }];
  });
};
