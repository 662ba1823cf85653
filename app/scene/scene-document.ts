import { z } from 'zod';
import { failure, lociError, type Result, success } from '../contract/errors.ts';
import type { Scale, Vector3 } from '../contract/geometry.ts';
import { type Relation, type SceneDocument, sceneDocumentSchema, type SceneObject } from '../contract/scene.ts';
import { boxAxes } from './box.ts';
import { add, cross, dot, length, normalise, scale, subtract } from './vector.ts';

/** What a scene document is made of. */
export interface SceneContents {
  readonly environment: string;
  readonly objects: readonly SceneObject[];
  readonly relations: readonly Relation[];
  readonly floorAreaSquareMetres?: number;
}

/** The scene as plain JSON: z up, `arbitrary` as soon as one of its objects is. */
export const toSceneDocument = ({
  environment,
  objects,
  relations,
  floorAreaSquareMetres,
}: SceneContents): SceneDocument => ({
  environment,
  up: [0, 0, 1],
  scale: objects.some((object) => object.scale === 'arbitrary') ? 'arbitrary' : 'metric',
  ...(floorAreaSquareMetres === undefined ? {} : { floorAreaSquareMetres }),
  objects: objects.map(({ environment: _environment, scale: _scale, ...object }) => object),
  relations: relations.map(({ environment: _environment, ...relation }) => relation),
});

/** How far axes may be from unit length and right angles: files often carry six digits. */
const orthonormalTolerance = 1e-3;

/** What is wrong with a document that has the right shape, with the place where. */
const firstFault = (document: SceneDocument): { place: string; fault: string } | undefined => {
  if (length(document.up) < 1e-9) {
    return { place: 'up', fault: 'is zero' };
  }
  const ids = new Set<string>();
  for (const object of document.objects) {
    const place = `object "${object.id}"`;
    if (ids.has(object.id)) {
      return { place, fault: 'appears twice; ids must be unique' };
    }
    ids.add(object.id);
    const axes = boxAxes(object);
    const crooked = axes.some((a, i) =>
      axes.some((b, j) => Math.abs(dot(a, b) - (i === j ? 1 : 0)) > orthonormalTolerance),
    );
    if (crooked) {
      return { place: `${place}, axes`, fault: 'are not three unit vectors at right angles, row by row' };
    }
  }
  for (const { fromId, toId } of document.relations) {
    const missing = [fromId, toId].find((id) => !ids.has(id));
    if (missing !== undefined) {
      return { place: `relation ${fromId} → ${toId}`, fault: `names the object "${missing}", which is not there` };
    }
  }
  return undefined;
};

const listed = z.object({ objects: z.array(z.unknown()) });
const identified = z.object({ id: z.string() });

/** Says where in the document an issue lies, naming an object by its id where it has one. */
const placeOf = (json: unknown, path: readonly PropertyKey[]): string => {
  const [list, index, ...field] = path;
  if (list !== 'objects' || typeof index !== 'number') {
    return path.map(String).join('.');
  }
  const { data } = identified.safeParse(listed.safeParse(json).data?.objects[index]);
  return [data ? `object "${data.id}"` : `object number ${index + 1}`, field.map(String).join('.')]
    .filter(Boolean)
    .join(', ');
};

const example = `{ "id": "mug-1", "label": "mug", "center": [1, 2, 0.8], "axesLengths": [0.1, 0.1, 0.12] }`;

/** Reads a scene from JSON that anyone may have written. `file` is named in the message when it is at fault. */
export const parseSceneDocument = (json: unknown, file?: string): Result<SceneDocument> => {
  const subject = file ?? 'The scene';
  const refuse = (place: string, fault: string): Result<SceneDocument> =>
    failure(
      lociError(
        'scene-invalid',
        `${subject} cannot be read as a scene: ${place ? `${place}: ` : ''}${fault}`,
        `An object looks like ${example}; "axes" are 9 numbers, row by row, unit vectors at right angles. Correct this and import again.`,
        { ...(file === undefined ? {} : { file }), ...(place ? { place } : {}) },
      ),
    );
  const parsed = sceneDocumentSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return issue ? refuse(placeOf(json, issue.path), issue.message) : refuse('', 'its shape is not that of a scene');
  }
  const fault = firstFault(parsed.data);
  return fault ? refuse(fault.place, fault.fault) : success(parsed.data);
};

/** The smallest rotation that brings unit vector `up` to z, as a function (Rodrigues' formula). */
const rotationToZ = (up: Vector3): ((v: Vector3) => Vector3) => {
  const [x, y, z] = up;
  if (z > 1 - 1e-12) {
    return (v) => v;
  }
  if (z < -1 + 1e-12) {
    return ([vx, vy, vz]) => [vx, -vy, -vz];
  }
  const sine = Math.hypot(x, y);
  const axis = normalise(cross(up, [0, 0, 1]));
  return (v) => add(add(scale(v, z), scale(cross(axis, v), sine)), scale(axis, dot(axis, v) * (1 - z)));
};

/** Three vectors made exactly orthonormal and right-handed (Gram–Schmidt); a box is the same with an axis reversed. */
const orthonormal = ([a, b]: readonly [Vector3, Vector3, Vector3]): number[] => {
  const first = normalise(a);
  const second = normalise(subtract(b, scale(first, dot(first, b))));
  return [...first, ...second, ...cross(first, second)];
};

/**
 * The objects of a document in Loci's world: z up. A document with another `up` is turned about its origin by the
 * smallest rotation that brings `up` to z. Relations are not taken over; they follow from the objects.
 */
export const objectsOfDocument = (document: SceneDocument): SceneObject[] => {
  const turn = rotationToZ(normalise(document.up));
  const { environment } = document;
  const documentScale: Scale = document.scale;
  return document.objects.map((object): SceneObject => {
    const [a, b, c] = boxAxes(object);
    const { firstSeen, lastSeen, ...rest } = object;
    return {
      ...rest,
      ...(firstSeen ? { firstSeen } : {}),
      ...(lastSeen ? { lastSeen } : {}),
      environment,
      scale: documentScale,
      center: turn(object.center),
      axes: orthonormal([turn(a), turn(b), turn(c)]),
    };
  });
};
