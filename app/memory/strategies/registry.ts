import { closestPair } from './closest-pair.ts';
import { mostSimilarReplacement } from './most-similar-replacement.ts';
import type { ConsolidationStrategy } from './strategy.ts';

/** Every consolidation strategy; adding one is writing it and naming it here. */
const strategies: readonly ConsolidationStrategy[] = [mostSimilarReplacement, closestPair];

export const defaultStrategyName = mostSimilarReplacement.name;

export const strategyNames: readonly string[] = strategies.map((strategy) => strategy.name);

/** The strategy of that name; throws a RangeError that lists the known ones. */
export const strategyNamed = (name: string): ConsolidationStrategy => {
  const strategy = strategies.find((candidate) => candidate.name === name);
  if (!strategy) {
    throw new RangeError(`No consolidation strategy "${name}"; there are ${strategyNames.join(', ')}`);
  }
  return strategy;
};
