import { z } from 'zod';
import type { QuestionKind } from './kind.ts';
import { aroundKind } from './kinds/around.ts';
import { closestKind } from './kinds/closest.ts';
import { countKind } from './kinds/count.ts';
import { directionKind } from './kinds/direction.ts';
import { distanceKind } from './kinds/distance.ts';
import { holdingKind } from './kinds/holding.ts';
import { inventoryKind } from './kinds/inventory.ts';
import { placeKind } from './kinds/place.ts';
import { presenceKind } from './kinds/presence.ts';
import { roomSizeKind } from './kinds/room-size.ts';
import { seenKind } from './kinds/seen.ts';
import { sizeKind } from './kinds/size.ts';
import { standingKind } from './kinds/standing.ts';

/**
 * Every kind of question by its name, in the order in which they are tried: a more special wording stands before a more
 * general one ("how many metres is …" before "how many …", "where was … last seen" before "where was …").
 */
export const kinds = {
  direction: directionKind,
  closest: closestKind,
  distance: distanceKind,
  seen: seenKind,
  'room-size': roomSizeKind,
  size: sizeKind,
  count: countKind,
  around: aroundKind,
  standing: standingKind,
  presence: presenceKind,
  inventory: inventoryKind,
  holding: holdingKind,
  place: placeKind,
} as const;

/** A question as data, tagged by its kind. */
export type SpatialQuery = {
  [Kind in keyof typeof kinds]: z.infer<(typeof kinds)[Kind]['schema']>;
}[keyof typeof kinds];

/** Checks a query that came from elsewhere, such as a language model. */
export const spatialQuerySchema: z.ZodType<SpatialQuery> = z.union(Object.values(kinds).map(({ schema }) => schema));

/** The kind that a query belongs to. */
export const kindOf = (query: SpatialQuery): QuestionKind<SpatialQuery> =>
  // Sound, because each kind's queries carry its own name.
  kinds[query.kind];

/** One question of each kind, to show what can be asked. */
export const exampleQuestions: readonly string[] = Object.values(kinds).map(({ example }) => example);
