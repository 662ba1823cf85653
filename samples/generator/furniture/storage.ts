import type { Random } from '../random.ts';
import { at, box, cylinder, lathe, together, turned } from '../shapes.ts';
import type { Shape } from '../shapes.ts';
import type { Piece } from './piece.ts';

const bookColours = ['navy', 'rust', 'mustard', 'teal', 'cream', 'plum', 'forest', 'grey'] as const;

/** A row of upright books from x = 0 on, their spines towards +y; `length` is not exceeded. */
const books = (length: number, tallest: number, random: Random): Shape => {
  const row: Shape[] = [];
  let x = 0;
  for (;;) {
    const thickness = random.between(0.022, 0.052);
    if (x + thickness > length) {
      return together(...row);
    }
    const height = tallest * random.between(0.72, 0.98);
    const depth = random.between(0.15, 0.2);
    const cover = `book/${random.pick(bookColours)}-${Math.floor(random.next() * 4)}`;
    const book = box([thickness - 0.002, depth, height], { other: cover, '-z': '' }, { fit: ['+y'] });
    const lean = random.next() < 0.06 ? 0.12 : 0;
    row.push(at(lean > 0 ? turned(book, 'y', lean) : book, x + thickness / 2, depth / 2));
    x += thickness + (lean > 0 ? 0.02 : 0);
  }
};

/** A vase or a pot to stand on a shelf. */
export const ornament = (random: Random): Shape => {
  const material = random.pick(['ceramic/blue', 'ceramic/white', 'clay/terracotta', 'ceramic/mustard']);
  const [r, h] = [random.between(0.045, 0.07), random.between(0.12, 0.2)];
  return lathe(
    [
      [0, 0],
      [r * 0.7, 0],
      [r, h * 0.35],
      [r * 0.85, h * 0.6],
      [r * 0.45, h * 0.8],
      [r * 0.55, h],
      [r * 0.4, h],
    ],
    material,
    16,
  );
};

/** An open shelf filled with books and a few ornaments. */
export const bookshelf = (wood: string, width: number, height: number, random: Random): Piece => {
  const depth = 0.3;
  const board = 0.025;
  const shelves = Math.round(height / 0.36);
  const pitch = (height - board - 0.06) / shelves;
  const inner = width - 2 * board;
  const content = Array.from({ length: shelves }, (_, i): Shape => {
    const z = 0.06 + i * pitch + board;
    const share = random.between(0.5, 0.95);
    const fromLeft = random.next() < 0.5;
    const length = inner * share - 0.02;
    const start = fromLeft ? -inner / 2 + 0.01 : inner / 2 - length - 0.01;
    const room = inner - length;
    const decoration =
      room > 0.2 ? [at(ornament(random), fromLeft ? inner / 2 - room / 2 : -inner / 2 + room / 2, 0.02, z)] : [];
    return together(at(books(length, pitch - board - 0.03, random), start, -0.1, z), ...decoration);
  });
  return {
    label: 'bookshelf',
    size: [width, depth, height],
    shape: together(
      ...[-1, 1].map((side) => at(box([board, depth, height], wood), side * (width / 2 - board / 2), 0)),
      at(box([inner, 0.012, height - 0.03], wood), 0, -depth / 2 + 0.006, 0.02),
      ...Array.from({ length: shelves + 1 }, (_, i) =>
        at(box([inner, depth - 0.012, board], wood), 0, 0.006, 0.06 + i * pitch),
      ),
      at(box([inner, depth - 0.04, 0.06], wood), 0, -0.01),
      ...content,
    ),
  };
};

/** A low cabinet with doors, for a television or a corridor. */
export const sideboard = (wood: string, width = 1.5, doors = 3): Piece => {
  const doorWidth = (width - 0.06) / doors;
  return {
    label: 'sideboard',
    size: [width, 0.42, 0.56],
    shape: together(
      ...[-1, 1].flatMap((x) =>
        [-1, 1].map((y) => at(cylinder(0.018, 0.14, 'metal/brass', 8), x * (width / 2 - 0.1), y * 0.14)),
      ),
      at(box([width, 0.4, 0.42], wood, { round: 0.01 }), 0, -0.01, 0.14),
      ...Array.from({ length: doors }, (_, i) =>
        together(
          at(
            box([doorWidth - 0.012, 0.018, 0.37], i % 2 ? 'rattan/natural' : wood),
            (i - (doors - 1) / 2) * doorWidth,
            0.195,
            0.165,
          ),
          at(box([0.012, 0.02, 0.1], 'metal/brass'), (i - (doors - 1) / 2) * doorWidth + doorWidth * 0.4, 0.21, 0.32),
        ),
      ),
    ),
  };
};

/** A tall wardrobe with two panelled doors. */
export const wardrobe = (wood: string): Piece => ({
  label: 'wardrobe',
  size: [1.3, 0.58, 2.05],
  shape: together(
    box([1.3, 0.55, 2.05], wood, { round: 0.008 }),
    ...[-1, 1].flatMap((side) => [
      at(box([0.61, 0.02, 1.9], wood, { round: 0.006 }), side * 0.318, 0.28, 0.1),
      at(box([0.44, 0.012, 0.8], 'rattan/natural'), side * 0.318, 0.292, 1.08),
      at(box([0.44, 0.012, 0.68], 'wood/white'), side * 0.318, 0.292, 0.22),
      at(box([0.02, 0.035, 0.22], 'metal/brass', { round: 0.006 }), side * 0.05, 0.3, 0.95),
    ]),
  ),
});

/** A chest of drawers. */
export const dresser = (wood: string): Piece => ({
  label: 'dresser',
  size: [1.05, 0.47, 0.84],
  shape: together(
    ...[-1, 1].flatMap((x) => [-1, 1].map((y) => at(cylinder(0.02, 0.12, 'wood/walnut', 8), x * 0.45, y * 0.17))),
    at(box([1.05, 0.44, 0.72], wood, { round: 0.01 }), 0, -0.01, 0.12),
    ...[0, 1, 2].flatMap((row) =>
      [-1, 1].flatMap((side) => [
        at(box([0.49, 0.018, 0.21], 'wood/oak', { round: 0.006 }), side * 0.255, 0.215, 0.145 + row * 0.228),
        at(cylinder(0.018, 0.025, 'metal/brass', 8), side * 0.255, 0.238, 0.24 + row * 0.228),
      ]),
    ),
  ),
});

/** A waste-paper bin. */
export const bin = (material: string): Piece => ({
  label: 'bin',
  size: [0.3, 0.3, 0.36],
  shape: lathe(
    [
      [0, 0],
      [0.11, 0],
      [0.145, 0.36],
      [0.132, 0.36],
      [0.1, 0.02],
      [0, 0.02],
    ],
    material,
    20,
  ),
});

/** A woven laundry basket. */
export const basket = (): Piece => ({
  label: 'basket',
  size: [0.44, 0.44, 0.5],
  shape: together(
    lathe(
      [
        [0, 0],
        [0.17, 0],
        [0.21, 0.25],
        [0.2, 0.48],
        [0.18, 0.48],
        [0.17, 0.4],
        [0, 0.38],
      ],
      'rattan/natural',
      20,
    ),
    at(
      lathe(
        [
          [0, 0.12],
          [0.08, 0.1],
          [0.15, 0.04],
          [0.17, 0],
        ].toReversed() as [number, number][],
        'fabric/cream',
        14,
      ),
      0,
      0,
      0.38,
    ),
  ),
});
