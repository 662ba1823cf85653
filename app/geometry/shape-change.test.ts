import { describe, expect, it } from 'vitest';
import type { Pose } from '../contract/geometry.ts';
import type { Correction } from './session-map.ts';
import { changesShape } from './shape-change.ts';

const sceneDepth = 2;

/** Ten steps of 10 cm along x, looking along z, the way of the camera turned about y and grown. */
const walk = (turn = 0, scale = 1, bend = 0): Pose[] =>
  Array.from({ length: 10 }, (_, i) => {
    const angle = turn + bend * i;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const x = 0.1 * i * scale;
    return [c, 0, s, x * Math.cos(turn) + 3 * turn, 0, 1, 0, 0, -s, 0, c, -x * Math.sin(turn), 0, 0, 0, 1];
  });

const corrections = (to: readonly Pose[], scaleOf: (i: number) => number = () => 1): Correction[] =>
  walk().map((from, i) => ({ ptsMicros: i * 250_000, subMap: 0, scale: scaleOf(i), from, to: to[i] ?? from }));

describe('a change of the shape of a session', () => {
  it('is none where nothing is corrected', () => {
    expect(changesShape(corrections(walk()), sceneDepth)).toBe(false);
    expect(changesShape([], sceneDepth)).toBe(false);
  });

  it('is none where all is turned, moved and grown together', () => {
    expect(
      changesShape(
        corrections(walk(0.7, 1.8), () => 1.8),
        sceneDepth,
      ),
    ).toBe(false);
  });

  it('is none where drift is taken back little by little', () => {
    expect(
      changesShape(
        corrections(walk(0, 1.01, 0.002), (i) => 1.01 ** i),
        sceneDepth,
      ),
    ).toBe(false);
  });

  it('is one where a view grows against the view before it', () => {
    expect(
      changesShape(
        corrections(walk(), (i) => (i < 5 ? 1 : 1.05)),
        sceneDepth,
      ),
    ).toBe(true);
  });

  it('is one where a view moves or turns against the view before it', () => {
    const aside = walk().map((pose, i) => (i < 5 ? pose : pose.map((value, at) => (at === 11 ? value + 0.1 : value))));
    expect(changesShape(corrections(aside), sceneDepth)).toBe(true);
    expect(changesShape(corrections(walk(0, 1, 0.05)), sceneDepth)).toBe(true);
  });

  it('is none where the same move is small against the depth of the scene', () => {
    const aside = walk().map((pose, i) => (i < 5 ? pose : pose.map((value, at) => (at === 11 ? value + 0.1 : value))));
    expect(changesShape(corrections(aside), 20)).toBe(false);
  });
});
