import { at, box, cylinder, lathe, together, tube, turned } from '../shapes.ts';
import type { Shape } from '../shapes.ts';
import type { Piece } from './piece.ts';

const cushion = (width: number, thickness: number, height: number, material: string): Shape =>
  box([width, thickness, height], material, { round: Math.min(0.05, thickness * 0.45) });

const feet = (width: number, depth: number, height: number, material: string, radius = 0.022): Shape =>
  together(
    ...[-1, 1].flatMap((side) =>
      [-1, 1].map((end) => at(cylinder(radius, height, material, 8), (side * width) / 2, (end * depth) / 2)),
    ),
  );

/** A sofa for `seats` people with loose seat, back and scatter cushions. */
export const sofa = (fabric: string, cushions: readonly string[], seats = 3, label = 'sofa'): Piece => {
  const seatWidth = 0.62;
  const width = seats * seatWidth + 0.36;
  const depth = 0.92;
  const places = Array.from({ length: seats }, (_, i) => (i - (seats - 1) / 2) * seatWidth);
  return {
    label,
    size: [width, depth, 0.86],
    shape: together(
      feet(width - 0.16, depth - 0.16, 0.1, 'wood/walnut'),
      at(box([width - 0.02, depth - 0.04, 0.2], fabric, { round: 0.03 }), 0, 0, 0.1),
      at(box([width - 0.3, 0.2, 0.62], fabric, { round: 0.06 }), 0, -depth / 2 + 0.12, 0.2),
      ...[-1, 1].map((side) =>
        at(box([0.18, depth, 0.5], fabric, { round: 0.06 }), side * (width / 2 - 0.09), 0, 0.12),
      ),
      ...places.map((x) => at(box([seatWidth - 0.01, 0.66, 0.17], fabric, { round: 0.045 }), x, 0.1, 0.29)),
      ...places.map((x) =>
        at(turned(cushion(seatWidth - 0.03, 0.17, 0.44, fabric), 'x', 0.16), x, -depth / 2 + 0.28, 0.43),
      ),
      ...cushions.map((material, i) =>
        at(
          turned(turned(cushion(0.42, 0.13, 0.4, material), 'x', 0.32), 'y', i % 2 ? -0.12 : 0.1),
          (i / Math.max(1, cushions.length - 1) - 0.5) * (width - 0.85),
          -depth / 2 + 0.47,
          0.45,
          i % 2 ? 0.25 : -0.2,
        ),
      ),
    ),
  };
};

/** An upholstered chair with arms. */
export const armchair = (fabric: string, pillow: string): Piece => ({
  ...sofa(fabric, [pillow], 1, 'armchair'),
  size: [0.98, 0.92, 0.86],
});

/** A wooden dining chair with a slatted back and a seat pad. */
export const chair = (wood: string, pad: string): Piece => ({
  label: 'chair',
  size: [0.44, 0.48, 0.86],
  shape: together(
    feet(0.36, 0.38, 0.44, wood, 0.018),
    at(box([0.43, 0.44, 0.035], wood, { round: 0.012 }), 0, 0, 0.43),
    at(box([0.39, 0.39, 0.035], pad, { round: 0.015 }), 0, 0.01, 0.465),
    ...[-1, 1].map((side) => at(turned(box([0.035, 0.03, 0.44], wood), 'x', 0.1), side * 0.185, -0.2, 0.44)),
    at(box([0.4, 0.025, 0.09], wood, { round: 0.01 }), 0, -0.245, 0.78),
    at(box([0.36, 0.02, 0.05], wood), 0, -0.225, 0.62),
    ...[-0.09, 0, 0.09].map((x) => at(turned(box([0.03, 0.015, 0.3], wood), 'x', 0.1), x, -0.212, 0.5)),
  ),
});

/** A swivel chair on a five-star base. */
export const officeChair = (fabric: string): Piece => ({
  label: 'office chair',
  size: [0.62, 0.62, 1.05],
  shape: together(
    ...[0, 1, 2, 3, 4].map((i) => {
      const angle = (i * 2 * Math.PI) / 5 + 0.3;
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      return together(
        tube(
          [
            [0, 0, 0.1],
            [0.28 * x, 0.28 * y, 0.07],
          ],
          0.02,
          'metal/black',
        ),
        at(cylinder(0.03, 0.055, 'metal/black', 8), 0.28 * x, 0.28 * y),
      );
    }),
    at(cylinder(0.028, 0.36, 'metal/steel', 10), 0, 0, 0.08),
    at(box([0.5, 0.5, 0.09], fabric, { round: 0.04 }), 0, 0, 0.44),
    tube(
      [
        [0, -0.18, 0.45],
        [0, -0.3, 0.5],
        [0, -0.3, 0.7],
      ],
      0.025,
      'metal/black',
    ),
    at(turned(box([0.46, 0.08, 0.54], fabric, { round: 0.035 }), 'x', 0.08), 0, -0.25, 0.54),
    ...[-1, 1].map((side) =>
      together(
        tube(
          [
            [side * 0.24, 0, 0.47],
            [side * 0.3, 0, 0.5],
            [side * 0.3, 0, 0.66],
          ],
          0.016,
          'metal/black',
        ),
        at(box([0.06, 0.28, 0.03], 'metal/black', { round: 0.012 }), side * 0.3, 0.02, 0.66),
      ),
    ),
  ),
});

/** A round stool. */
export const stool = (wood: string): Piece => ({
  label: 'stool',
  size: [0.36, 0.36, 0.46],
  shape: together(
    feet(0.22, 0.22, 0.43, wood, 0.018),
    at(
      lathe(
        [
          [0, 0],
          [0.17, 0],
          [0.18, 0.015],
          [0.17, 0.035],
          [0, 0.035],
        ],
        wood,
        20,
      ),
      0,
      0,
      0.425,
    ),
  ),
});

/** A cushioned ottoman. */
export const ottoman = (fabric: string): Piece => ({
  label: 'ottoman',
  size: [0.56, 0.56, 0.4],
  shape: together(
    feet(0.36, 0.36, 0.06, 'wood/walnut'),
    at(box([0.55, 0.55, 0.34], fabric, { round: 0.07 }), 0, 0, 0.06),
  ),
});
