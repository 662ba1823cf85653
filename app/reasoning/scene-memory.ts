import type { FrameReference } from '../contract/session.ts';
import type { Relation, SceneObject } from '../contract/scene.ts';

/** What reasoning needs to know of a session. */
export interface RememberedSession {
  readonly id: string;
  readonly name: string;
  /** Sessions with the same world frame share their coordinates; a session that was never aligned has its own. */
  readonly worldFrame: string;
}

/** Everything that a question about one environment can be answered from, as plain values. */
export interface SceneMemory {
  readonly environment: string;
  readonly objects: readonly SceneObject[];
  readonly relations: readonly Relation[];
  readonly sessions: readonly RememberedSession[];
  readonly floorAreaSquareMetres?: number;
}

/** The frames that an object was seen in, as far as it remembers them. */
const framesOf = ({ firstSeen, lastSeen, evidence }: SceneObject): FrameReference[] =>
  [lastSeen, firstSeen, ...evidence].filter((frame) => frame !== undefined);

/**
 * The world frame that an object's box is in: that of the session that saw it last. `undefined` for an imported object
 * that no frame showed; it is in the frame that the whole environment agrees on.
 */
export const worldFrameOf = (object: SceneObject, memory: SceneMemory): string | undefined => {
  const [frame] = framesOf(object);
  return frame && (memory.sessions.find(({ id }) => id === frame.sessionId)?.worldFrame ?? frame.sessionId);
};

/** Whether the places of two objects can be compared at all. */
export const shareWorldFrame = (a: SceneObject, b: SceneObject, memory: SceneMemory): boolean => {
  const [first, second] = [worldFrameOf(a, memory), worldFrameOf(b, memory)];
  return first === undefined || second === undefined || first === second;
};

/** The name of a session, for a sentence. */
export const sessionName = (sessionId: string, memory: SceneMemory): string =>
  memory.sessions.find(({ id }) => id === sessionId)?.name ?? sessionId;
