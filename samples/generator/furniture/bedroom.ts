import { at, box, together, turned } from '../shapes.ts';
import type { Piece } from './piece.ts';

const width = 1.46;
const length = 2;

/** A double bed with headboard, duvet, throw and pillows; the head is at −y. */
export const bed = (wood: string, duvet: string, throwOver: string): Piece => ({
  label: 'bed',
  size: [width, length, 1.05],
  shape: together(
    ...[-1, 1].flatMap((x) =>
      [-1, 1].map((y) => at(box([0.07, 0.07, 0.2], wood), x * (width / 2 - 0.07), y * (length / 2 - 0.08))),
    ),
    at(box([width - 0.02, length - 0.06, 0.16], wood, { round: 0.015 }), 0, 0, 0.14),
    at(box([width, 0.07, 1.05], wood, { round: 0.02 }), 0, 0.035 - length / 2),
    at(box([width - 0.1, length - 0.12, 0.2], 'fabric/cream', { round: 0.06 }), 0, 0.02, 0.28),
    at(box([width - 0.02, 1.34, 0.13], duvet, { round: 0.06 }), 0, 0.29, 0.4),
    at(box([width, 0.48, 0.14], throwOver, { round: 0.05 }), 0, 0.62, 0.405),
    ...[-1, 1].flatMap((side) => [
      at(turned(box([0.6, 0.4, 0.15], 'fabric/cream', { round: 0.07 }), 'x', 0.5), side * 0.34, -0.7, 0.53),
      at(turned(box([0.4, 0.32, 0.13], throwOver, { round: 0.06 }), 'x', 0.75), side * 0.32, -0.52, 0.58),
    ]),
  ),
});
