import type { Similarity } from '../contract/geometry.ts';
import type { SceneObject } from '../contract/scene.ts';
import type { Session } from '../contract/session.ts';
import { composeSimilarities, identitySimilarity, invertSimilarity, transformBox } from '../geometry/similarity.ts';
import type { Edit } from './edit-log.ts';

/** All that people changed of one world, taken together. */
export interface WorldChange {
  /** From the world as it was derived to the world as it is shown. */
  readonly change: Similarity;
  /** Whether a length was measured in it. */
  readonly measured: boolean;
}

/** What the edits in force make of a world; undefined when none concerns it. */
export const worldChangeOf = (edits: readonly Edit[], world: string): WorldChange | undefined =>
  edits.reduce<WorldChange | undefined>((before, { step }) => {
    if ((step.kind !== 'scale' && step.kind !== 'level') || step.world !== world) {
      return before;
    }
    return {
      change: composeSimilarities(step.change, before?.change ?? identitySimilarity),
      measured: step.kind === 'scale' || before?.measured === true,
    };
  }, undefined);

/** A session in the world as it is shown. */
export const changeSession = (session: Session, { change, measured }: WorldChange): Session => ({
  ...session,
  scale: measured ? 'metric' : session.scale,
  worldFromTracked: composeSimilarities(change, session.worldFromTracked ?? identitySimilarity),
});

/** The session to store, so that reading it gives `shown` again; `stored` is what is stored of it now. */
export const unchangeSession = (shown: Session, { change, measured }: WorldChange, stored?: Session): Session => {
  const { worldFromTracked, ...session } = shown;
  const scale = measured && stored ? stored.scale : shown.scale;
  const before = stored && changeSession(stored, { change, measured }).worldFromTracked;
  if (JSON.stringify(before) === JSON.stringify(worldFromTracked)) {
    // Taken off and put on again a change would cost digits.
    return { ...session, scale, ...(stored?.worldFromTracked && { worldFromTracked: stored.worldFromTracked }) };
  }
  const derived = composeSimilarities(invertSimilarity(change), worldFromTracked ?? identitySimilarity);
  return { ...session, scale, worldFromTracked: derived };
};

/** An object in the world as it is shown. */
export const changeObject = (object: SceneObject, { change, measured }: WorldChange): SceneObject => ({
  ...object,
  ...transformBox(change, object),
  scale: measured ? 'metric' : object.scale,
});

/** The object to store, so that reading it gives `shown` again. */
export const unchangeObject = (shown: SceneObject, { change }: WorldChange): SceneObject => ({
  ...shown,
  ...transformBox(invertSimilarity(change), shown),
});
