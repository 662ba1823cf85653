import type { z } from 'zod';
import type { Answer } from '../contract/question.ts';
import type { SceneMemory } from './scene-memory.ts';

/**
 * One kind of question: how people word it, what it asks for as data, and how it is answered. Adding a kind is one file
 * in `kinds/` and one line in `kinds.ts`.
 */
export interface QuestionKind<Query extends { readonly kind: string }> {
  /** The query as data; its `kind` names this kind. */
  readonly schema: z.ZodType<Query>;
  /** A question of this kind, to show to people. */
  readonly example: string;
  /** Reads a question that `normaliseQuestion` prepared; `undefined` where it is of another kind. */
  parse(question: string): Query | undefined;
  /** The query in words that cannot be misread. */
  describe(query: Query): string;
  /** Looks the answer up. Never throws. */
  answer(query: Query, memory: SceneMemory): Answer;
}

/** The named groups of the first pattern that matches. */
export const firstMatch = (
  question: string,
  patterns: readonly RegExp[],
): Record<string, string | undefined> | undefined => {
  for (const pattern of patterns) {
    const match = pattern.exec(question);
    if (match) {
      return match.groups ?? {};
    }
  }
  return undefined;
};
