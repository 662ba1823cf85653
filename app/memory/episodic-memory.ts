import { defaultStrategyName, strategyNamed } from './strategies/registry.ts';
import type { ConsolidationStrategy } from './strategies/strategy.ts';
import type { MemoryStep } from './working-memory.ts';

/** What a step did to episodic memory. */
export interface EpisodicMemoryChange {
  readonly entered: MemoryStep;
  readonly entryReason: string;
  /** What had to give way; the newcomer itself, where the strategy prefers what was there. */
  readonly superseded?: {
    readonly step: MemoryStep;
    readonly byPtsMicros: number;
    readonly similarity: number;
    readonly reason: string;
  };
}

/** An episodic memory as plain values, which `structuredClone` and `v8.serialize` keep exactly. */
export interface EpisodicMemoryState {
  readonly capacity: number;
  readonly strategy: string;
  readonly entries: readonly MemoryStep[];
}

/**
 * At most `capacity` steps that stand for everything seen so far. Every step is offered to it, as in VLM²
 * (arXiv 2511.20644, Algorithm 1), where each step's fused feature enters directly rather than on leaving working
 * memory; without a model that feature is the picture's descriptor. While there is room everything enters; after
 * that the strategy says what gives way.
 */
export class EpisodicMemory {
  readonly capacity: number;
  readonly #strategy: ConsolidationStrategy;
  #entries: readonly MemoryStep[] = [];

  constructor(capacity: number, strategy: string = defaultStrategyName) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Episodic memory needs room for at least one entry, not ${capacity}`);
    }
    this.capacity = capacity;
    this.#strategy = strategyNamed(strategy);
  }

  static restore(state: EpisodicMemoryState): EpisodicMemory {
    const memory = new EpisodicMemory(state.capacity, state.strategy);
    memory.#entries = state.entries.slice(0, state.capacity);
    return memory;
  }

  /** In order of entry. */
  get entries(): readonly MemoryStep[] {
    return this.#entries;
  }

  offer(newcomer: MemoryStep): EpisodicMemoryChange {
    const candidates = [...this.#entries, newcomer];
    if (candidates.length <= this.capacity) {
      this.#entries = candidates;
      return { entered: newcomer, entryReason: `there was room (${candidates.length} of ${this.capacity})` };
    }
    const { superseded, keeper, similarity, reason } = this.#strategy.choose(candidates);
    const step = candidates[superseded];
    const kept = candidates[keeper];
    if (!step || !kept) {
      throw new RangeError(`Strategy ${this.#strategy.name} chose entry ${superseded} of ${candidates.length}`);
    }
    this.#entries = candidates.filter((_, i) => i !== superseded);
    return {
      entered: newcomer,
      entryReason:
        kept === newcomer ? 'took the place of the entry most similar to it' : `offered by ${this.#strategy.name}`,
      superseded: { step, byPtsMicros: kept.ptsMicros, similarity, reason },
    };
  }

  state(): EpisodicMemoryState {
    return { capacity: this.capacity, strategy: this.#strategy.name, entries: this.#entries };
  }
}
