import { cosineSimilarity } from '../descriptor.ts';
import type { ConsolidationStrategy } from './strategy.ts';

/**
 * The newcomer always enters, in place of the entry that is most similar to it: i* = argmax cos(M, E_i)
 * (VLM², arXiv 2511.20644, Eq. 8 and Algorithm 1, lines 16–24). Of equally similar entries the oldest gives way.
 *
 * On smooth video the newest entry is nearly always the most similar one, so that one place changes at every step
 * while the others stay as they were; `closest-pair` has not got that weakness.
 */
export const mostSimilarReplacement: ConsolidationStrategy = {
  name: 'most-similar-replacement',
  choose: (candidates) => {
    const keeper = candidates.length - 1;
    const newcomer = candidates[keeper];
    let superseded = 0;
    let similarity = Number.NEGATIVE_INFINITY;
    for (const [i, entry] of candidates.slice(0, keeper).entries()) {
      const similarityToEntry = newcomer ? cosineSimilarity(newcomer.descriptor, entry.descriptor) : 0;
      if (similarityToEntry > similarity) {
        superseded = i;
        similarity = similarityToEntry;
      }
    }
    return { superseded, keeper, similarity, reason: 'most similar to a new entry' };
  },
};
