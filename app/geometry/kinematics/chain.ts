import type { Pose, Vector3 } from '../../contract/geometry.ts';
import { compose, identityPose } from '../pose.ts';

/** One moving joint: where it sits before it moves, and how it moves. */
export interface ChainJoint {
  readonly name: string;
  /** `continuous` turns without end, so that its angle may have been logged modulo a turn. */
  readonly type: 'revolute' | 'continuous' | 'prismatic';
  /** From the frame in which this joint sits to the frame before it: the one that the joint before it moves. */
  readonly origin: Pose;
  /** Unit axis in the joint's own frame, along or about which it moves. */
  readonly axis: Vector3;
  /** Lowest and highest position in radians or metres. */
  readonly limits?: readonly [number, number];
  /** The joint moves with another one: position = multiplier × position of `variable` + offset. */
  readonly mimic?: { readonly multiplier: number; readonly offset: number };
  /** Which of the chain's `variables` moves it. */
  readonly variable: number;
}

/** A serial chain of links, from a robot's base to the link that carries the camera. */
export interface KinematicChain {
  readonly robot: string;
  readonly base: string;
  readonly tip: string;
  readonly joints: readonly ChainJoint[];
  /** From the tip to the frame that the last joint moves. */
  readonly lastFromTip: Pose;
  /** Names of the positions that a pose is computed from, in their order: radians, or metres of prismatic joints. */
  readonly variables: readonly string[];
}

/** Turn by an angle about a unit axis (Rodrigues' formula). */
export const turnAbout = ([x, y, z]: Vector3, radians: number): Pose => {
  const [s, c] = [Math.sin(radians), Math.cos(radians)];
  const v = 1 - c;
  return [
    ...[c + x * x * v, x * y * v - z * s, x * z * v + y * s, 0],
    ...[y * x * v + z * s, c + y * y * v, y * z * v - x * s, 0],
    ...[z * x * v - y * s, z * y * v + x * s, c + z * z * v, 0],
    ...[0, 0, 0, 1],
  ];
};

/** Shift along a vector. */
export const shiftBy = ([x, y, z]: Vector3): Pose => [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1];

/** Where a joint's axis has carried its frame. */
const motionOf = (joint: ChainJoint, position: number): Pose => {
  const [x, y, z] = joint.axis;
  return joint.type === 'prismatic'
    ? shiftBy([x * position, y * position, z * position])
    : turnAbout(joint.axis, position);
};

/** Position of one joint, in radians or metres, from the positions of the chain's variables. */
export const jointPosition = (joint: ChainJoint, positions: readonly number[]): number => {
  const position = positions[joint.variable];
  if (position === undefined) {
    throw new RangeError(`The joint ${joint.name} has no position among ${positions.length}`);
  }
  const { multiplier, offset } = joint.mimic ?? { multiplier: 1, offset: 0 };
  return multiplier * position + offset;
};

/** `baseFromTip`, in metres, for the positions of the chain's `variables` in radians or metres. */
export const forwardKinematics = (chain: KinematicChain, positions: readonly number[]): Pose => {
  let baseFromJoint = identityPose;
  for (const joint of chain.joints) {
    const moved = motionOf(joint, jointPosition(joint, positions));
    baseFromJoint = compose(baseFromJoint, compose(joint.origin, moved));
  }
  return compose(baseFromJoint, chain.lastFromTip);
};
