import type { Vector3 } from '../../app/contract/geometry.ts';
import { addScaled, cross, directionOf, norm, positionOf, subtract, unit } from './vector.ts';

/**
 * Where the 3D view looks from: a camera `distance` away from `target`, turned by `yaw` about the world's z axis and
 * `pitch` above the horizon (radians). World coordinates are right-handed with z up, as everywhere.
 */
export interface RigState {
  readonly target: Vector3;
  readonly yaw: number;
  readonly pitch: number;
  readonly distance: number;
}

/** Vertical field of view of the 3D view, radians. */
export const fieldOfView = 0.9;

const steepest = Math.PI / 2 - 0.01;
const clampPitch = (pitch: number): number => Math.min(Math.max(pitch, -steepest), steepest);
const up: Vector3 = [0, 0, 1];

/** The direction in which the rig looks. */
export const forwardOf = ({ yaw, pitch }: Pick<RigState, 'yaw' | 'pitch'>): Vector3 => [
  Math.cos(pitch) * Math.cos(yaw),
  Math.cos(pitch) * Math.sin(yaw),
  Math.sin(pitch),
];

const rightOf = (state: RigState): Vector3 => unit(cross(forwardOf(state), up));

/** Where the rig's camera stands. */
export const eyeOf = (state: RigState): Vector3 => addScaled(state.target, forwardOf(state), -state.distance);

/** Turns about the target; angles in radians. */
export const orbit = (state: RigState, turn: number, tilt: number): RigState => ({
  ...state,
  yaw: state.yaw + turn,
  pitch: clampPitch(state.pitch + tilt),
});

/** Turns the head: the camera stays, the target swings. */
export const look = (state: RigState, turn: number, tilt: number): RigState => {
  const eye = eyeOf(state);
  const turned = orbit(state, turn, tilt);
  return { ...turned, target: addScaled(eye, forwardOf(turned), turned.distance) };
};

/** Moves sideways and upwards in the picture plane by pixels, so that what is grabbed stays under the pointer. */
export const pan = (state: RigState, rightPixels: number, downPixels: number, heightPixels: number): RigState => {
  const unitsPerPixel = (2 * state.distance * Math.tan(fieldOfView / 2)) / Math.max(1, heightPixels);
  const right = rightOf(state);
  const above = cross(right, forwardOf(state));
  const target = addScaled(
    addScaled(state.target, right, -rightPixels * unitsPerPixel),
    above,
    downPixels * unitsPerPixel,
  );
  return { ...state, target };
};

/** Comes closer (factor below 1) or steps back. */
export const dolly = (state: RigState, factor: number): RigState => ({
  ...state,
  distance: Math.min(Math.max(state.distance * factor, 0.05), 5000),
});

/** Walks: forward, to the right and up, in the scene's unit. */
export const walk = (state: RigState, forward: number, right: number, upwards: number): RigState => ({
  ...state,
  target: addScaled(addScaled(addScaled(state.target, forwardOf(state), forward), rightOf(state), right), up, upwards),
});

/** A rig that stands at `eye` and looks at `target`. */
export const lookingAt = (eye: Vector3, target: Vector3): RigState => {
  const away = subtract(target, eye);
  const distance = Math.max(norm(away), 0.05);
  const [x, y, z] = unit(away);
  return { target, distance, yaw: Math.atan2(y, x), pitch: clampPitch(Math.asin(Math.min(1, Math.max(-1, z)))) };
};

/** A rig just behind and above the recording's camera, looking where it looks. */
export const behind = (worldFromCamera: readonly number[], distance: number): RigState => {
  const forward = directionOf(worldFromCamera, 2);
  const position = positionOf(worldFromCamera);
  const eye = addScaled(addScaled(position, forward, -distance), directionOf(worldFromCamera, 1), -distance * 0.35);
  return lookingAt(eye, addScaled(position, forward, distance));
};

/** A rig from which a box of the world is seen whole, from above and aside, in a view of `aspect` (width / height). */
export const overview = (low: Vector3, high: Vector3, aspect = 1): RigState => {
  const target: Vector3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  const size = Math.max(norm(subtract(high, low)), 0.5);
  const narrow = Math.min(1, Math.max(aspect, 0.2));
  return { target, yaw: Math.PI / 4, pitch: -0.72, distance: (size * 0.42) / (Math.tan(fieldOfView / 2) * narrow) };
};

/** A rig between two others, for flights; angles go the short way round. */
export const between = (from: RigState, to: RigState, share: number): RigState => {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  const turn = Math.atan2(Math.sin(to.yaw - from.yaw), Math.cos(to.yaw - from.yaw));
  return {
    target: [mix(from.target[0], to.target[0]), mix(from.target[1], to.target[1]), mix(from.target[2], to.target[2])],
    yaw: from.yaw + turn * share,
    pitch: mix(from.pitch, to.pitch),
    distance: mix(from.distance, to.distance),
  };
};
