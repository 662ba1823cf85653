import { describe, expect, it } from 'vitest';
import { exampleQuestions, kinds, spatialQuerySchema } from './kinds.ts';
import { describeQuery, parse } from './query.ts';
import { readLength, unitAskedFor } from './units.ts';
import { nameIn, namesIn, normaliseQuestion } from './wording.ts';

describe('reading a question', () => {
  it('understands the example of every kind as that kind, as data that can be checked and described', () => {
    const read = exampleQuestions.map((question) => parse(question));
    expect(read.map(({ kind }) => kind)).toEqual(Object.keys(kinds));
    for (const query of read) {
      expect(spatialQuerySchema.parse(query)).toEqual(query);
      expect(query.kind === 'not-understood' ? '' : describeQuery(query)).not.toBe('');
    }
  });

  it.each([
    ['Where is the coffee table?', { kind: 'place', what: 'coffee table', every: false }],
    ['how many metres is the desk from the bed?', { kind: 'distance', from: 'desk', to: 'bed', unit: 'm' }],
    ['How far apart are the bed and the desk in feet?', { kind: 'distance', from: 'bed', to: 'desk', unit: 'ft' }],
    ['which is nearer to the bed, the desk, or the lamp?', { kind: 'closest', to: 'bed', among: ['desk', 'lamp'] }],
    [
      'how many mugs are on the kitchen counter?',
      { kind: 'count', what: 'mugs', where: { holding: 'on', of: 'kitchen counter' } },
    ],
    ['how many chairs are in the apartment?', { kind: 'count', what: 'chairs' }],
    ['what is within 80cm of my bed', { kind: 'around', of: 'bed', withinMetres: 0.8 }],
    ['Is the mug on the desk?', { kind: 'standing', what: 'mug', holding: 'on', of: 'desk' }],
    ['where was the mug last seen', { kind: 'seen', what: 'mug', which: 'last' }],
    ['How long is the desk in cm?', { kind: 'size', what: 'desk', measure: 'longest', unit: 'cm' }],
  ])('%s', (question, query) => {
    expect(parse(question)).toMatchObject(query);
  });

  it.each([
    ['', 'empty'],
    ['?!', 'empty'],
    ['42', 'empty'],
    ['x'.repeat(601), 'too-long'],
    ['tell me a story', 'unknown-wording'],
  ])('does not understand "%s"', (question, reason) => {
    expect(parse(question)).toEqual({ kind: 'not-understood', reason });
  });

  it('takes no more than moments for hostile wording', () => {
    const hostile = [
      `how far is ${'a from '.repeat(80)}`,
      `which of ${'a, '.repeat(180)} is closest to b`,
      `how many ${'on in under '.repeat(45)}`,
      `what is ${'near '.repeat(110)}`,
      `if i am standing by ${'a and '.repeat(80)}facing b, is c`,
      `is ${'a or '.repeat(110)}b`,
    ];
    const before = performance.now();
    hostile.forEach((question) => parse(question));
    // A pattern that backtracks without bound would take minutes.
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

it.each([
  ["What's   the\nsize?", 'what is the size'],
  ['Hey Loci, could you please tell me where the mug is?', 'where the mug is'],
  ['How many chair(s) are there?', 'how many chairs are there'],
  ['Where is it? I need it.', 'where is it . i need it'],
])('%j is normalised', (question, text) => {
  expect(normaliseQuestion(question)).toBe(text);
});

it('finds names in phrases and lists', () => {
  expect(nameIn('the red mugs in this room')).toBe('red mugs');
  expect(nameIn('all of the chairs here')).toBe('chairs');
  expect(namesIn('the sofa, a chair, and the tv or my lamp')).toEqual(['sofa', 'chair', 'tv', 'lamp']);
});

it('reads lengths and units', () => {
  expect(['1.5 m', '50cm', 'half a metre', 'two feet', 'a meter', '1,5 metres'].map(readLength)).toEqual([
    1.5, 0.5, 0.5, 0.6096, 1, 1.5,
  ]);
  expect(readLength('three apples')).toBeUndefined();
  expect(unitAskedFor('how far is a from b in inches')).toBe('in');
  expect(unitAskedFor('how far is a from b in a straight line')).toBeUndefined();
});
