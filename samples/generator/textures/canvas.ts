import type { Random } from '../random.ts';

/** A square to paint on, with the numbers to paint from. `size` is its side in pixels. */
export interface Canvas {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly size: number;
  readonly random: Random;
}

/** Fills the whole square. */
export const fill = ({ context, size }: Canvas, colour: string): void => {
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
};

/** Paints a motif so that what leaves one edge comes in at the opposite one: the texture repeats without a seam. */
export const wrapped = ({ context, size }: Canvas, x: number, y: number, draw: () => void): void => {
  for (const dx of [-size, 0, size]) {
    for (const dy of [-size, 0, size]) {
      context.save();
      context.translate(x + dx, y + dy);
      draw();
      context.restore();
    }
  }
};

/** Spreads motifs evenly but irregularly: one per cell of a grid of `count` × `count`, moved by a share of the cell. */
export const scattered = (
  canvas: Canvas,
  count: number,
  disorder: number,
  draw: (x: number, y: number, column: number, row: number) => void,
): void => {
  const cell = canvas.size / count;
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const x = (column + 0.5 + canvas.random.between(-disorder, disorder)) * cell;
      const y = (row + 0.5 + canvas.random.between(-disorder, disorder)) * cell;
      draw(x, y, column, row);
    }
  }
};

/** Lightens and darkens pixels: smooth blotches of `blotch` pixels, and fine grain. Both repeat without a seam. */
export const weathered = (
  { context, size, random }: Canvas,
  blotch: number,
  blotchAmount: number,
  grain: number,
): void => {
  const image = context.getImageData(0, 0, size, size);
  const knots = Math.max(2, Math.round(size / blotch));
  const lattice = Array.from({ length: knots * knots }, () => random.between(-1, 1));
  const knot = (column: number, row: number): number => lattice[(row % knots) * knots + (column % knots)] ?? 0;
  const smooth = (t: number): number => t * t * (3 - 2 * t);
  for (let y = 0; y < size; y += 1) {
    const v = (y * knots) / size;
    const row = Math.floor(v);
    const ty = smooth(v - row);
    for (let x = 0; x < size; x += 1) {
      const u = (x * knots) / size;
      const column = Math.floor(u);
      const tx = smooth(u - column);
      const top = knot(column, row) * (1 - tx) + knot(column + 1, row) * tx;
      const bottom = knot(column, row + 1) * (1 - tx) + knot(column + 1, row + 1) * tx;
      const change = 1 + blotchAmount * (top * (1 - ty) + bottom * ty) + grain * random.between(-1, 1);
      const i = (y * size + x) * 4;
      for (const channel of [i, i + 1, i + 2]) {
        image.data[channel] = (image.data[channel] ?? 0) * change;
      }
    }
  }
  context.putImageData(image, 0, 0);
};

/** A filled polygon or smooth blob round the current origin. */
export const polygon = (
  context: OffscreenCanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
): void => {
  context.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
  context.fill();
};

/** A filled ellipse round a place. */
export const ellipse = (
  context: OffscreenCanvasRenderingContext2D,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
  turn = 0,
): void => {
  context.beginPath();
  context.ellipse(x, y, radiusX, radiusY, turn, 0, 2 * Math.PI);
  context.fill();
};

/** A stroked line. */
export const line = (
  context: OffscreenCanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
  width: number,
): void => {
  context.lineWidth = width;
  context.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
};
