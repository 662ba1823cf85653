import { ellipse, fill, line, polygon, scattered, weathered, wrapped } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { shaded } from './palette.ts';

/** Sprigs of leaves, no two alike. */
export const leaves = (canvas: Canvas, colour: string): void => {
  const { context, random } = canvas;
  fill(canvas, shaded(colour, 0.42));
  scattered(canvas, 11, 0.34, (x, y, column, row) => {
    const [turn, length] = [random.between(-1.2, 1.2), random.between(26, 46)];
    const tone = random.pick([shaded(colour, -0.34), shaded(colour, -0.12), '#b98f57', shaded(colour, -0.5)]);
    const pairs = 3 + Math.floor(random.next() * 3);
    wrapped(canvas, x, y, () => {
      context.rotate(turn);
      context.strokeStyle = tone;
      context.fillStyle = tone;
      line(
        context,
        [
          [0, length],
          [2, 0],
          [0, -length],
        ],
        2.2,
      );
      for (let i = 0; i < pairs; i += 1) {
        const at = -length + ((i + 0.6) * 2 * length) / pairs;
        ellipse(context, -11, at, 12, 4.6, 0.6);
        ellipse(context, 11, at, 12, 4.6, -0.6);
      }
      if ((column * 5 + row * 3) % 4 === 0) {
        context.fillStyle = '#cf7a55';
        ellipse(context, 0, -length, 6, 6);
      }
    });
  });
  weathered(canvas, 80, 0.04, 0.035);
};

/** Small rings, dots and crosses. */
export const dots = (canvas: Canvas, colour: string): void => {
  const { context, random } = canvas;
  fill(canvas, shaded(colour, 0.25));
  scattered(canvas, 20, 0.32, (x, y) => {
    const kind = Math.floor(random.next() * 4);
    const tone = random.pick(['#b5835a', '#8aa39b', '#c9a267', '#9c7a6b']);
    const size = random.between(5, 9);
    const turn = random.between(0, 3);
    wrapped(canvas, x, y, () => {
      context.rotate(turn);
      context.fillStyle = tone;
      context.strokeStyle = tone;
      if (kind === 0) {
        ellipse(context, 0, 0, size, size);
      } else if (kind === 1) {
        context.lineWidth = 3;
        context.beginPath();
        context.arc(0, 0, size, 0, 2 * Math.PI);
        context.stroke();
      } else if (kind === 2) {
        line(
          context,
          [
            [-size, 0],
            [size, 0],
          ],
          3.4,
        );
        line(
          context,
          [
            [0, -size],
            [0, size],
          ],
          3.4,
        );
      } else {
        polygon(context, [
          [0, -size],
          [size, size],
          [-size, size],
        ]);
      }
    });
  });
  weathered(canvas, 80, 0.04, 0.035);
};

/** Birds on twigs. */
export const birds = (canvas: Canvas, colour: string): void => {
  const { context, random } = canvas;
  fill(canvas, shaded(colour, 0.52));
  scattered(canvas, 10, 0.3, (x, y) => {
    const [turn, flip, isBird] = [random.between(-0.6, 0.6), random.next() < 0.5 ? -1 : 1, random.next() < 0.42];
    const tone = random.pick([shaded(colour, -0.35), shaded(colour, -0.1), '#d08a5c', '#5f7f6d']);
    const leavesCount = 4 + Math.floor(random.next() * 4);
    wrapped(canvas, x, y, () => {
      context.rotate(turn);
      context.scale(flip, 1);
      context.strokeStyle = '#8a7057';
      line(
        context,
        [
          [-34, 16],
          [0, 10],
          [34, 18],
        ],
        3,
      );
      context.fillStyle = '#6f9272';
      for (let i = 0; i < leavesCount; i += 1) {
        ellipse(context, -30 + (i * 60) / leavesCount, i % 2 ? 22 : 4, 8, 3.6, i % 2 ? 0.8 : -0.8);
      }
      if (isBird) {
        context.fillStyle = tone;
        ellipse(context, 0, -4, 16, 10, -0.3);
        ellipse(context, 13, -14, 7, 7);
        polygon(context, [
          [-12, -2],
          [-34, 4],
          [-30, -6],
        ]);
        context.fillStyle = '#e0a13f';
        polygon(context, [
          [19, -16],
          [27, -13],
          [19, -11],
        ]);
        context.fillStyle = shaded('#808080', 0.8);
        ellipse(context, -3, -3, 8, 4, 0.4);
      }
    });
  });
  weathered(canvas, 80, 0.04, 0.035);
};

/** Stripes of uneven width with a scattered motif between. */
export const stripes = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, shaded(colour, 0.5));
  let x = 0;
  while (x < size - 30) {
    const width = random.between(10, 34);
    context.fillStyle = shaded(colour, random.between(0.12, 0.34));
    context.fillRect(x, 0, width, size);
    x += width + random.between(36, 70);
  }
  scattered(canvas, 14, 0.34, (left, top) => {
    const tone = random.pick([shaded(colour, -0.35), '#6d7f86', '#b57a4a', '#8b9a6b']);
    const [turn, petals] = [random.between(0, 2), 4 + Math.floor(random.next() * 4)];
    wrapped(canvas, left, top, () => {
      context.rotate(turn);
      context.fillStyle = tone;
      for (let i = 0; i < petals; i += 1) {
        context.rotate((2 * Math.PI) / petals);
        ellipse(context, 0, 9, 4, 8);
      }
      context.fillStyle = '#f4e8c8';
      ellipse(context, 0, 0, 4, 4);
    });
  });
  weathered(canvas, 80, 0.04, 0.035);
};

/** A hand-drawn lattice with a blossom in some of its meshes. */
export const trellis = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, shaded(colour, 0.3));
  const count = 10;
  const cell = size / count;
  const knots = Array.from({ length: count * count }, () => [random.between(-9, 9), random.between(-9, 9)] as const);
  const knot = (column: number, row: number): readonly [number, number] => {
    const [dx, dy] = knots[(row % count) * count + (column % count)] ?? [0, 0];
    return [column * cell + dx, row * cell + dy];
  };
  context.strokeStyle = '#b39a78';
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      line(context, [knot(column, row), knot(column + 1, row + 1)], 2.4);
      line(context, [knot(column + 1, row), knot(column, row + 1)], 2.4);
    }
  }
  scattered(canvas, count, 0.16, (x, y) => {
    const petals = 3 + Math.floor(random.next() * 5);
    const tone = random.pick(['#c66f55', '#7f9a83', '#c99a4a', '#6f8ba0', '#a77a8c']);
    const [radius, turn] = [random.between(8, 15), random.between(0, 3)];
    wrapped(canvas, x, y, () => {
      context.rotate(turn);
      context.fillStyle = tone;
      for (let i = 0; i < petals; i += 1) {
        context.rotate((2 * Math.PI) / petals);
        ellipse(context, 0, radius * 0.7, radius * 0.32, radius * 0.62);
      }
      context.fillStyle = '#f7ecd0';
      ellipse(context, 0, 0, radius * 0.26, radius * 0.26);
    });
  });
  weathered(canvas, 80, 0.04, 0.035);
};
