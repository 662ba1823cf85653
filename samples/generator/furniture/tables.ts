import { at, box, cylinder, together, tube } from '../shapes.ts';
import type { Shape } from '../shapes.ts';
import type { Piece } from './piece.ts';

const legs = (width: number, depth: number, height: number, side: number, material: string): Shape =>
  together(
    ...[-1, 1].flatMap((x) =>
      [-1, 1].map((y) => at(box([side, side, height], material), (x * (width - side)) / 2, (y * (depth - side)) / 2)),
    ),
  );

/** A table on four legs with an apron, of any height. */
export const table = (label: string, width: number, depth: number, height: number, wood: string): Piece => ({
  label,
  size: [width, depth, height],
  shape: together(
    legs(width - 0.06, depth - 0.06, height - 0.035, 0.055, wood),
    at(box([width - 0.16, depth - 0.16, 0.07], wood), 0, 0, height - 0.105),
    at(box([width, depth, 0.035], wood, { round: 0.012 }), 0, 0, height - 0.035),
  ),
});

/** A low table with a shelf underneath. */
export const coffeeTable = (wood: string): Piece => {
  const base = table('coffee table', 1.1, 0.62, 0.42, wood);
  return { ...base, shape: together(base.shape, at(box([0.98, 0.5, 0.025], wood), 0, 0, 0.14)) };
};

/** A round side table on one leg. */
export const sideTable = (wood: string): Piece => ({
  label: 'side table',
  size: [0.46, 0.46, 0.55],
  shape: together(
    cylinder(0.15, 0.025, 'metal/black', 20),
    cylinder(0.02, 0.53, 'metal/black', 10),
    at(cylinder(0.23, 0.025, wood, 28), 0, 0, 0.525),
  ),
});

/** A writing desk with a drawer unit. */
export const desk = (wood: string): Piece => ({
  label: 'desk',
  size: [1.5, 0.7, 0.74],
  shape: together(
    at(box([1.5, 0.7, 0.035], wood, { round: 0.01 }), 0, 0, 0.705),
    ...[-1, 1].map((side) =>
      tube(
        [
          [side * 0.7, -0.3, 0.7],
          [side * 0.7, -0.3, 0.02],
          [side * 0.7, 0.3, 0.02],
          [side * 0.7, 0.3, 0.7],
        ],
        0.02,
        'metal/black',
      ),
    ),
    at(box([0.4, 0.56, 0.5], wood), 0.45, -0.02, 0.2),
    ...[0, 1, 2].map((i) =>
      at(box([0.37, 0.02, 0.145], 'wood/white', { round: 0.006 }), 0.45, 0.265, 0.215 + i * 0.16),
    ),
    ...[0, 1, 2].map((i) => at(box([0.1, 0.025, 0.015], 'metal/brass'), 0.45, 0.285, 0.28 + i * 0.16)),
  ),
});

/** A nightstand with two drawers. */
export const nightstand = (wood: string): Piece => ({
  label: 'nightstand',
  size: [0.46, 0.4, 0.52],
  shape: together(
    legs(0.42, 0.36, 0.14, 0.035, wood),
    at(box([0.46, 0.38, 0.38], wood, { round: 0.008 }), 0, -0.01, 0.14),
    ...[0, 1].map((i) => at(box([0.41, 0.02, 0.16], 'wood/white', { round: 0.006 }), 0, 0.185, 0.16 + i * 0.178)),
    ...[0, 1].map((i) => at(cylinder(0.016, 0.025, 'metal/brass', 8), 0, 0.205, 0.225 + i * 0.178)),
  ),
});

/** A narrow console table for a corridor. */
export const consoleTable = (wood: string): Piece => table('console table', 0.95, 0.28, 0.8, wood);
