import { expect, it } from 'vitest';
import { problemOf, RefusedError } from './problem.ts';

const readOnly = { code: 'library-read-only', message: 'Nothing can be uploaded', hint: 'Open it for writing.' };

it('tells the engine’s own reason and remedy', () => {
  expect(problemOf(new RefusedError('405', readOnly))).toEqual(readOnly);
  // Failed calls of the contract carry the reason in the same place.
  expect(problemOf(Object.assign(new Error('Unprocessable'), { data: readOnly }))).toEqual(readOnly);
});

it('passes on what else went wrong, with something to do about it', () => {
  expect(problemOf(new Error('Failed to fetch'))).toMatchObject({ code: 'internal', message: 'Failed to fetch' });
  expect(problemOf(new RefusedError('The engine answered 500', undefined)).message).toBe('The engine answered 500');
  expect(problemOf('odd').hint).not.toBe('');
});
