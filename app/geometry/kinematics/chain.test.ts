import { describe, expect, it } from 'vitest';
import type { Pose, Vector3 } from '../../contract/geometry.ts';
import { expectValue } from '../../../test/fixtures/reading.ts';
import { forwardKinematics, type KinematicChain } from './chain.ts';
import { openRobot } from './robot-description.ts';
import { parseUrdf } from './urdf.ts';

/** A joint as a line in space while the arm is at zero: where its axis passes, and which way. */
interface ScrewAxis {
  readonly point: Vector3;
  readonly direction: Vector3;
}

// Franka's drawing of the arm stretched upright, in metres from the base: shoulder at 0.333, elbow 0.316 above it and
// 0.0825 before it, wrist 0.384 above the elbow, and the flange 0.107 below the last joint, 0.088 before the wrist.
const shoulder = 0.333;
const elbow = shoulder + 0.316;
const wrist = elbow + 0.384;
const frankaAxes: readonly ScrewAxis[] = [
  { point: [0, 0, 0], direction: [0, 0, 1] },
  { point: [0, 0, shoulder], direction: [0, 1, 0] },
  { point: [0, 0, 0], direction: [0, 0, 1] },
  { point: [0.0825, 0, elbow], direction: [0, -1, 0] },
  { point: [0, 0, 0], direction: [0, 0, 1] },
  { point: [0, 0, wrist], direction: [0, -1, 0] },
  { point: [0.088, 0, 0], direction: [0, 0, -1] },
];
// At zero the flange hangs with its z axis straight down.
const frankaHome: Pose = [1, 0, 0, 0.088, 0, -1, 0, 0, 0, 0, -1, wrist - 0.107, 0, 0, 0, 1];

const multiply = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: 16 }, (_, i) =>
    [0, 1, 2, 3].reduce((sum, k) => sum + a[i - (i % 4) + k]! * b[(i % 4) + 4 * k]!, 0),
  );

/** exp([ξ] θ) summed as a power series: nothing in common with a closed formula but its meaning. */
const exponential = ({ point: [px, py, pz], direction: [x, y, z] }: ScrewAxis, theta: number): number[] => {
  const velocity = [py * z - pz * y, pz * x - px * z, px * y - py * x];
  const twist = [0, -z, y, velocity[0]!, z, 0, -x, velocity[1]!, -y, x, 0, velocity[2]!, 0, 0, 0, 0];
  const scaled = twist.map((value) => value * theta);
  let term = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  let sum = term;
  for (let n = 1; n <= 40; n++) {
    term = multiply(term, scaled).map((value) => value / n);
    sum = sum.map((value, i) => value + term[i]!);
  }
  return sum;
};

/** The flange by the product of exponentials (Lynch and Park, Modern Robotics, eq. 4.14). */
const productOfExponentials = (angles: readonly number[]): number[] =>
  [...frankaAxes]
    .reverse()
    .reduce((pose, axis, i) => multiply(exponential(axis, angles[6 - i]!), pose), [...frankaHome]);

/** Repeatable numbers between 0 and 1. */
const random = (() => {
  let state = 20_261;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
})();

const within = (chain: KinematicChain): number[] =>
  chain.joints.map(({ limits }) => limits![0] + random() * (limits![1] - limits![0]));

const farthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

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
  const places = frankaAxes.map(({ point }, i) => (i === 2 ? ([0, 0, 0.5] as Vector3) : point));
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
  const flange = `<origin xyz="0 0 ${wrist - 0.107}" rpy="${Math.PI} 0 0"/>`;
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
