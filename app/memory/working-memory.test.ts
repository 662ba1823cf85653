import { expect, test } from 'vitest';
import { WorkingMemory } from './working-memory.ts';

const step = (ptsMicros: number) => ({ ptsMicros, descriptor: new Float32Array([ptsMicros]) });

test('holds the last steps; each that enters a full window makes the oldest leave', () => {
  const memory = new WorkingMemory(3);

  const left = [1, 2, 3, 4, 5].map((pts) => memory.push(step(pts)).left?.ptsMicros);

  expect(left).toEqual([undefined, undefined, undefined, 1, 2]);
  expect(memory.steps.map((held) => held.ptsMicros)).toEqual([3, 4, 5]);
});

test('needs room for a step', () => {
  expect(() => new WorkingMemory(0)).toThrow(RangeError);
});
