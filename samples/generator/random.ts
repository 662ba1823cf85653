/** A seeded source of numbers, so that one seed always gives one apartment. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** One of the given values. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** The values in another order. */
  shuffle<T>(values: readonly T[]): T[];
}

/** Mixes a text into 32 bits (FNV-1a), to give each part of the scene its own stream of numbers. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
};

/** Creates the generator "mulberry32" from a seed and the name of what it is for. */
export const createRandom = (seed: number, purpose: string): Random => {
  let state = (Math.imul(seed, 0x9e3779b1) ^ hashText(purpose)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    pick: (values) => values[Math.floor(next() * values.length)] ?? values[0],
    shuffle: (values) =>
      values
        .map((value) => ({ value, key: next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ value }) => value),
  };
};
