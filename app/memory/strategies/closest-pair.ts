import { cosineSimilarity } from '../descriptor.ts';
import type { ConsolidationStrategy, Replacement } from './strategy.ts';

/**
 * Of the two most similar candidates the newer one gives way, be it the newcomer itself, so that what is kept is
 * spread over everything that was seen. Of equally similar pairs the oldest one decides.
 */
export const closestPair: ConsolidationStrategy = {
  name: 'closest-pair',
  choose: (candidates) => {
    const reason = 'newer of the two most similar entries';
    let closest: Replacement = { superseded: 1, keeper: 0, similarity: Number.NEGATIVE_INFINITY, reason };
    candidates.forEach((newer, j) => {
      candidates.slice(0, j).forEach((older, i) => {
        const similarity = cosineSimilarity(older.descriptor, newer.descriptor);
        if (similarity > closest.similarity) {
          closest = { superseded: j, keeper: i, similarity, reason };
        }
      });
    });
    return closest;
  },
};
