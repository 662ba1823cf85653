/** One step of the dual memory: a frame and the pooled feature of its picture. */
export interface MemoryStep {
  readonly ptsMicros: number;
  readonly descriptor: Float32Array;
}

/** What a step did to working memory: it always enters; once the window is full, the oldest one leaves. */
export interface WorkingMemoryChange {
  readonly entered: MemoryStep;
  readonly left?: MemoryStep;
}

/** A working memory as plain values, which `structuredClone` and `v8.serialize` keep exactly. */
export interface WorkingMemoryState {
  readonly capacity: number;
  readonly steps: readonly MemoryStep[];
}

/**
 * The last steps of a stream in order: a sliding window, first in, first out (VLM², arXiv 2511.20644, Algorithm 1,
 * lines 9–14).
 */
export class WorkingMemory {
  readonly capacity: number;
  #steps: readonly MemoryStep[] = [];

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Working memory needs room for at least one step, not ${capacity}`);
    }
    this.capacity = capacity;
  }

  static restore(state: WorkingMemoryState): WorkingMemory {
    const memory = new WorkingMemory(state.capacity);
    memory.#steps = state.steps.slice(-state.capacity);
    return memory;
  }

  /** Oldest first. */
  get steps(): readonly MemoryStep[] {
    return this.#steps;
  }

  push(entered: MemoryStep): WorkingMemoryChange {
    const left = this.#steps.length === this.capacity ? this.#steps[0] : undefined;
    this.#steps = [...this.#steps.slice(left ? 1 : 0), entered];
    return { entered, ...(left && { left }) };
  }

  state(): WorkingMemoryState {
    return { capacity: this.capacity, steps: this.#steps };
  }
}
