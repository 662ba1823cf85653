import { expect, test } from 'vitest';
import { bytes, embedding, flag, float64List, integer, json, optional, real, text } from './column.ts';
import { defineTable, joinKey } from './table-definition.ts';

const table = defineTable(
  'things',
  {
    name: text(),
    count: integer(),
    share: real(),
    seen: flag(),
    picture: optional(bytes()),
    pose: optional(float64List<readonly number[]>(3)),
    feature: embedding(2),
    extra: optional(json<{ readonly a: number }>()),
  },
  (row) => joinKey(row.name, row.count),
);

const thing = { name: 'x', count: 2 ** 53 - 1, share: 0.1, seen: true, feature: new Float32Array([0.5, -1]) };

test('rows come back as they were, those that lack properties too', () => {
  const rows = [
    { ...thing, picture: new Uint8Array([1, 2, 3]), pose: [1, 2, 3], extra: { a: 1 } },
    { ...thing, name: '' },
    { ...thing, count: -5, pose: [4, 5, 6] },
    { ...thing, seen: false },
  ];

  expect(table.decode(table.encode(rows))).toEqual(rows);
  expect(table.encode(rows).getChild('key')?.toArray()).toEqual(rows.map((row) => joinKey(row.name, row.count)));
});

test('a value of the wrong shape is refused, never cut or filled up', () => {
  expect(() => table.encode([{ ...thing, feature: new Float32Array(3) }])).toThrow('Expected 2 numbers, got 3');
  expect(() => table.encode([{ ...thing, pose: [1, 2] }])).toThrow('Expected 3 numbers, got 2');
  expect(() => table.encode([{ ...thing, count: 0.5 }])).toThrow('Not a whole number: 0.5');
});

test('different lists of values never have the same key', () => {
  const lists = [['a', 'b'], ['a","b'], ['ab'], ['a', '', 'b'], ['1'], [1]];

  expect(new Set(lists.map((list) => joinKey(...list))).size).toBe(lists.length);
});
