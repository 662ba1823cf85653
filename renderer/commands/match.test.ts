import { expect, it } from 'vitest';
import { rankMatches } from './match.ts';

const entries = ['Next frame', 'Previous frame', 'frame', 'Fly to the selection', 'mainframe'].map((text) => ({
  text,
}));
const texts = (typed: string): string[] => rankMatches(entries, typed).map(({ text }) => text);

it('puts what begins with the words first, then what has words that do', () => {
  expect(texts('frame')).toEqual(['frame', 'Next frame', 'Previous frame', 'mainframe']);
});

it('wants every word, in any order', () => {
  expect(texts('selection fly')).toEqual(['Fly to the selection']);
  expect(texts('nothing')).toEqual([]);
});

it('keeps everything while nothing is typed', () => {
  expect(texts(' ')).toHaveLength(entries.length);
});
