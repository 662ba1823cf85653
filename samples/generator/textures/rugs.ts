import { fill, line, polygon, weathered } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { shaded } from './palette.ts';

const border = ({ context, size }: Canvas, inset: number, width: number, colour: string): void => {
  context.lineWidth = size * width;
  context.strokeStyle = colour;
  context.strokeRect(size * inset, size * inset, size * (1 - 2 * inset), size * (1 - 2 * inset));
};

const diamond = ({ context, size }: Canvas, x: number, y: number, radius: number, colour: string): void => {
  context.fillStyle = colour;
  const [cx, cy, r] = [x * size, y * size, radius * size];
  polygon(context, [
    [cx, cy - r],
    [cx + r, cy],
    [cx, cy + r],
    [cx - r, cy],
  ]);
};

const persian = (canvas: Canvas): void => {
  const { random } = canvas;
  fill(canvas, '#9c3f35');
  for (let row = 0; row < 11; row += 1) {
    for (let column = 0; column < 11; column += 1) {
      const [x, y] = [(column + 0.5) / 11, (row + 0.5) / 11];
      diamond(
        canvas,
        x,
        y,
        random.between(0.022, 0.04),
        random.pick(['#d9b36a', '#2f4a63', '#e8dcc0', '#6e2a28', '#557a70']),
      );
      diamond(canvas, x, y, 0.012, '#f1e6cc');
    }
  }
  diamond(canvas, 0.5, 0.5, 0.24, '#24405c');
  diamond(canvas, 0.5, 0.5, 0.19, '#d9b36a');
  diamond(canvas, 0.5, 0.5, 0.15, '#9c3f35');
  diamond(canvas, 0.5, 0.5, 0.07, '#e8dcc0');
  border(canvas, 0.05, 0.1, '#24405c');
  for (let i = 0; i < 22; i += 1) {
    for (const edge of [0.05, 0.95]) {
      diamond(canvas, (i + 0.5) / 22, edge, 0.018, i % 2 ? '#d9b36a' : '#e8dcc0');
      diamond(canvas, edge, (i + 0.5) / 22, 0.018, i % 2 ? '#e8dcc0' : '#c3694f');
    }
  }
  border(canvas, 0.1, 0.012, '#e8dcc0');
};

const moroccan = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#ece2cd');
  context.strokeStyle = '#5b4a40';
  for (let i = -6; i < 12; i += 1) {
    const wobble = random.between(-8, 8);
    line(
      context,
      [
        [(i * size) / 6, 0],
        [((i + 3) * size) / 6 + wobble, size / 2],
        [((i + 6) * size) / 6, size],
      ],
      7,
    );
    line(
      context,
      [
        [((i + 6) * size) / 6, 0],
        [((i + 3) * size) / 6 - wobble, size / 2],
        [(i * size) / 6, size],
      ],
      7,
    );
  }
  for (let row = 0; row < 12; row += 1) {
    for (let column = 0; column < 6; column += 1) {
      const x = (column + (row % 2 ? 0.5 : 0)) / 6;
      diamond(canvas, x, (row + 0.5) / 12, random.between(0.018, 0.03), random.pick(['#c97b4f', '#7e948a', '#c9a155']));
    }
  }
};

const geometric = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#dcd3c0');
  const count = 7;
  const cell = size / count;
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const [x, y] = [column * cell, row * cell];
      context.fillStyle = random.pick(['#c5694a', '#34516b', '#d8a74d', '#7b9687', '#ece4d4']);
      const corners: (readonly [number, number])[] = [
        [x, y],
        [x + cell, y],
        [x + cell, y + cell],
        [x, y + cell],
      ];
      const skipped = Math.floor(random.next() * 4);
      polygon(
        context,
        corners.filter((_, i) => i !== skipped),
      );
      diamond(canvas, (column + 0.5) / count, (row + 0.5) / count, 0.022, '#f3ecdc');
    }
  }
  border(canvas, 0.01, 0.03, '#34516b');
};

const stripes = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#e7dcc4');
  let x = 0;
  while (x < size) {
    const width = random.between(8, 40);
    const colour = random.pick(['#b5573f', '#3f6472', '#d2a24c', '#e7dcc4', '#7f8f78', '#49413c']);
    context.fillStyle = colour;
    context.fillRect(x, 0, width, size);
    for (let y = 0; y < size; y += 24) {
      context.fillStyle = shaded(colour, 0.4);
      polygon(context, [
        [x, y],
        [x + width / 2, y + 9],
        [x, y + 18],
      ]);
    }
    x += width;
  }
};

const runner = (canvas: Canvas): void => {
  const { random } = canvas;
  fill(canvas, '#5d3a4a');
  for (let column = 0; column < 18; column += 1) {
    diamond(canvas, (column + 0.5) / 18, 0.5, 0.026, random.pick(['#d8a74d', '#c5694a', '#7b9687']));
    for (const y of [0.3, 0.7]) {
      diamond(
        canvas,
        (column + random.between(0.2, 0.8)) / 18,
        y,
        0.018,
        random.pick(['#e8dcc0', '#9db1a8', '#d89a6a']),
      );
    }
  }
  const { context, size } = canvas;
  for (const y of [0.06, 0.88]) {
    for (let i = 0; i < 60; i += 1) {
      context.fillStyle = i % 2 ? '#e8dcc0' : '#b8893f';
      context.fillRect((i * size) / 60, y * size, size / 60, size * 0.06);
    }
  }
};

const rugs: Readonly<Record<string, (canvas: Canvas) => void>> = { persian, moroccan, geometric, stripes, runner };

/** A rug's top, by the name of its pattern. */
export const rug = (canvas: Canvas, pattern: string): void => {
  rugs[pattern]?.(canvas);
  weathered(canvas, 26, 0.1, 0.12);
};
