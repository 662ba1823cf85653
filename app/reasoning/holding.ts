import { z } from 'zod';
import type { RelationKind, SceneObject } from '../contract/scene.ts';
import { isSittable } from './surroundings.ts';
import type { SceneMemory } from './scene-memory.ts';

/** How one thing stands to another, the way people say it. */
export const holdingSchema = z.enum(['on', 'in', 'under', 'above', 'below', 'next_to', 'near']);
export type Holding = z.infer<typeof holdingSchema>;

/** The words for each, and the relations that make it true. */
const holdings: Record<Holding, { readonly words: readonly string[]; readonly relations: readonly RelationKind[] }> = {
  on: { words: ['on top of', 'lying on', 'standing on', 'on', 'upon'], relations: ['on_top'] },
  in: { words: ['inside of', 'inside', 'within', 'in'], relations: ['inside'] },
  under: { words: ['underneath', 'under', 'beneath'], relations: ['under', 'below'] },
  above: { words: ['above', 'over'], relations: ['above', 'on_top'] },
  below: { words: ['below'], relations: ['below', 'under'] },
  next_to: {
    words: ['right next to', 'next to', 'beside', 'adjacent to', 'touching', 'against'],
    relations: ['adjacent'],
  },
  near: {
    words: ['close to', 'near to', 'near', 'around', 'by', 'nearby'],
    relations: ['near', 'adjacent', 'on_top', 'under'],
  },
};

const byWords = new Map(
  Object.entries(holdings).flatMap(([holding, { words }]) =>
    words.map((word) => [word, holdingSchema.parse(holding)] as const),
  ),
);

/** Matches every wording of a holding, longest first; "in front of" is none of them. */
export const holdingPattern = String.raw`(?:${[...byWords.keys()].sort((a, b) => b.length - a.length).join('|')})(?! front of\b)`;

/** The holding that words name. */
export const holdingNamed = (words: string): Holding | undefined => byWords.get(words);

/** A holding for a sentence: `next to`. */
export const holdingWords = (holding: Holding): string => holding.replaceAll('_', ' ');

/** Whether an object stands to a base as said, by the relations that were derived. */
export const isHeld = (object: SceneObject, holding: Holding, base: SceneObject, memory: SceneMemory): boolean => {
  const { relations } = holdings[holding];
  const accepted: readonly RelationKind[] = holding === 'on' && isSittable(base) ? [...relations, 'inside'] : relations;
  return memory.relations.some(
    ({ fromId, toId, kind }) => fromId === object.id && toId === base.id && accepted.includes(kind),
  );
};
