import type { MemoryStep } from '../working-memory.ts';

/** Which of the candidates gives way, and for which other one. Both are places in the list of candidates. */
export interface Replacement {
  readonly superseded: number;
  readonly keeper: number;
  /** Cosine similarity of the two. */
  readonly similarity: number;
  readonly reason: string;
}

/** How a full episodic memory makes room. Must decide from the candidates alone, so that a resumed ingest agrees. */
export interface ConsolidationStrategy {
  readonly name: string;
  /** `candidates` are the entries in order of entry and, last, the newcomer; there are at least two. */
  choose(candidates: readonly MemoryStep[]): Replacement;
}
