import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Plan } from './plan.ts';
import { at, box, ellipsoid, lathe, scaled, together } from './shapes.ts';
import type { Shape } from './shapes.ts';

/** Where the walking person is at a time: feet on the floor, facing `yaw`, and how far along its stride. */
export interface FigureState {
  readonly position: Vector3;
  readonly yaw: number;
  readonly strideRadians: number;
}

/** A rigid part of the figure: it swings about the x axis through `joint` by `swing × sin(stride + phase)`. */
export interface Limb {
  readonly shape: Shape;
  readonly joint: Vector3;
  readonly swingRadians: number;
  readonly phase: number;
}

/** Height of the figure; its parts are modelled for this height, feet at z = 0, facing +y. */
export const figureHeight = 1.72;
/** Until when the figure stands and cooks, in seconds of the walk, and how fast it goes afterwards. */
const startSeconds = 5.4;
const metresPerSecond = 0.95;
const strideMetres = 1.3;

const capsule = (radius: number, length: number, material: string, taper = 1): Shape =>
  lathe(
    [
      ...Array.from({ length: 5 }, (_, i): [number, number] => {
        const a = -Math.PI / 2 + (i / 4) * (Math.PI / 2);
        return [Math.max(0, radius * taper * Math.cos(a)), radius * taper * (1 + Math.sin(a))];
      }),
      ...Array.from({ length: 5 }, (_, i): [number, number] => {
        const a = (i / 4) * (Math.PI / 2);
        return [Math.max(0, radius * Math.cos(a)), length - radius + radius * Math.sin(a)];
      }),
    ],
    material,
    14,
  );

const shoe = (x: number): Shape => at(box([0.1, 0.27, 0.09], 'leather/brown', { round: 0.04 }), x, 0.05, 0);

const leg = (side: number): Limb => ({
  shape: together(at(capsule(0.085, 0.86, 'fabric/navy', 0.72), side * 0.1, 0, 0.05), shoe(side * 0.1)),
  joint: [side * 0.1, 0, 0.88],
  swingRadians: 0.46,
  phase: side > 0 ? 0 : Math.PI,
});

const arm = (side: number): Limb => ({
  shape: together(
    at(capsule(0.055, 0.6, 'pattern/rust', 0.8), side * 0.222, 0, 0.83),
    at(ellipsoid([0.08, 0.09, 0.12], 'skin/peach', 10), side * 0.222, 0.01, 0.76),
  ),
  joint: [side * 0.222, 0, 1.38],
  swingRadians: 0.4,
  phase: side > 0 ? Math.PI : 0,
});

const trunk: Limb = {
  shape: together(
    at(scaled(capsule(0.185, 0.64, 'pattern/rust', 0.8), [1, 0.66, 1]), 0, 0, 0.8),
    at(capsule(0.055, 0.16, 'skin/peach'), 0, 0, 1.38),
    at(ellipsoid([0.17, 0.2, 0.24], 'skin/peach', 16), 0, 0.01, 1.47),
    at(ellipsoid([0.19, 0.21, 0.17], 'leather/brown', 16), 0, -0.02, 1.555),
    at(ellipsoid([0.03, 0.04, 0.04], 'skin/peach', 8), 0, 0.11, 1.56),
  ),
  joint: [0, 0, 0],
  swingRadians: 0,
  phase: 0,
};

/** The parts of the figure. */
export const limbs: readonly Limb[] = [trunk, leg(-1), leg(1), arm(-1), arm(1)];

/** The way it goes: from the cooker round the table, out of the kitchen and along the corridor. */
const routeOf = ({ doors, kitchen, corridor }: Plan): readonly (readonly [number, number])[] => [
  [kitchen.minX + 2.95, kitchen.minY + 1.05],
  [kitchen.minX + 3.15, kitchen.minY + 2],
  [kitchen.minX + 2.95, kitchen.minY + 3.1],
  [doors.kitchenCorridor.x, kitchen.maxY - 0.3],
  [doors.kitchenCorridor.x + 0.1, corridor.minY + 0.45],
  [doors.kitchenCorridor.x + 1, corridor.minY + 0.75],
];

/** It faces the cooker at first and takes a step's length to turn round. */
const firstHeading = -Math.PI / 2;
const turningMetres = 0.7;

const shortestTurn = (from: number, to: number): number => Math.atan2(Math.sin(to - from), Math.cos(to - from));

/** The figure at a time of the walk, or nothing after it has gone. */
export const figureAt = (plan: Plan, seconds: number): FigureState | undefined => {
  const route = routeOf(plan);
  const walked = Math.max(0, (seconds - startSeconds) * metresPerSecond);
  const strideRadians = (walked / strideMetres) * 2 * Math.PI;
  let left = walked;
  for (const [i, [x, y]] of route.entries()) {
    const [nextX, nextY] = route[i + 1] ?? [x, y];
    const length = Math.hypot(nextX - x, nextY - y);
    if (left < length) {
      const [afterX, afterY] = route[i + 2] ?? [nextX, nextY];
      const t = left / length;
      const heading = Math.atan2(nextY - y, nextX - x);
      const bend = shortestTurn(heading, Math.atan2(afterY - nextY, afterX - nextX));
      // It turns through the last third of each stretch.
      const turned = i + 2 < route.length ? bend * Math.max(0, (t - 0.67) / 0.33) : 0;
      const opening = Math.max(0, 1 - walked / turningMetres);
      return {
        position: [x + (nextX - x) * t, y + (nextY - y) * t, 0.018 * Math.abs(Math.sin(strideRadians))],
        yaw: heading + turned + opening * shortestTurn(heading, firstHeading) - Math.PI / 2,
        strideRadians,
      };
    }
    left -= length;
  }
  return undefined;
};
