import { describe, expect, it } from 'vitest';
import type { Pose } from '../contract/geometry.ts';
import { trajectoryError, type TimedPose } from './evaluate.ts';
import { compose, poseFrom } from './pose.ts';

const helix = (i: number): Pose =>
  poseFrom([0, 0, Math.sin(i / 20), Math.cos(i / 20)], [Math.cos(i / 5), Math.sin(i / 5), i / 50]);

const truth: TimedPose[] = Array.from({ length: 60 }, (_, i) => ({ ptsMicros: i * 33_333, worldFromCamera: helix(i) }));
const elsewhere = poseFrom([0.5, -0.5, 0.5, 0.5], [3, -2, 7]);

describe('trajectoryError', () => {
  it('is nothing for the same path in another world frame', () => {
    const moved = truth.map(({ ptsMicros }, i) => ({ ptsMicros, worldFromCamera: compose(elsewhere, helix(i)) }));
    expect(trajectoryError(moved, truth)?.rmse).toBeLessThan(1e-6);
  });

  it('forgives a scale only when asked to', () => {
    const halved = truth.map(({ ptsMicros }, i) => ({
      ptsMicros,
      worldFromCamera: helix(i).map((value, k) => (k % 4 === 3 && k < 12 ? value / 2 : value)),
    }));
    expect(trajectoryError(halved, truth)?.rmse).toBeGreaterThan(0.1);
    const error = trajectoryError(halved, truth, true);
    expect(error?.rmse).toBeLessThan(1e-6);
    expect(error?.scale).toBeCloseTo(2, 6);
  });

  it('gives the size of an alternating error', () => {
    const shaken = truth.map(({ ptsMicros }, i) => ({
      ptsMicros,
      worldFromCamera: helix(i).map((value, k) => (k === 11 ? value + (i % 2 === 0 ? 0.1 : -0.1) : value)),
    }));
    expect(trajectoryError(shaken, truth)?.rmse).toBeCloseTo(0.1, 3);
  });

  it('pairs by time stamp and leaves out frames without a pose', () => {
    const sparse = truth
      .filter((_, i) => i % 2 === 0)
      .map(({ ptsMicros, worldFromCamera }, i) => (i === 3 ? { ptsMicros } : { ptsMicros, worldFromCamera }));
    expect(trajectoryError(sparse, truth)?.pairs).toBe(29);
  });

  it('says nothing about two poses', () => {
    expect(trajectoryError(truth.slice(0, 2), truth)).toBeUndefined();
  });
});
