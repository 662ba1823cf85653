import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../app/contract/geometry.ts';
import { behind, between, dolly, eyeOf, fieldOfView, look, lookingAt, orbit, overview, pan, walk } from './rig.ts';
import type { RigState } from './rig.ts';

const closeTo = (actual: Vector3, expected: Vector3): void =>
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));

// Stands 5 behind the origin on the x axis and looks along x.
const start: RigState = { target: [0, 0, 0], yaw: 0, pitch: 0, distance: 5 };

describe('the camera rig', () => {
  it('stands at a distance from its target', () => {
    closeTo(eyeOf(start), [-5, 0, 0]);
  });

  it('orbits without moving its target or changing the distance', () => {
    const turned = orbit(start, Math.PI / 2, 0);
    closeTo(turned.target, [0, 0, 0]);
    closeTo(eyeOf(turned), [0, -5, 0]);
  });

  it('never tips over the pole', () => {
    expect(orbit(start, 0, 10).pitch).toBeLessThan(Math.PI / 2);
    expect(orbit(start, 0, -10).pitch).toBeGreaterThan(-Math.PI / 2);
  });

  it('turns its head on the spot', () => {
    const turned = look(start, Math.PI / 2, 0);
    closeTo(eyeOf(turned), eyeOf(start));
    closeTo(turned.target, [-5, 5, 0]);
  });

  it('pans so that what was grabbed stays under the pointer', () => {
    const height = 400;
    const viewHeight = 2 * 5 * Math.tan(fieldOfView / 2);
    // Looking along +x with z up, right is −y: dragging right by the whole height moves the target to the left, +y.
    closeTo(pan(start, height, 0, height).target, [0, viewHeight, 0]);
    closeTo(pan(start, 0, height, height).target, [0, 0, viewHeight]);
  });

  it('walks where it looks', () => {
    closeTo(eyeOf(walk(start, 2, 1, 0.5)), [-3, -1, 0.5]);
  });

  it('comes closer, but not into the target', () => {
    expect(dolly(start, 0.5).distance).toBe(2.5);
    expect(dolly(start, 0).distance).toBeGreaterThan(0);
  });

  it('looks from one place at another', () => {
    const rig = lookingAt([1, 2, 3], [4, 6, 3]);
    closeTo(eyeOf(rig), [1, 2, 3]);
    expect(rig.distance).toBeCloseTo(5);
  });

  it('follows a camera from behind and above', () => {
    // Looks along +x: right −y, down −z.
    const pose = [0, 0, 1, 7, -1, 0, 0, 0, 0, -1, 0, 1.5, 0, 0, 0, 1];
    const [x, y, z] = eyeOf(behind(pose, 2));
    expect(x).toBeCloseTo(5);
    expect(y).toBeCloseTo(0);
    expect(z).toBeGreaterThan(1.5);
  });

  it('sees a whole box from outside it', () => {
    const [x, y, z] = eyeOf(overview([-2, -2, 0], [2, 2, 2]));
    expect(Math.hypot(x, y, z - 1)).toBeGreaterThan(3);
    expect(z).toBeGreaterThan(2);
    expect(overview([-2, -2, 0], [2, 2, 2], 0.5).distance).toBeGreaterThan(
      overview([-2, -2, 0], [2, 2, 2], 2).distance,
    );
  });

  it('flies the short way round', () => {
    const half = between({ ...start, yaw: 3 }, { ...start, yaw: -3 }, 0.5);
    expect(Math.cos(half.yaw)).toBeCloseTo(-1);
  });
});
