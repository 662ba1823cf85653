import { kindOf, kinds, type SpatialQuery } from './kinds.ts';
import { longestQuestion, normaliseQuestion } from './wording.ts';

/** Why a question could not be read. */
export interface NotUnderstood {
  readonly kind: 'not-understood';
  readonly reason: 'empty' | 'too-long' | 'unknown-wording';
}

/** Reads a question as data, or says why not. Never throws, whatever the text. */
export const parse = (question: string): SpatialQuery | NotUnderstood => {
  if (question.length > longestQuestion) {
    return { kind: 'not-understood', reason: 'too-long' };
  }
  const text = normaliseQuestion(question);
  if (!/\p{L}/u.test(text)) {
    return { kind: 'not-understood', reason: 'empty' };
  }
  for (const kind of Object.values(kinds)) {
    const query = kind.parse(text);
    if (query) {
      return query;
    }
  }
  return { kind: 'not-understood', reason: 'unknown-wording' };
};

/** A query in words that cannot be misread. */
export const describeQuery = (query: SpatialQuery): string => kindOf(query).describe(query);
