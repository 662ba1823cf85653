import { describe, expect, it } from 'vitest';
import type { SceneObject } from '../contract/scene.ts';
import { callObject, countLabel, findByName, nameKey } from './names.ts';

const object = (id: string, label: string): SceneObject => ({
  id,
  environment: 'home',
  label,
  center: [0, 0, 0],
  axesLengths: [1, 1, 1],
  axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  confidence: 1,
  source: 'person',
  scale: 'metric',
  observations: 1,
  evidence: [],
});

const objects = [
  object('mug-1', 'mug'),
  object('mug-2', 'mug'),
  object('sofa-1', 'Sofa'),
  object('chair-1', 'chair'),
  object('office-chair-1', 'office chair'),
  object('coffee-table-1', 'coffee_table'),
  object('tv-1', 'TV'),
  object('bookshelf-1', 'bookshelf'),
  object('refrigerator-1', 'refrigerator'),
];

const find = (name: string) => {
  const found = findByName(name, objects);
  return found && [found.match, found.objects.map(({ id }) => id).join(' ')];
};

describe('a spoken name', () => {
  it.each([
    ['mug', 'label', 'mug-1 mug-2'],
    ['mugs', 'label', 'mug-1 mug-2'],
    ['Mug', 'label', 'mug-1 mug-2'],
    ['mug-2', 'id', 'mug-2'],
    ['mug 2', 'id', 'mug-2'],
    ['sofa', 'label', 'sofa-1'],
    ['couches', 'synonym', 'sofa-1'],
    ['fridge', 'synonym', 'refrigerator-1'],
    ['television', 'synonym', 'tv-1'],
    ['tvs', 'label', 'tv-1'],
    ['bookshelves', 'label', 'bookshelf-1'],
    ['bookcase', 'synonym', 'bookshelf-1'],
    ['chair', 'label', 'chair-1'],
    ['office chairs', 'label', 'office-chair-1'],
    ['coffee table', 'label', 'coffee-table-1'],
    ['coffee tables', 'label', 'coffee-table-1'],
    ['table', 'general', 'coffee-table-1'],
    ['red mug', 'specific', 'mug-1 mug-2'],
    ['big old leather couch', 'specific', 'sofa-1'],
    ['mug that i left', 'specific', 'mug-1 mug-2'],
  ])('%s is found by %s', (name, match, ids) => {
    expect(find(name)).toEqual([match, ids]);
  });

  it.each(['elephant', '', '   ', '🫖', 'airchair', 'mugger', 'tablecloth'])('"%s" finds nothing', (name) => {
    expect(find(name)).toBeUndefined();
  });

  it('knows whether it is a plural, and what else is of its kind', () => {
    expect(findByName('chairs', objects)).toMatchObject({ plural: true, special: [{ id: 'office-chair-1' }] });
    expect(findByName('chair', objects)).toMatchObject({ plural: false });
  });
});

it.each([
  ['Coffee Tables', 'coffee table'],
  ['coffee_table', 'coffee table'],
  ['shelves', 'shelf'],
  ['glasses', 'glass'],
  ['buses', 'bus'],
  ['bus', 'bus'],
  ['mice', 'mouse'],
  ['scissors', 'scissors'],
  ['boxes', 'box'],
  ['lens', 'lens'],
])('%s is compared as %s', (name, key) => {
  expect(nameKey(name)).toBe(key);
});

it('is called by its label while that is enough, else by its id', () => {
  expect(callObject(objects[2]!, objects)).toBe('the Sofa');
  expect(callObject(objects[0]!, objects)).toBe('mug-1');
});

it.each([
  [1, 'chairs', '1 chair'],
  [2, 'chair', '2 chairs'],
  [3, 'bookshelf', '3 bookshelves'],
  [2, 'coffee table', '2 coffee tables'],
  [0, 'bus', '0 buses'],
  [2, 'headphones', '2 headphones'],
])('%d of "%s" are %s', (count, label, written) => {
  expect(countLabel(count, label)).toBe(written);
});
