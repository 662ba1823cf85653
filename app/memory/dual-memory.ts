import { z } from 'zod';
import { keyframeId } from '../contract/session.ts';
import type { EpisodicEntry } from '../contract/session.ts';
import { EpisodicMemory } from './episodic-memory.ts';
import type { EpisodicMemoryChange, EpisodicMemoryState } from './episodic-memory.ts';
import { WorkingMemory } from './working-memory.ts';
import type { MemoryStep, WorkingMemoryChange, WorkingMemoryState } from './working-memory.ts';

export interface DualMemoryOptions {
  readonly sessionId: string;
  /** Steps in the window of working memory. */
  readonly workingCapacity: number;
  /** Most entries of episodic memory. */
  readonly episodicCapacity: number;
  /** How a full episodic memory makes room; most-similar replacement when absent. */
  readonly strategy?: string;
}

/** What one step changed, and the entries to save: those that are new and those that were superseded. */
export interface MemoryEvents {
  readonly working: WorkingMemoryChange;
  readonly episodic: EpisodicMemoryChange;
  readonly entries: readonly EpisodicEntry[];
}

/** Both memories as plain values, which `structuredClone` and `v8.serialize` keep exactly. */
export interface DualMemoryState {
  readonly working: WorkingMemoryState;
  readonly episodic: EpisodicMemoryState;
  readonly heldEntries: readonly EpisodicEntry[];
}

const stepsSchema = z.array(z.object({ ptsMicros: z.int(), descriptor: z.instanceof(Float32Array) }));

const stateSchema = z.object({
  working: z.object({ capacity: z.int(), steps: stepsSchema }),
  episodic: z.object({ capacity: z.int(), strategy: z.string(), entries: stepsSchema }),
  heldEntries: z.array(z.custom<EpisodicEntry>((value) => typeof value === 'object' && value !== null)),
});

/**
 * Working and episodic memory of one stream, stepped together at the policy rate. A step costs the same however long
 * the stream is: it compares one descriptor with those of at most `episodicCapacity` entries. Nothing is lost: what
 * gives way in memory stays in the library, with when, why and for which frame it was superseded.
 */
export class DualMemory {
  readonly #sessionId: string;
  #working: WorkingMemory;
  #episodic: EpisodicMemory;
  /** The library's entries of what episodic memory holds, by PTS. */
  #heldEntries = new Map<number, EpisodicEntry>();

  constructor(options: DualMemoryOptions) {
    this.#sessionId = options.sessionId;
    this.#working = new WorkingMemory(options.workingCapacity);
    this.#episodic = new EpisodicMemory(options.episodicCapacity, options.strategy);
  }

  /** Steps in working memory, oldest first. */
  get working(): readonly MemoryStep[] {
    return this.#working.steps;
  }

  /** Entries of episodic memory, in order of entry. */
  get episodic(): readonly MemoryStep[] {
    return this.#episodic.entries;
  }

  /** Takes the next step; time stamps must increase. */
  step(step: MemoryStep): MemoryEvents {
    const last = this.#working.steps.at(-1);
    if (last && step.ptsMicros <= last.ptsMicros) {
      throw new RangeError(`Step at ${step.ptsMicros} µs comes after the one at ${last.ptsMicros} µs`);
    }
    const working = this.#working.push(step);
    const episodic = this.#episodic.offer(step);
    return { working, episodic, entries: this.#record(episodic) };
  }

  /** Everything needed to go on exactly from here. */
  state(): DualMemoryState {
    return {
      working: this.#working.state(),
      episodic: this.#episodic.state(),
      heldEntries: [...this.#heldEntries.values()],
    };
  }

  /** Goes on from what `state` gave, with its capacities and strategy; throws when `state` is something else. */
  restore(state: unknown): void {
    const { working, episodic, heldEntries } = stateSchema.parse(state);
    this.#working = WorkingMemory.restore(working);
    this.#episodic = EpisodicMemory.restore(episodic);
    this.#heldEntries = new Map(heldEntries.map((entry) => [entry.ptsMicros, entry]));
  }

  #record({ entered, entryReason, superseded }: EpisodicMemoryChange): EpisodicEntry[] {
    const { ptsMicros } = entered;
    const entry: EpisodicEntry = {
      id: keyframeId(this.#sessionId, ptsMicros),
      sessionId: this.#sessionId,
      ptsMicros,
      enteredAtPtsMicros: ptsMicros,
      entryReason,
    };
    this.#heldEntries.set(ptsMicros, entry);
    if (!superseded) {
      return [entry];
    }
    const held = this.#heldEntries.get(superseded.step.ptsMicros);
    if (!held) {
      throw new RangeError(`Episodic memory gave up a frame that it did not hold: ${superseded.step.ptsMicros} µs`);
    }
    this.#heldEntries.delete(held.ptsMicros);
    const ended: EpisodicEntry = {
      ...held,
      supersededAtPtsMicros: ptsMicros,
      supersededByPtsMicros: superseded.byPtsMicros,
      supersededReason: superseded.reason,
      similarity: superseded.similarity,
    };
    return held === entry ? [ended] : [ended, entry];
  }
}
