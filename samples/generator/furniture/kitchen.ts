import type { Vector3 } from '../../../app/contract/geometry.ts';
import { at, box, cylinder, lathe, together, tube, turned } from '../shapes.ts';
import type { Shape } from '../shapes.ts';
import type { Piece } from './piece.ts';

/** A run of base cabinets with a stone worktop. */
export const counter = (front: string, width: number): Piece => {
  const doors = Math.round(width / 0.55);
  const doorWidth = width / doors;
  return {
    label: 'counter',
    size: [width, 0.64, 0.9],
    shape: together(
      at(box([width, 0.52, 0.1], 'metal/black'), 0, -0.05),
      at(box([width, 0.58, 0.76], front), 0, -0.02, 0.1),
      at(box([width, 0.64, 0.04], 'marble/white', { round: 0.01 }), 0, 0, 0.86),
      ...Array.from({ length: doors }, (_, i) => {
        const x = (i - (doors - 1) / 2) * doorWidth;
        return together(
          at(box([doorWidth - 0.012, 0.02, 0.52], front, { round: 0.006 }), x, 0.28, 0.12),
          at(box([doorWidth - 0.012, 0.02, 0.19], front, { round: 0.006 }), x, 0.28, 0.655),
          at(box([0.16, 0.022, 0.014], 'metal/brass'), x, 0.302, 0.75),
          at(box([0.014, 0.022, 0.16], 'metal/brass'), x + doorWidth * 0.36, 0.302, 0.44),
        );
      }),
    ),
  };
};

/** Open wall boards with crockery, to hang above a counter. */
export const wallShelf = (wood: string, width: number): Piece => ({
  label: 'wall shelf',
  size: [width, 0.22, 0.62],
  shape: together(
    ...[0, 0.34].map((z) => at(box([width, 0.22, 0.03], wood), 0, 0, z)),
    ...[-1, 1].map((side) => at(box([0.02, 0.2, 0.37], 'metal/brass'), side * (width / 2 - 0.08), 0)),
    ...Array.from({ length: 5 }, (_, i) => {
      const x = (i / 4 - 0.5) * (width - 0.36);
      return together(
        i % 2 ? at(stack(0.085, 'ceramic/blue'), x, 0.01, 0.03) : at(jar('ceramic/mustard'), x, 0.01, 0.03),
        i % 2 ? at(jar('clay/terracotta'), x, 0.01, 0.37) : at(stack(0.07, 'ceramic/white'), x, 0.01, 0.37),
      );
    }),
  ),
});

const jar = (material: string): Shape =>
  lathe(
    [
      [0, 0],
      [0.055, 0],
      [0.06, 0.12],
      [0.045, 0.15],
      [0.05, 0.16],
      [0.05, 0.18],
      [0, 0.19],
    ],
    material,
    14,
  );

const stack = (radius: number, material: string): Shape =>
  together(
    ...[0, 1, 2].map((i) =>
      at(
        lathe(
          [
            [0, 0],
            [radius * 0.5, 0],
            [radius, 0.045],
            [radius * 0.93, 0.045],
            [0, 0.012],
          ],
          material,
          16,
        ),
        0,
        0,
        i * 0.025,
      ),
    ),
  );

/** A two-door fridge with magnets and notes on its door. */
export const fridge = (): Piece => ({
  label: 'fridge',
  size: [0.66, 0.7, 1.85],
  shape: together(
    box([0.66, 0.62, 1.85], 'enamel/mint', { round: 0.03 }),
    at(box([0.64, 0.05, 1.15], 'enamel/mint', { round: 0.02 }), 0, 0.325, 0.66),
    at(box([0.64, 0.05, 0.58], 'enamel/mint', { round: 0.02 }), 0, 0.325, 0.05),
    at(box([0.02, 0.04, 0.42], 'metal/steel', { round: 0.008 }), -0.25, 0.37, 0.78),
    at(box([0.02, 0.04, 0.28], 'metal/steel', { round: 0.008 }), -0.25, 0.37, 0.28),
    ...(
      [
        [0.1, 1.45, 0.15, 0.2, 'picture/5'],
        [-0.12, 1.56, 0.1, 0.1, 'picture/7'],
        [0.16, 1.18, 0.12, 0.12, 'picture/9'],
        [-0.05, 1.28, 0.08, 0.11, 'picture/6'],
      ] as const
    ).map(([x, z, w, h, material]) =>
      at(box([w, 0.004, h], { other: 'paper/cream', '+y': material }, { fit: ['+y'] }), x, 0.353, z),
    ),
  ),
});

/** A cooker with hob, knobs and an oven window. */
export const cooker = (): Piece => ({
  label: 'cooker',
  size: [0.62, 0.64, 0.92],
  shape: together(
    box([0.6, 0.6, 0.9], 'enamel/cream', { round: 0.01 }),
    at(box([0.6, 0.62, 0.02], 'metal/black'), 0, 0, 0.9),
    at(box([0.54, 0.02, 0.46], 'metal/black', { round: 0.008 }), 0, 0.305, 0.16),
    at(box([0.42, 0.012, 0.26], 'screen/oven', { fit: ['+y'] }), 0, 0.314, 0.24),
    at(
      tube(
        [
          [-0.23, 0.34, 0.66],
          [0.23, 0.34, 0.66],
        ],
        0.012,
        'metal/steel',
      ),
      0,
      0,
    ),
    ...[-0.2, -0.1, 0, 0.1, 0.2].map((x) =>
      at(turned(cylinder(0.022, 0.03, 'metal/steel', 10), 'x', -Math.PI / 2), x, 0.3, 0.78),
    ),
    ...[-1, 1].flatMap((x) =>
      [-1, 1].map((y) =>
        at(
          lathe(
            [
              [0.05, 0],
              [0.085, 0],
              [0.085, 0.015],
              [0.06, 0.018],
              [0.05, 0],
            ],
            'metal/steel',
            14,
          ),
          x * 0.14,
          y * 0.14,
          0.92,
        ),
      ),
    ),
  ),
});

/** An enamel kettle with spout and handle. */
export const kettle = (material: string): Piece => ({
  label: 'kettle',
  size: [0.24, 0.2, 0.25],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.085, 0],
        [0.098, 0.03],
        [0.095, 0.08],
        [0.06, 0.15],
        [0.03, 0.165],
        [0.03, 0.172],
        [0, 0.175],
      ],
      material,
      20,
    ),
    at(
      lathe(
        [
          [0, 0],
          [0.012, 0],
          [0.016, 0.014],
          [0, 0.024],
        ],
        'wood/walnut',
        10,
      ),
      0,
      0,
      0.172,
    ),
    tube(
      [
        [0.07, 0, 0.07],
        [0.12, 0, 0.11],
        [0.14, 0, 0.15],
      ],
      0.015,
      material,
    ),
    tube(
      [
        [-0.06, 0, 0.15],
        [-0.05, 0, 0.22],
        [0, 0, 0.245],
        [0.05, 0, 0.22],
        [0.06, 0, 0.15],
      ],
      0.009,
      'metal/black',
    ),
  ),
});

/** A mug with a handle. */
export const mug = (material: string): Piece => ({
  label: 'mug',
  size: [0.14, 0.1, 0.11],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.043, 0],
        [0.047, 0.012],
        [0.047, 0.11],
        [0.041, 0.11],
        [0.04, 0.02],
        [0, 0.018],
      ],
      material,
      20,
    ),
    tube(
      Array.from({ length: 9 }, (_, i): Vector3 => {
        const angle = -Math.PI / 2 + (i / 8) * Math.PI;
        return [0.045 + 0.032 * Math.cos(angle), 0, 0.056 + 0.032 * Math.sin(angle)];
      }),
      0.0075,
      material,
    ),
  ),
});

/** A bowl with fruit. */
export const fruitBowl = (): Piece => {
  const fruit: readonly (readonly [number, number, number, string])[] = [
    [0.05, 0.02, 0.05, 'fruit/orange'],
    [-0.05, 0.03, 0.05, 'fruit/red'],
    [0, -0.06, 0.05, 'fruit/green'],
    [0.0, 0.015, 0.1, 'fruit/orange'],
  ];
  return {
    label: 'bowl',
    size: [0.3, 0.3, 0.15],
    shape: together(
      lathe(
        [
          [0, 0],
          [0.06, 0],
          [0.07, 0.01],
          [0.13, 0.06],
          [0.15, 0.1],
          [0.142, 0.1],
          [0.12, 0.06],
          [0, 0.02],
        ],
        'ceramic/blue',
        24,
      ),
      ...fruit.map(([x, y, z, material]) => at(ball(0.042, material), x, y, z - 0.025)),
    ),
  };
};

const ball = (radius: number, material: string): Shape =>
  lathe(
    Array.from({ length: 9 }, (_, i): [number, number] => {
      const angle = -Math.PI / 2 + (i / 8) * Math.PI;
      return [Math.max(0, radius * Math.cos(angle)), radius + radius * Math.sin(angle)];
    }),
    material,
    14,
  );

/** A plate of food that stays on a table. */
export const plate = (): Piece => ({
  label: 'plate',
  size: [0.24, 0.24, 0.03],
  shape: lathe(
    [
      [0, 0],
      [0.07, 0],
      [0.12, 0.022],
      [0.115, 0.026],
      [0.07, 0.01],
      [0, 0.01],
    ],
    'ceramic/white',
    24,
  ),
});

/** A sink with a tap, let into a counter top at its origin. */
export const sink = (): Piece => ({
  label: 'sink',
  size: [0.52, 0.44, 0.3],
  shape: together(
    box([0.52, 0.42, 0.012], 'metal/steel', { round: 0.005 }),
    at(box([0.42, 0.32, 0.004], 'metal/black'), 0, 0.02, 0.012),
    tube(
      [
        [0, -0.17, 0],
        [0, -0.17, 0.24],
        [0, -0.12, 0.29],
        [0, -0.04, 0.29],
        [0, -0.02, 0.25],
      ],
      0.014,
      'metal/brass',
    ),
    ...[-1, 1].map((side) => at(cylinder(0.02, 0.05, 'metal/brass', 10), side * 0.09, -0.17, 0)),
  ),
});
