import type { Answer } from '../contract/question.ts';
import { cannotTell } from './answer.ts';
import { kindOf, kinds } from './kinds.ts';
import { joined } from './phrasing.ts';
import { type NotUnderstood, parse } from './query.ts';
import type { SceneMemory } from './scene-memory.ts';
import { longestQuestion } from './wording.ts';

const complaints: Record<NotUnderstood['reason'], string> = {
  empty: 'There is no question here',
  'too-long': `This question is longer than ${longestQuestion} characters`,
  'unknown-wording': 'I do not understand this question',
};

/**
 * Answers a question in English from what is remembered of one environment. Pure: no files, no clock, and it never
 * throws; whatever cannot be answered is an answer that says why.
 */
export const answerQuestion = (question: string, memory: SceneMemory): Answer => {
  const query = parse(question);
  if (query.kind === 'not-understood') {
    return cannotTell(
      undefined,
      `${complaints[query.reason]}; ask, for example: ${joined(
        [kinds.place, kinds.distance, kinds.count].map(({ example }) => `"${example}"`),
        'or',
      )}`,
      'The wording fits no kind of question that can be answered from memory',
    );
  }
  return kindOf(query).answer(query, memory);
};
