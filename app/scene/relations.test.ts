import { describe, expect, it } from 'vitest';
import type { Scale, Vector3 } from '../contract/geometry.ts';
import type { SceneObject } from '../contract/scene.ts';
import { deriveRelations } from './relations.ts';

const object = (id: string, center: Vector3, axesLengths: Vector3, scale: Scale = 'metric'): SceneObject => ({
  id,
  environment: 'home',
  label: id,
  center,
  axesLengths,
  axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  confidence: 1,
  source: 'person',
  scale,
  observations: 1,
  evidence: [],
});

const table = object('table', [0, 0, 0.4], [1.6, 0.8, 0.8]);

const between = (a: SceneObject, b: SceneObject) =>
  deriveRelations([a, b]).map(({ fromId, kind, toId }) => `${fromId} ${kind} ${toId}`);

describe('relations of two things', () => {
  it.each([
    ['stands on it', [0.3, 0, 0.85], [0.1, 0.1, 0.1], 'on_top', 'under'],
    ['stands on it, its box 3 cm too high', [0.3, 0, 0.88], [0.1, 0.1, 0.1], 'on_top', 'under'],
    ['stands on it, its box 3 cm too low', [0.3, 0, 0.85], [0.1, 0.1, 0.16], 'on_top', 'under'],
    ['hangs over it', [0, 0, 2], [0.4, 0.4, 0.3], 'above', 'below'],
    ['lies in it', [0, 0, 0.3], [0.3, 0.3, 0.2], 'inside', 'contains'],
    ['touches its side', [1.05, 0, 0.45], [0.5, 0.5, 0.9], 'adjacent', 'adjacent'],
    ['stands 5 cm beside it', [1.1, 0, 0.45], [0.5, 0.5, 0.9], 'adjacent', 'adjacent'],
    ['stands 60 cm beside it', [1.65, 0, 0.45], [0.5, 0.5, 0.9], 'near', 'near'],
    ['is under it', [0, 0, -0.3], [0.3, 0.3, 0.5], 'below', 'above'],
  ] as const)('something that %s', (_case, center, size, there, back) => {
    const thing = object('thing', [...center], [...size]);
    expect(between(thing, table).sort()).toEqual([`table ${back} thing`, `thing ${there} table`].sort());
  });

  it('has none 1.2 m away, nor far above', () => {
    expect(between(object('thing', [2.25, 0, 0.45], [0.5, 0.5, 0.9]), table)).toEqual([]);
    expect(between(object('thing', [0, 0, 4.5], [0.5, 0.5, 0.9]), table)).toEqual([]);
  });

  it('carries the gap between surfaces and the direction between centres', () => {
    const thing = object('thing', [0.8 + 0.3 + 0.2, 0, 0.4], [0.4, 0.4, 0.4]);
    const [there] = deriveRelations([table, thing]).filter(({ fromId }) => fromId === 'table');
    expect(there!.distanceMetres).toBeCloseTo(0.3, 9);
    expect(there!.direction).toEqual([1, 0, 0]);
  });

  it('keeps to what needs no lengths where the scale is arbitrary', () => {
    const small = (id: string, center: Vector3, size: Vector3) => object(id, center, size, 'arbitrary');
    const [base, cup, aside] = [
      small('base', [0, 0, 4], [16, 8, 8]),
      small('cup', [3, 0, 8.6], [1, 1, 1]),
      small('aside', [8.4, 0, 4], [0.4, 0.4, 0.4]),
    ];
    expect(between(cup, base).sort()).toEqual(['base under cup', 'cup on_top base']);
    expect(between(aside, base)).toEqual([]);
  });

  it('compares only what shares a world frame', () => {
    expect(deriveRelations([table, object('mug', [0.3, 0, 0.85], [0.1, 0.1, 0.1])], () => false)).toEqual([]);
  });
});

it('is the same for 300 things in any order, whatever lies between them', () => {
  const things = Array.from({ length: 300 }, (_, i) =>
    object(`thing-${i}`, [(i * 7.31) % 12, (i * 3.77) % 9, 0.2 + ((i * 0.61) % 1.5)], [0.5, 0.3, 0.4]),
  );
  const written = (list: readonly SceneObject[]) =>
    deriveRelations(list)
      .map(({ fromId, kind, toId }) => `${fromId} ${kind} ${toId}`)
      .sort();
  const all = written(things);
  expect(all.length).toBeGreaterThan(1_000);
  expect(written(things.toReversed())).toEqual(all);
  // Pair by pair, without the sweep that skips what is far away.
  const pairs = things.slice(0, 60).flatMap((a, i) => things.slice(i + 1, 60).flatMap((b) => between(a, b)));
  expect(written(things.slice(0, 60))).toEqual(pairs.sort());
});
