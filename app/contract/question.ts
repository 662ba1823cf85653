import { z } from 'zod';
import { vector3Schema } from './geometry.ts';
import { frameReferenceSchema } from './session.ts';

/** What an answer rests on: frames by PTS, and objects. */
export const evidenceSchema = z.object({
  frames: z.array(frameReferenceSchema),
  objectIds: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** `cannot-tell`: memory does not hold the answer. `ambiguous`: a name fits several things, listed as alternatives. */
export const answerStatusSchema = z.enum(['answered', 'cannot-tell', 'ambiguous']);
export type AnswerStatus = z.infer<typeof answerStatusSchema>;

/** An answer with its value, unit, confidence and evidence. */
export const answerSchema = z.object({
  status: answerStatusSchema,
  /** The kind of question that it was understood as, such as `count` or `distance`; absent when not understood. */
  kind: z.string().optional(),
  /** The answer as a sentence. */
  text: z.string(),
  /** A number or a name, where the answer is one. */
  value: z.union([z.number(), z.string()]).optional(),
  /** Unit of a number: `m`, `m²`, `objects`, … */
  unit: z.string().optional(),
  /** The chosen one, where the question named several. */
  choice: z.string().optional(),
  /** World coordinates, where the answer is a place. */
  position: vector3Schema.optional(),
  confidence: z.number().min(0).max(1),
  evidence: evidenceSchema,
  /** Candidates of an ambiguous name, or the names that are known when nothing matched. */
  alternatives: z.array(z.object({ label: z.string(), objectId: z.string().optional() })),
  /** How the answer came about, in one sentence. */
  because: z.string(),
});
export type Answer = z.infer<typeof answerSchema>;

/** A question asked of an environment, kept with its answer. */
export const askedQuestionSchema = z.object({
  id: z.string(),
  environment: z.string(),
  question: z.string(),
  askedAtMillis: z.int(),
  answer: answerSchema,
});
export type AskedQuestion = z.infer<typeof askedQuestionSchema>;
