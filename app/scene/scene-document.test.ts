import { describe, expect, it } from 'vitest';
import type { SceneObject } from '../contract/scene.ts';
import { boxCorners } from './box.ts';
import { deriveRelations } from './relations.ts';
import { objectsOfDocument, parseSceneDocument, toSceneDocument } from './scene-document.ts';

const mug = { id: 'mug-1', label: 'mug', center: [1, 2, 0.8], axesLengths: [0.1, 0.1, 0.12] };
const scene = (...objects: unknown[]) => ({ environment: 'home', objects });

const refused = (json: unknown): string => {
  const result = parseSceneDocument(json, 'scene.json');
  if (result.ok) {
    throw new Error('The scene was accepted');
  }
  expect(result.error).toMatchObject({ code: 'scene-invalid', file: 'scene.json' });
  expect(result.error.message).not.toContain('\n');
  return result.error.message;
};

describe('a scene from a file', () => {
  it('needs no more than id, label, centre and lengths', () => {
    const result = parseSceneDocument(scene(mug));
    expect(result.ok && objectsOfDocument(result.value)).toEqual([
      {
        ...mug,
        environment: 'home',
        axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        confidence: 1,
        source: 'imported',
        scale: 'metric',
        observations: 0,
        evidence: [],
      },
    ]);
  });

  it.each([
    ['not an object', 7, ''],
    ['no environment', { objects: [] }, 'environment'],
    ['a missing centre', scene({ ...mug, center: undefined }), 'object "mug-1", center'],
    ['a centre of two numbers', scene({ ...mug, center: [1, 2] }), 'object "mug-1", center'],
    ['NaN, which JSON writes as null', scene({ ...mug, center: [1, null, 0] }), 'object "mug-1", center.1'],
    ['NaN itself', scene({ ...mug, center: [1, Number.NaN, 0] }), 'object "mug-1", center.1'],
    ['a negative length', scene({ ...mug, axesLengths: [1, -1, 1] }), 'object "mug-1", axesLengths.1'],
    ['an object without id', scene(mug, { ...mug, id: undefined }), 'object number 2, id'],
    ['a repeated id', scene(mug, mug), 'object "mug-1": appears twice'],
    ['crooked axes', scene({ ...mug, axes: [1, 0, 0, 1, 1, 0, 0, 0, 1] }), 'object "mug-1", axes'],
    ['stretched axes', scene({ ...mug, axes: [2, 0, 0, 0, 1, 0, 0, 0, 1] }), 'object "mug-1", axes'],
    ['no direction for up', { ...scene(mug), up: [0, 0, 0] }, 'up'],
    [
      'a relation to nothing',
      {
        ...scene(mug),
        relations: [
          { fromId: 'mug-1', toId: 'tree', kind: 'near', distanceMetres: 1, direction: [1, 0, 0], confidence: 1 },
        ],
      },
      '"tree"',
    ],
  ])('is refused with %s', (_case, json, place) => {
    expect(refused(json)).toContain(place);
  });

  it('with y up is turned so that z is up, and keeps its shape', () => {
    const lying = parseSceneDocument({
      ...scene({ ...mug, center: [1, 0.8, -2], axesLengths: [0.3, 0.6, 0.2] }),
      up: [0, 1, 0],
    });
    const [object] = lying.ok ? objectsOfDocument(lying.value) : [];
    expect(object!.center.map((value) => Number(value.toFixed(9)))).toEqual([1, 2, 0.8]);
    const heights = boxCorners(object!).map(([, , z]) => z);
    expect(Math.max(...heights) - Math.min(...heights)).toBeCloseTo(0.6, 9);
  });

  it('takes left-handed axes, which describe the same box', () => {
    const result = parseSceneDocument(scene({ ...mug, axes: [0, 1, 0, 1, 0, 0, 0, 0, 1] }));
    const [object] = result.ok ? objectsOfDocument(result.value) : [];
    expect(object!.axes).toEqual([0, 1, 0, 1, 0, 0, 0, 0, -1]);
  });
});

it('comes back as it was written', () => {
  const seen = { sessionId: 'home/monday', ptsMicros: 1_500_000 };
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const objects: SceneObject[] = [
    {
      ...mug,
      center: [1, 2, 0.8],
      axesLengths: [0.1, 0.1, 0.12],
      environment: 'home',
      axes: [c, s, 0, -s, c, 0, 0, 0, 1],
      confidence: 0.7,
      source: 'person',
      scale: 'metric',
      observations: 3,
      firstSeen: seen,
      lastSeen: seen,
      evidence: [seen],
    },
    {
      id: 'table-1',
      label: 'table',
      center: [1, 2, 0.37],
      axesLengths: [1, 1, 0.74],
      environment: 'home',
      axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      confidence: 1,
      source: 'imported',
      scale: 'metric',
      observations: 0,
      evidence: [],
    },
  ];
  const written = toSceneDocument({
    environment: 'home',
    objects,
    relations: deriveRelations(objects),
    floorAreaSquareMetres: 12.5,
  });
  const read = parseSceneDocument(JSON.parse(JSON.stringify(written)));
  expect(read.ok && read.value.floorAreaSquareMetres).toBe(12.5);
  expect(read.ok && read.value.relations.map(({ kind }) => kind).sort()).toEqual(['on_top', 'under']);
  const back = read.ok ? objectsOfDocument(read.value) : [];
  back.forEach((object, i) => {
    expect({ ...object, axes: [] }).toEqual({ ...objects[i], axes: [] });
    object.axes.forEach((value, k) => expect(value).toBeCloseTo(objects[i]!.axes[k]!, 12));
  });
});
