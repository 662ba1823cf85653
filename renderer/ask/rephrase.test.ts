import { expect, it } from 'vitest';
import { rephrase } from './rephrase.ts';

it.each([
  ['How far is the chair from the table?', 'chair-2', 'How far is the chair-2 from the table?'],
  ['Where is the mug?', 'mug 1', 'Where is the mug 1?'],
  ['Where is it?', 'sofa', 'Where is it (sofa)?'],
])('%s with %s becomes %s', (question, choice, expected) => {
  expect(rephrase(question, choice)).toBe(expected);
});
