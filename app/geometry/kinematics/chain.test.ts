import { describe, expect, it } from 'vitest';
import {
  farthest,
  flangeAtZero,
  frankaAxes,
  multiply,
  productOfExponentials,
} from '../../../test/fixtures/franka-arm.ts';
import { expectValue } from '../../../test/fixtures/reading.ts';
import { forwardKinematics, type KinematicChain } from './chain.ts';
import { openRobot } from './robot-description.ts';
import { parseUrdf } from './urdf.ts';

/** Repeatable numbers between 0 and 1. */
const random = (() => {
  let state = 20_261;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
})();

const within = (chain: KinematicChain): number[] =>
  chain.joints.map(({ limits }) => limits![0] + random() * (limits![1] - limits![0]));

describe('forward kinematics of the shipped arms', () => {
  it.each(['panda', 'fr3'])('%s: equals the product of exponentials wherever its joints can go', async (name) => {
    const chain = expectValue(await openRobot(name));
    expect(chain.variables).toHaveLength(7);
    for (let i = 0; i < 500; i++) {
      const angles = within(chain);
      expect(farthest(forwardKinematics(chain, angles), productOfExponentials(angles))).toBeLessThan(1e-9);
    }
  });

  it('puts the flange where a Panda reported it: the robot state printed in the documentation of libfranka', async () => {
    const chain = expectValue(await openRobot('panda'));
    const baseFromFlange = forwardKinematics(
      chain,
      [0.0167305, -0.762614, -0.0207622, -2.34352, -0.0305686, 1.53975, 0.753872],
    );
    // Its "F_T_EE" (a hand turned by −45° and 0.1034 m long) and "O_T_EE", which list columns, to about 1 µm.
    const half = Math.SQRT1_2;
    const flangeFromHand = [half, half, 0, 0, -half, half, 0, 0, 0, 0, 1, 0.1034, 0, 0, 0, 1];
    const reported = [
      ...[0.998578, 0.0335224, -0.04122, 0.305468],
      ...[0.0328747, -0.999317, -0.016294, -0.00814133],
      ...[-0.0417381, 0.0149157, -0.999017, 0.483198],
      ...[0, 0, 0, 1],
    ];
    expect(farthest(multiply(baseFromFlange, flangeFromHand), reported)).toBeLessThan(2e-5);
  });

  it('puts the flange of the usual ready posture where trigonometry has it', async () => {
    const chain = expectValue(await openRobot('panda'));
    const ready = [0, -Math.PI / 4, 0, (-3 * Math.PI) / 4, 0, Math.PI / 2, Math.PI / 4];
    const flange = forwardKinematics(chain, ready);
    // In the plane of the arm: the upper arm leans back by 45°, the forearm lies level, the hand points down.
    const lean = Math.SQRT1_2;
    expect(flange[3]).toBeCloseTo(lean * (0.0825 - 0.316) + 0.384 + 0.088, 12);
    expect(flange[7]).toBeCloseTo(0, 12);
    expect(flange[11]).toBeCloseTo(0.333 + lean * (0.0825 + 0.316) + 0.0825 - 0.107, 12);
    expect(flange[10]).toBeCloseTo(-1, 12);
  });
});

/** The same arm as a URDF robot, with frames chosen otherwise: all of them upright while the arm is at zero. */
const uprightUrdf = (): string => {
  const places = frankaAxes.map(({ point }, i) => (i === 2 ? ([0, 0, 0.5] as const) : point));
  const links = [...places.keys(), 7, 8].map((i) => `<link name="l${i}"/>`).join('\n');
  const joints = frankaAxes.map(({ direction }, i) => {
    const before = places[i - 1] ?? [0, 0, 0];
    const xyz = places[i]!.map((value, axis) => value - before[axis]!).join(' ');
    return (
      `<joint name="j${i + 1}" type="revolute"><parent link="l${i}"/><child link="l${i + 1}"/>` +
      `<origin xyz="${xyz}"/><axis xyz="${direction.map((value) => value * 3).join(' ')}"/>` +
      `<limit lower="-3" upper="3" effort="87" velocity="2"/></joint>`
    );
  });
  const flange = `<origin xyz="0 0 ${flangeAtZero[11]!}" rpy="${Math.PI} 0 0"/>`;
  return `<?xml version="1.0"?>
<robot name="upright">
${links}
${joints.join('\n')}
<joint name="flange" type="fixed"><parent link="l7"/><child link="l8"/>${flange}</joint>
</robot>`;
};

describe('a URDF of the same arm', () => {
  it('gives the same poses', async () => {
    const shipped = expectValue(await openRobot('panda'));
    const chain = expectValue(parseUrdf(uprightUrdf(), 'upright.urdf'));
    expect(chain).toMatchObject({ robot: 'upright', base: 'l0', tip: 'l8' });
    for (let i = 0; i < 100; i++) {
      const angles = within(shipped);
      expect(farthest(forwardKinematics(chain, angles), forwardKinematics(shipped, angles))).toBeLessThan(1e-9);
    }
  });

  it('ends at the link that was named', () => {
    const chain = expectValue(parseUrdf(uprightUrdf(), 'upright.urdf', { tip: 'l2' }));
    expect(chain.variables).toEqual(['j1', 'j2']);
    expect(forwardKinematics(chain, [0, Math.PI / 2]).slice(0, 4)).toEqual(
      [0, 0, 1, 0].map((value) => expect.closeTo(value, 12) as unknown),
    );
  });
});
