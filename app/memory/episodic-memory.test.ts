import { expect, test } from 'vitest';
import { EpisodicMemory } from './episodic-memory.ts';

/** A step that looks in a direction of the plane, in degrees. */
const looking = (ptsMicros: number, degrees: number) => ({
  ptsMicros,
  descriptor: new Float32Array([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]),
});

const held = (memory: EpisodicMemory): number[] => memory.entries.map((entry) => entry.ptsMicros);

test('takes everything while there is room', () => {
  const memory = new EpisodicMemory(3);

  const changes = [0, 0, 0].map((degrees, i) => memory.offer(looking(i, degrees)));

  expect(held(memory)).toEqual([0, 1, 2]);
  expect(changes.map((change) => change.superseded)).toEqual([undefined, undefined, undefined]);
  expect(changes[1]?.entryReason).toBe('there was room (2 of 3)');
});

test('once full, a newcomer takes the place of the entry most similar to it', () => {
  const memory = new EpisodicMemory(3);
  for (const [pts, degrees] of [
    [0, 0],
    [1, 40],
    [2, 90],
  ] as const) {
    memory.offer(looking(pts, degrees));
  }

  // 60° is 20° from the second entry and 30° from the third.
  const change = memory.offer(looking(3, 60));

  expect(held(memory)).toEqual([0, 2, 3]);
  expect(change.superseded?.step.ptsMicros).toBe(1);
  expect(change.superseded?.byPtsMicros).toBe(3);
  expect(change.superseded?.similarity).toBeCloseTo(Math.cos(Math.PI / 9), 6);
});

test('compares directions, not lengths, and lets the oldest of equals go', () => {
  const memory = new EpisodicMemory(2);
  memory.offer({ ptsMicros: 0, descriptor: new Float32Array([100, 100]) });
  memory.offer({ ptsMicros: 1, descriptor: new Float32Array([0.01, 0]) });
  memory.offer({ ptsMicros: 2, descriptor: new Float32Array([1, 0.1]) });
  expect(held(memory)).toEqual([0, 2]);

  const same = new EpisodicMemory(2);
  [0, 1, 2].forEach((pts) => same.offer(looking(pts, 10)));
  expect(held(same)).toEqual([1, 2]);
});

test('by the closest pair, the newer of the two most similar gives way, be it the newcomer', () => {
  const memory = new EpisodicMemory(3, 'closest-pair');
  for (const [pts, degrees] of [
    [0, 0],
    [1, 10],
    [2, 90],
  ] as const) {
    memory.offer(looking(pts, degrees));
  }

  const kept = memory.offer(looking(3, 60));
  expect(held(memory)).toEqual([0, 2, 3]);
  expect(kept.superseded).toMatchObject({ step: { ptsMicros: 1 }, byPtsMicros: 0 });

  const declined = memory.offer(looking(4, 61));
  expect(held(memory)).toEqual([0, 2, 3]);
  expect(declined.superseded).toMatchObject({ step: { ptsMicros: 4 }, byPtsMicros: 3 });
});

test('on a smooth pan, the closest pair keeps the whole pan while most-similar replacement forgets its middle', () => {
  const widestGap = (strategy: string): number => {
    const memory = new EpisodicMemory(8, strategy);
    for (let i = 0; i <= 100; i += 1) {
      memory.offer(looking(i, i * 0.9));
    }
    const seen = held(memory);
    return Math.max(...seen.slice(1).map((pts, i) => pts - seen[i]!));
  };

  expect(widestGap('most-similar-replacement')).toBeGreaterThan(90);
  expect(widestGap('closest-pair')).toBeLessThan(30);
});

test('says which strategies there are', () => {
  expect(() => new EpisodicMemory(2, 'random')).toThrow(/most-similar-replacement/);
});
