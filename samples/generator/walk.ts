import type { Pose, Vector3 } from '../../app/contract/geometry.ts';
import type { Plan } from './plan.ts';
import { splineAt } from './spline.ts';

/** Frames a second of the rendered walk. */
export const frameRate = 30;

/** One frame's camera: its time stamp and pose, and how it got there (unit: metres, radians). */
export interface WalkFrame {
  readonly index: number;
  readonly ptsMicros: number;
  readonly position: Vector3;
  readonly yaw: number;
  readonly pitch: number;
  readonly worldFromCamera: Pose;
}

/** A place to walk by and the place to look at from there; the eye is at the usual height. */
interface Waypoint {
  readonly x: number;
  readonly y: number;
  readonly look: Vector3;
}

const eyeHeight = 1.5;
const fastestMetresPerSecond = 0.5;
const fastestTurnRadiansPerSecond = (30 * Math.PI) / 180;
const samplesPerSegment = 60;

const waypointsOf = ({ living, kitchen, corridor, bedroom, study, doors }: Plan): Waypoint[] => {
  const to = (x: number, y: number, look: Vector3): Waypoint => ({ x, y, look });
  const middle = (corridor.minY + corridor.maxY) / 2;
  const { livingKitchen, kitchenCorridor, corridorStudy, corridorBedroom, livingCorridor } = doors;
  const k = kitchen.minX;
  const s = { x: study.minX, y: study.minY };
  const b = { x: bedroom.minX, y: bedroom.minY };
  return [
    to(1.35, 3.1, [2.7, 1, 0.6]),
    to(1.75, 3.05, [2.95, 1.2, 0.5]),
    to(2.2, 2.95, [3.3, 1.2, 0.6]),
    to(2.75, 2.9, [4.2, 1.4, 0.7]),
    to(3.35, 2.9, [5.2, 1.9, 0.9]),
    to(3.95, 2.85, [6.2, 2.2, 0.9]),
    to(4.55, 2.75, [7, 2.6, 1]),
    to(livingKitchen.x, 2.72, [8.2, 2.2, 0.8]),
    to(k + 0.55, 2.95, [k + 2.2, 1.7, 0.7]),
    to(k + 1, 3.3, [k + 2.4, 1.3, 0.8]),
    to(k + 1.6, 3.52, [k + 2.8, 1, 0.9]),
    to(k + 2.2, 3.58, [k + 4, 1.6, 0.9]),
    to(kitchenCorridor.x - 0.22, 3.66, [k + 4.6, 3.6, 1.1]),
    to(kitchenCorridor.x - 0.05, 3.95, [kitchenCorridor.x + 0.5, 6, 1.3]),
    to(kitchenCorridor.x - 0.05, 4.5, [kitchenCorridor.x - 0.6, 6, 1.35]),
    to(kitchenCorridor.x - 0.2, 4.92, [kitchenCorridor.x - 1.8, 5.9, 1.3]),
    to(kitchenCorridor.x - 0.65, middle, [kitchenCorridor.x - 2.6, middle + 0.35, 1.3]),
    to(corridorStudy.x + 0.55, middle, [corridorStudy.x - 0.6, middle + 0.9, 1.2]),
    to(corridorStudy.x + 0.12, middle + 0.25, [corridorStudy.x + 0.2, s.y + 1.5, 1.1]),
    to(corridorStudy.x + 0.05, s.y - 0.05, [corridorStudy.x + 0.6, s.y + 3, 1]),
    to(corridorStudy.x + 0.2, s.y + 0.5, [corridorStudy.x + 1.2, s.y + 3.3, 1]),
    to(corridorStudy.x + 0.6, s.y + 0.95, [corridorStudy.x + 1.5, s.y + 3.3, 1]),
    to(corridorStudy.x + 0.95, s.y + 1.25, [corridorStudy.x + 1, s.y + 3.4, 1]),
    to(corridorStudy.x + 0.95, s.y + 1.6, [corridorStudy.x - 0.6, s.y + 3.2, 1]),
    to(corridorStudy.x + 0.5, s.y + 1.72, [s.x + 0.2, s.y + 2.6, 1]),
    to(corridorStudy.x + 0.05, s.y + 1.7, [s.x + 0.2, s.y + 1.6, 0.9]),
    to(corridorStudy.x - 0.2, s.y + 1.45, [s.x + 0.5, s.y + 0.4, 0.9]),
    to(corridorStudy.x - 0.2, s.y + 0.95, [corridorStudy.x - 0.7, s.y - 1, 1]),
    to(corridorStudy.x - 0.05, s.y + 0.5, [corridorStudy.x - 0.55, corridor.minY, 1.2]),
    to(corridorStudy.x - 0.05, s.y - 0.1, [corridorStudy.x - 1.2, corridor.minY, 1.25]),
    to(corridorStudy.x - 0.35, middle + 0.12, [corridorStudy.x - 2.6, middle - 0.6, 1.25]),
    to(corridorStudy.x - 0.95, middle - 0.12, [1, middle, 1.1]),
    to(corridorStudy.x - 1.6, middle - 0.15, [0.5, middle, 1.1]),
    to(corridorStudy.x - 2.3, middle - 0.15, [0.3, middle + 0.1, 1.1]),
    to(corridorBedroom.x + 0.75, middle - 0.1, [0.8, middle + 0.7, 1.2]),
    to(corridorBedroom.x + 0.25, middle + 0.1, [corridorBedroom.x - 0.25, b.y + 1.5, 1.1]),
    to(corridorBedroom.x + 0.1, b.y - 0.1, [corridorBedroom.x + 0.35, b.y + 3, 1]),
    to(corridorBedroom.x + 0.25, b.y + 0.45, [corridorBedroom.x + 0.4, b.y + 3.4, 0.95]),
    to(corridorBedroom.x + 0.6, b.y + 0.9, [corridorBedroom.x + 0.2, b.y + 3.4, 0.9]),
    to(corridorBedroom.x + 0.88, b.y + 1.3, [b.x + 1.25, b.y + 2.4, 0.45]),
    to(corridorBedroom.x + 0.93, b.y + 1.7, [b.x + 1.1, b.y + 2, 0.35]),
    to(corridorBedroom.x + 0.8, b.y + 2.05, [b.x + 1.05, b.y + 1.85, 0.3]),
    to(corridorBedroom.x + 0.45, b.y + 2.15, [b.x + 0.8, b.y + 1.65, 0.5]),
    to(corridorBedroom.x + 0.05, b.y + 1.75, [b.x + 0.7, b.y + 0.5, 0.8]),
    to(corridorBedroom.x - 0.1, b.y + 1.2, [corridorBedroom.x - 0.9, b.y - 0.6, 1]),
    to(corridorBedroom.x, b.y + 0.6, [livingCorridor.x - 0.3, corridor.minY - 1, 0.9]),
    to(corridorBedroom.x, middle + 0.55, [livingCorridor.x + 0.1, 0.8, 0.8]),
    to(livingCorridor.x + 0.05, middle - 0.1, [livingCorridor.x + 0.3, 0.5, 0.7]),
    to(livingCorridor.x, living.maxY - 0.1, [livingCorridor.x + 0.3, 0.5, 0.7]),
    to(livingCorridor.x - 0.2, living.maxY - 0.6, [livingCorridor.x + 0.4, 1, 0.6]),
    to(livingCorridor.x - 0.5, living.maxY - 1.1, [livingCorridor.x + 0.6, 1.3, 0.6]),
    to(livingCorridor.x - 0.6, living.maxY - 1.45, [livingCorridor.x + 1.3, 1.7, 0.65]),
    to(livingCorridor.x - 0.3, living.maxY - 1.6, [livingCorridor.x + 2.2, 2.3, 0.7]),
    to(livingCorridor.x + 0.1, living.maxY - 1.7, [living.maxX - 0.6, living.maxY - 0.8, 0.75]),
    to(livingCorridor.x + 0.5, living.maxY - 1.75, [living.maxX - 0.8, living.maxY - 0.3, 0.65]),
    to(livingCorridor.x + 0.85, living.maxY - 1.85, [living.maxX - 0.9, living.maxY - 0.25, 0.6]),
    to(livingCorridor.x + 1.2, living.maxY - 1.95, [living.maxX - 0.95, living.maxY - 0.25, 0.6]),
    to(livingCorridor.x + 1.55, living.maxY - 1.95, [living.maxX - 1, living.maxY - 0.25, 0.6]),
  ];
};

/**
 * A later visit: from the bedroom's door through the living room into the kitchen, a hand's breadth beside the first visit's
 * way and a little lower, so that it sees what that one saw but never from the same place.
 */
const secondVisitOf = (plan: Plan): Waypoint[] => {
  const first = waypointsOf(plan);
  const way = [...first.slice(45), ...first.slice(6, 12)];
  return way.map(({ x, y, look }) => ({ x: x + 0.08, y: y - 0.1, look }));
};

const waysOf = { first: waypointsOf, second: secondVisitOf } as const;

/** Which walk through the apartment: the `first` sees every room, a `second` one comes back to two of them. */
export type Visit = keyof typeof waysOf;
const eyeHeights: Record<Visit, number> = { first: eyeHeight, second: 1.42 };

/** Unwrapped yaw and pitch towards each point to look at, as control values beside the position. */
const controlsOf = (waypoints: readonly Waypoint[]): number[][] => {
  let before = 0;
  return waypoints.map(({ x, y, look }) => {
    const raw = Math.atan2(look[1] - y, look[0] - x);
    const yaw = raw + 2 * Math.PI * Math.round((before - raw) / (2 * Math.PI));
    before = yaw;
    const pitch = Math.atan2(look[2] - eyeHeight, Math.hypot(look[0] - x, look[1] - y));
    return [x, y, yaw, pitch];
  });
};

/** Averages each value with its neighbours, weighted by a bell of about `reach` samples. */
const smoothed = (values: readonly number[], reach: number): number[] =>
  values.map((_, i) => {
    let [sum, weight] = [0, 0];
    for (let k = -2 * reach; k <= 2 * reach; k += 1) {
      const value = values[i + k];
      if (value !== undefined) {
        const w = Math.exp(-0.5 * (k / reach) ** 2);
        sum += w * value;
        weight += w;
      }
    }
    return sum / weight;
  });

/** When the camera is where along its curve: as fast as the limits on speed and turning allow, smoothly. */
const timesOf = (controls: readonly (readonly number[])[]): number[] => {
  const count = (controls.length - 1) * samplesPerSegment;
  const samples = Array.from({ length: count + 1 }, (_, i) => splineAt(controls, i / samplesPerSegment));
  const needed = samples.slice(1).map((sample, i) => {
    const [x = 0, y = 0, yaw = 0, pitch = 0] = sample;
    const [x0 = 0, y0 = 0, yaw0 = 0, pitch0 = 0] = samples[i] ?? sample;
    const turn = Math.hypot(yaw - yaw0, pitch - pitch0);
    return Math.max(Math.hypot(x - x0, y - y0) / fastestMetresPerSecond, turn / fastestTurnRadiansPerSecond);
  });
  const reach = samplesPerSegment / 3;
  const slowest = needed.map((_, i) => Math.max(...needed.slice(Math.max(0, i - reach / 2), i + reach / 2 + 1)));
  let time = 0;
  return [0, ...smoothed(slowest, reach).map((duration) => (time += duration))];
};

/**
 * Camera-to-world transform from position, yaw (0 looks along +x, counter-clockwise), pitch (up is positive) and roll, for
 * OpenCV's camera axes: x right, y down, z forward. Row-major.
 */
export const poseFrom = (position: Vector3, yaw: number, pitch: number, roll: number): Pose => {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const forward: Vector3 = [cy * cp, sy * cp, sp];
  const level: Vector3 = [sy, -cy, 0];
  const down: Vector3 = [cy * sp, sy * sp, -cp];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  const axis = (i: 0 | 1 | 2): number[] => [
    cr * level[i] + sr * down[i],
    cr * down[i] - sr * level[i],
    forward[i],
    position[i],
  ];
  return [...axis(0), ...axis(1), ...axis(2), 0, 0, 0, 1];
};

/** The small motions of a hand-held camera at a time: sums of incommensurate waves, steps included. */
const handHeld = (seconds: number) => {
  const wave = (hertz: number, phase: number): number => Math.sin(2 * Math.PI * hertz * seconds + phase);
  return {
    up: 0.011 * wave(1.7, 0.4) + 0.008 * wave(0.31, 1.1),
    side: 0.012 * wave(0.85, 0) + 0.008 * wave(0.23, 2),
    yaw: 0.006 * wave(0.43, 0.7) + 0.003 * wave(0.85, 1.9),
    pitch: 0.005 * wave(0.37, 2.2) + 0.002 * wave(1.7, 0.9),
    roll: 0.008 * wave(0.29, 0.2) + 0.003 * wave(0.85, 2.6),
  };
};

/** The walk of a visit, frame by frame; the first one leads through every room and back to where it began. */
export const walkThrough = (plan: Plan, visit: Visit = 'first'): WalkFrame[] => {
  const controls = controlsOf(waysOf[visit](plan));
  const height = eyeHeights[visit];
  const times = timesOf(controls);
  const duration = times.at(-1) ?? 0;
  let sample = 0;
  return Array.from({ length: Math.floor(duration * frameRate) }, (_, index) => {
    const seconds = index / frameRate;
    while ((times[sample + 1] ?? Infinity) < seconds) {
      sample += 1;
    }
    const [from = 0, until = 0] = [times[sample], times[sample + 1]];
    const [x = 0, y = 0, yaw = 0, pitch = 0] = splineAt(
      controls,
      (sample + (seconds - from) / (until - from)) / samplesPerSegment,
    );
    const shake = handHeld(seconds);
    const position: Vector3 = [x + shake.side * Math.sin(yaw), y - shake.side * Math.cos(yaw), height + shake.up];
    return {
      index,
      ptsMicros: Math.round((index * 1e6) / frameRate),
      position,
      yaw: yaw + shake.yaw,
      pitch: pitch + shake.pitch,
      worldFromCamera: poseFrom(position, yaw + shake.yaw, pitch + shake.pitch, shake.roll),
    };
  });
};
