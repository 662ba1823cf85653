import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import type { EpisodicEntry } from '../contract/session.ts';
import { DualMemory } from './dual-memory.ts';
import type { MemoryStep } from './working-memory.ts';

const options = { sessionId: 'kitchen/monday', workingCapacity: 3, episodicCapacity: 5 };

/** Steps in directions that a fixed sequence makes, so that every run is the same. */
const steps = (count: number): MemoryStep[] => {
  let seed = 7;
  const next = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  };
  return Array.from({ length: count }, (_, i) => ({
    ptsMicros: i * 500_000,
    descriptor: Float32Array.from({ length: 6 }, next),
  }));
};

/** What a library that saves every entry would hold. */
const saved = (memory: DualMemory, list: readonly MemoryStep[], into = new Map<string, EpisodicEntry>()) => {
  for (const step of list) {
    for (const entry of memory.step(step).entries) {
      into.set(entry.id, entry);
    }
  }
  return into;
};

test('both memories stay within their capacities and nothing is lost', () => {
  const memory = new DualMemory(options);
  const stream = steps(40);

  const entries = [...saved(memory, stream).values()];

  expect(memory.working.map((step) => step.ptsMicros)).toEqual(stream.slice(-3).map((step) => step.ptsMicros));
  expect(memory.episodic).toHaveLength(5);
  expect(entries.map((entry) => entry.ptsMicros)).toEqual(stream.map((step) => step.ptsMicros));
  const present = entries.filter((entry) => entry.supersededAtPtsMicros === undefined);
  expect(present.map((entry) => entry.ptsMicros).sort()).toEqual(memory.episodic.map((step) => step.ptsMicros).sort());
  for (const entry of entries.filter((other) => !present.includes(other))) {
    expect(entry.supersededByPtsMicros).toBe(entry.supersededAtPtsMicros);
    expect(entry.supersededAtPtsMicros).toBeGreaterThan(entry.enteredAtPtsMicros);
    expect(entry.supersededReason).toBe('most similar to a new entry');
    expect(Math.abs(entry.similarity!)).toBeLessThanOrEqual(1);
  }
});

test('at any past moment the entries tell what episodic memory held then', () => {
  const memory = new DualMemory(options);
  const stream = steps(20);
  const heldThen: number[][] = [];
  const entries = new Map<string, EpisodicEntry>();
  for (const step of stream) {
    saved(memory, [step], entries);
    heldThen.push(memory.episodic.map((held) => held.ptsMicros).sort((a, b) => a - b));
  }

  stream.forEach(({ ptsMicros: now }, i) => {
    const told = [...entries.values()].filter(
      (entry) => entry.enteredAtPtsMicros <= now && !((entry.supersededAtPtsMicros ?? Infinity) <= now),
    );
    expect(told.map((entry) => entry.ptsMicros).sort((a, b) => a - b)).toEqual(heldThen[i]);
  });
});

test.each([3, 12])('going on from a stored state after %i steps is the same as never having stopped', (cut) => {
  const stream = steps(30);
  const whole = new DualMemory(options);
  const expected = saved(whole, stream);

  const before = new DualMemory(options);
  const entries = saved(before, stream.slice(0, cut));
  const after = new DualMemory(options);
  after.restore(deserialize(serialize(before.state())));
  saved(after, stream.slice(cut), entries);

  expect([...entries.values()]).toEqual([...expected.values()]);
  expect(after.state()).toEqual(whole.state());
});

test('an entry that the strategy turns away is on record as well', () => {
  const memory = new DualMemory({ ...options, episodicCapacity: 2, strategy: 'closest-pair' });
  const directions = [
    [1, 0],
    [0, 1],
    [0.01, 1],
  ].map((descriptor, i) => ({ ptsMicros: i, descriptor: new Float32Array(descriptor) }));

  const entries = [...saved(memory, directions).values()];

  expect(memory.episodic.map((step) => step.ptsMicros)).toEqual([0, 1]);
  expect(entries[2]).toMatchObject({ enteredAtPtsMicros: 2, supersededAtPtsMicros: 2, supersededByPtsMicros: 1 });
});

test('steps must go forward, and a state must be one', () => {
  const memory = new DualMemory(options);
  memory.step(steps(1)[0]!);

  expect(() => memory.step(steps(1)[0]!)).toThrow(RangeError);
  expect(() => memory.restore({ working: 'nonsense' })).toThrow();
});
