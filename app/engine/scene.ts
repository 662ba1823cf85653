import type { Result } from '../contract/errors.ts';
import { success } from '../contract/errors.ts';
import type { Relation, SceneDocument } from '../contract/scene.ts';
import { worldOf } from '../contract/session.ts';
import type { Library } from '../memory/library.ts';
import { shareWorldFrame, type SceneMemory } from '../reasoning/scene-memory.ts';
import { deriveRelations } from '../scene/relations.ts';
import { objectsOfDocument, toSceneDocument } from '../scene/scene-document.ts';

/** All that questions about an environment are answered from. */
export const readScene = async (library: Library, environment: string): Promise<SceneMemory> => {
  const [objects, stored, areCurrent, sessions, facts] = await Promise.all([
    library.objects(environment),
    library.relations(environment),
    library.relationsAreCurrent(environment),
    library.sessions(environment),
    library.environmentFacts(environment),
  ]);
  const floorAreaSquareMetres = facts?.floorAreaSquareMetres;
  const scene = {
    environment,
    objects,
    relations: stored,
    sessions: sessions.map((session) => ({ id: session.id, name: session.name, worldFrame: worldOf(session) })),
    ...(floorAreaSquareMetres !== undefined && { floorAreaSquareMetres }),
  };
  return areCurrent ? scene : { ...scene, relations: relationsIn(scene) };
};

const relationsIn = (scene: SceneMemory): Relation[] =>
  deriveRelations(scene.objects, (a, b) => shareWorldFrame(a, b, scene));

/** The scene of an environment as plain JSON. */
export const exportScene = async (library: Library, environment: string): Promise<SceneDocument> => {
  const { objects, relations, floorAreaSquareMetres } = await readScene(library, environment);
  return toSceneDocument({
    environment,
    objects,
    relations,
    ...(floorAreaSquareMetres !== undefined && { floorAreaSquareMetres }),
  });
};

/** Makes the relations of an environment what its objects imply. */
export const refreshRelations = async (library: Library, environment: string): Promise<void> => {
  const revision = await library.edits.latest(environment);
  const scene = await readScene(library, environment);
  await library.replaceRelations(environment, relationsIn(scene), revision);
};

/**
 * Takes a scene into its environment. Objects of an earlier import that are no longer in the document are superseded;
 * what people or models saw stays.
 */
export const importScene = async (library: Library, document: SceneDocument): Promise<Result<{ objects: number }>> => {
  const { environment, floorAreaSquareMetres } = document;
  const objects = objectsOfDocument(document);
  const ids = new Set(objects.map(({ id }) => id));
  const stale = (await library.derivedObjects(environment)).filter(
    ({ id, source }) => source === 'imported' && !ids.has(id),
  );
  const change = { reason: 'a scene was imported' };
  await library.removeObjects(
    environment,
    stale.map(({ id }) => id),
    change,
  );
  await library.saveObjects(objects, change);
  const known = await library.environmentFacts(environment);
  await library.saveEnvironmentFacts({
    ...known,
    environment,
    // `objectsOfDocument` has turned the scene so that z is up.
    up: [0, 0, 1],
    scale: document.scale,
    ...(floorAreaSquareMetres !== undefined && { floorAreaSquareMetres }),
  });
  await refreshRelations(library, environment);
  return success({ objects: objects.length });
};
