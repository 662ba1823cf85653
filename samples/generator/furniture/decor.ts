import type { Vector3 } from '../../../app/contract/geometry.ts';
import type { Random } from '../random.ts';
import { at, box, cylinder, lathe, sheet, together, tube, turned } from '../shapes.ts';
import type { Shape } from '../shapes.ts';
import type { Piece } from './piece.ts';

/** A framed picture; its back is at y = 0 and it hangs from z = 0 upwards. */
export const picture = (motif: number, width: number, height: number, frame = 'wood/walnut'): Piece => ({
  label: 'picture',
  size: [width, 0.03, height],
  shape: together(
    ...[-1, 1].map((side) => at(box([0.035, 0.03, height], frame, { round: 0.006 }), side * (width / 2 - 0.0175), 0)),
    ...[0, height - 0.035].map((z) => at(box([width - 0.07, 0.03, 0.035], frame), 0, 0, z)),
    at(
      box([width - 0.06, 0.01, height - 0.06], { other: '', '+y': `picture/${motif}` }, { fit: ['+y'] }),
      0,
      0.002,
      0.03,
    ),
  ),
});

/** A flat rug. */
export const rug = (pattern: string, width: number, depth: number): Piece => ({
  label: 'rug',
  size: [width, depth, 0.012],
  shape: box([width, depth, 0.012], { other: 'fabric/cream', '+z': `rug/${pattern}`, '-z': '' }, { fit: ['+z'] }),
});

const shade = (lower: number, upper: number, height: number): Shape =>
  lathe(
    [
      [lower, 0],
      [upper, height],
      [upper - 0.004, height],
      [lower - 0.004, 0],
    ],
    'shade/warm',
    24,
  );

/** A standing lamp. */
export const floorLamp = (): Piece => ({
  label: 'floor lamp',
  size: [0.4, 0.4, 1.6],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.15, 0],
        [0.15, 0.02],
        [0.03, 0.035],
        [0, 0.035],
      ],
      'metal/brass',
      20,
    ),
    cylinder(0.013, 1.36, 'metal/brass', 8),
    at(shade(0.2, 0.14, 0.3), 0, 0, 1.3),
    at(cylinder(0.12, 0.004, 'shade/warm', 16), 0, 0, 1.52),
  ),
});

/** A lamp for a table or a nightstand. */
export const tableLamp = (body: string): Piece => ({
  label: 'lamp',
  size: [0.26, 0.26, 0.44],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.06, 0],
        [0.075, 0.06],
        [0.06, 0.13],
        [0.02, 0.18],
        [0.012, 0.25],
      ],
      body,
      18,
    ),
    at(shade(0.13, 0.085, 0.19), 0, 0, 0.24),
    at(cylinder(0.075, 0.004, 'shade/warm', 14), 0, 0, 0.405),
  ),
});

/** A lamp hanging from the ceiling; its origin is the ceiling. */
export const pendant = (drop: number): Piece => ({
  label: 'ceiling lamp',
  size: [0.42, 0.42, drop],
  shape: at(
    together(
      at(cylinder(0.05, 0.02, 'metal/brass', 14), 0, 0, drop - 0.02),
      at(cylinder(0.006, drop - 0.2, 'metal/black', 6), 0, 0, 0.2),
      lathe(
        [
          [0.21, 0],
          [0.2, 0.06],
          [0.12, 0.17],
          [0.03, 0.22],
          [0.02, 0.21],
          [0.11, 0.155],
          [0.195, 0.05],
          [0.205, 0],
        ],
        'shade/warm',
        26,
      ),
      at(
        lathe(
          [
            [0, 0],
            [0.04, 0.02],
            [0.045, 0.05],
            [0.02, 0.1],
          ],
          'shade/bright',
          12,
        ),
        0,
        0,
        0.03,
      ),
    ),
    0,
    0,
    -drop,
  ),
});

const leaf = (length: number, width: number, droop: number, material: string): Shape =>
  sheet(
    (u, v) => {
      const half = width * Math.sin(Math.PI * Math.min(1, 0.04 + v * 0.96)) ** 0.7 * 0.5;
      const rise = length * (0.75 * v - droop * v * v);
      return [(u - 0.5) * 2 * half, length * 0.62 * v, rise - 0.15 * Math.abs(u - 0.5) * half];
    },
    2,
    6,
    material,
  );

/** A potted plant with arching leaves. */
export const plant = (height: number, random: Random): Piece => {
  const pot = height * 0.26;
  const leaves = Array.from({ length: 16 }, (_, i) => {
    const layer = i / 16;
    const length = height * random.between(0.45, 0.6) * (1 - 0.25 * layer);
    return at(
      turned(
        leaf(length, length * 0.34, random.between(0.25, 0.75) * (1 - 0.6 * layer), `leaf/${i % 3}`),
        'x',
        0.35 * layer,
      ),
      0,
      0,
      pot * 0.9 + layer * height * 0.3,
      i * 2.4 + random.between(-0.3, 0.3),
    );
  });
  const radius = pot * 0.62;
  return {
    label: 'plant',
    size: [height * 0.7, height * 0.7, height],
    shape: together(
      lathe(
        [
          [0, 0],
          [radius * 0.7, 0],
          [radius, pot],
          [radius * 1.06, pot],
          [radius * 1.06, pot * 1.1],
          [radius * 0.9, pot * 1.1],
          [radius * 0.85, pot * 0.9],
          [0, pot * 0.9],
        ],
        'clay/terracotta',
        20,
      ),
      tube(
        [
          [0, 0, pot * 0.8],
          [0.01, 0.01, pot * 0.9 + height * 0.3],
        ],
        0.012,
        'wood/walnut',
      ),
      ...leaves,
    ),
  };
};

/** A vase with flowers. */
export const flowers = (random: Random): Piece => ({
  label: 'vase',
  size: [0.24, 0.24, 0.42],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.05, 0],
        [0.07, 0.07],
        [0.06, 0.14],
        [0.032, 0.19],
        [0.04, 0.22],
        [0.034, 0.22],
      ],
      'ceramic/white',
      18,
    ),
    ...Array.from({ length: 9 }, (_, i) => {
      const angle = i * 2.4;
      const spreadMetres = random.between(0.03, 0.11);
      const top: Vector3 = [spreadMetres * Math.cos(angle), spreadMetres * Math.sin(angle), random.between(0.3, 0.4)];
      return together(
        tube([[0, 0, 0.12], top], 0.004, 'leaf/0', 5),
        at(
          lathe(
            [
              [0, 0],
              [0.02, 0.008],
              [0.03, 0.03],
              [0.018, 0.04],
              [0, 0.03],
            ],
            i % 3 === 0 ? 'fruit/orange' : 'fruit/pink',
            10,
          ),
          top[0],
          top[1],
          top[2] - 0.01,
        ),
      );
    }),
  ),
});

/** A curtain hanging in folds from z = `height` down; its rod is along x. */
export const curtain = (width: number, height: number, material: string): Piece => ({
  label: 'curtain',
  size: [width, 0.14, height],
  shape: sheet(
    (u, v) => [(u - 0.5) * width, 0.045 * Math.sin(u * width * 34) * (1 - 0.25 * v), v * height],
    Math.round(width * 44),
    8,
    material,
    [width * 1.5, height],
  ),
});

/** A wall clock; its back is at y = 0. */
export const clock = (): Piece => ({
  label: 'clock',
  size: [0.32, 0.04, 0.32],
  shape: at(
    together(
      turned(
        lathe(
          [
            [0, 0],
            [0.16, 0],
            [0.16, 0.04],
            [0.145, 0.04],
            [0.14, 0.025],
          ],
          'wood/walnut',
          28,
        ),
        'x',
        -Math.PI / 2,
      ),
      at(box([0.282, 0.002, 0.282], { other: '', '+y': 'clock/face' }, { fit: ['+y'] }), 0, 0.024, -0.141),
    ),
    0,
    0,
    0.16,
  ),
});

/** A computer screen on a foot. */
export const monitor = (): Piece => ({
  label: 'monitor',
  size: [0.62, 0.2, 0.48],
  shape: together(
    box([0.24, 0.18, 0.015], 'metal/steel', { round: 0.006 }),
    at(box([0.05, 0.02, 0.2], 'metal/steel'), 0, -0.03),
    at(box([0.62, 0.03, 0.37], { other: 'metal/black', '+y': 'screen/desktop' }, { fit: ['+y'] }), 0, 0, 0.11),
  ),
});

/** A television on feet. */
export const television = (): Piece => ({
  label: 'television',
  size: [1.1, 0.2, 0.68],
  shape: together(
    ...[-1, 1].map((side) => at(box([0.03, 0.2, 0.05], 'metal/black'), side * 0.36, 0)),
    at(box([1.1, 0.04, 0.63], { other: 'metal/black', '+y': 'screen/nature' }, { fit: ['+y'] }), 0, 0, 0.05),
  ),
});

/** A keyboard. */
export const keyboard = (): Piece => ({
  label: 'keyboard',
  size: [0.44, 0.14, 0.025],
  shape: box([0.44, 0.14, 0.025], { other: 'metal/black', '+z': 'keys/grey' }, { round: 0, fit: ['+z'] }),
});

/** A small pile of books lying flat. */
export const bookPile = (random: Random): Piece => ({
  label: 'books',
  size: [0.24, 0.18, 0.12],
  shape: together(
    ...(['rust-0', 'teal-1', 'cream-2', 'navy-3'] as const).map((cover, i) =>
      at(
        box([0.23 - 0.012 * i, 0.165 - 0.01 * i, 0.028], `book/${cover}`, { fit: ['+z', '-y', '+y'] }),
        0,
        0,
        i * 0.0285,
        random.between(-0.25, 0.25),
      ),
    ),
  ),
});

/** A globe on a stand. */
export const globe = (): Piece => ({
  label: 'globe',
  size: [0.26, 0.26, 0.36],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.08, 0],
        [0.08, 0.015],
        [0.015, 0.03],
        [0.012, 0.09],
      ],
      'metal/brass',
      18,
    ),
    at(
      lathe(
        Array.from({ length: 13 }, (_, i): [number, number] => {
          const angle = -Math.PI / 2 + (i / 12) * Math.PI;
          return [Math.max(0, 0.12 * Math.cos(angle)), 0.12 + 0.12 * Math.sin(angle)];
        }),
        'globe/blue',
        24,
      ),
      0,
      0,
      0.09,
    ),
  ),
});
