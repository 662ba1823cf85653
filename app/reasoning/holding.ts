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

/** The objects that stand to a base as said, by the relations that were derived. */
export const heldBy = (base: SceneObject, holding: Holding, memory: SceneMemory): SceneObject[] => {
  const { relations } = holdings[holding];
  const accepted: readonly RelationKind[] = holding === 'on' && isSittable(base) ? [...relations, 'inside'] : relations;
  const ids = new Set(
    memory.relations
      .filter(({ toId, kind }) => toId === base.id && accepted.includes(kind))
      .map(({ fromId }) => fromId),
  );
  return memory.objects.filter(({ id }) => ids.has(id));
};
