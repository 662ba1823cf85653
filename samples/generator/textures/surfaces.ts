import { ellipse, fill, line, polygon, scattered, weathered, wrapped } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { shaded } from './palette.ts';

/** Long fibres along x with a few knots. */
export const wood = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  for (let i = 0; i < 230; i += 1) {
    const y = random.between(0, size);
    const [bend, phase] = [random.between(1, 6), random.between(0, 6)];
    context.strokeStyle = shaded(colour, random.between(-0.42, 0.2));
    context.globalAlpha = random.between(0.12, 0.5);
    wrapped(canvas, 0, y, () =>
      line(
        context,
        Array.from({ length: 17 }, (_, k) => [(k * size) / 16, bend * Math.sin((k * Math.PI * 2) / 16 + phase)]),
        random.between(0.6, 2.6),
      ),
    );
  }
  context.globalAlpha = 1;
  for (let i = 0; i < 5; i += 1) {
    wrapped(canvas, random.between(0, size), random.between(0, size), () => {
      for (const [radius, shade] of [
        [13, -0.2],
        [9, 0.05],
        [6, -0.35],
      ] as const) {
        context.fillStyle = shaded(colour, shade);
        ellipse(context, 0, 0, radius * 1.8, radius * 0.7);
      }
    });
  }
  weathered(canvas, 60, 0.08, 0.05);
};

/** Painted wood: brush strokes only just visible. */
export const painted = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  for (let i = 0; i < 300; i += 1) {
    context.strokeStyle = shaded(colour, random.between(-0.14, 0.1));
    context.globalAlpha = 0.4;
    const y = random.between(0, size);
    const x = random.between(0, size);
    wrapped(canvas, x, y, () =>
      line(
        context,
        [
          [0, 0],
          [random.between(40, 160), random.between(-2, 2)],
        ],
        random.between(0.8, 2),
      ),
    );
  }
  context.globalAlpha = 1;
  weathered(canvas, 32, 0.03, 0.03);
};

/** Floor boards along x, each of its own shade, with joints. */
export const planks = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  const rows = 14;
  const height = size / rows;
  for (let row = 0; row < rows; row += 1) {
    const shift = random.between(0, size);
    let x = 0;
    while (x < size) {
      const length = Math.min(size - x, random.between(0.28, 0.5) * size);
      const shade = shaded(colour, random.between(-0.26, 0.16));
      const grains = Array.from({ length: 16 }, () => ({
        y: random.between(0.1, 0.9) * height,
        colour: shaded(colour, random.between(-0.45, 0.1)),
        bend: random.between(-3, 3),
        width: random.between(0.7, 2.2),
      }));
      const knot = random.next() < 0.45 ? random.between(0.15, 0.85) * length : undefined;
      for (const offset of [0, -size]) {
        context.save();
        context.translate(x + shift + offset, row * height);
        context.fillStyle = shade;
        context.fillRect(0, 0, length, height);
        context.globalAlpha = 0.42;
        for (const grain of grains) {
          context.strokeStyle = grain.colour;
          line(
            context,
            [
              [0, grain.y],
              [length / 3, grain.y + grain.bend],
              [length, grain.y - grain.bend],
            ],
            grain.width,
          );
        }
        context.globalAlpha = 0.8;
        if (knot !== undefined) {
          context.fillStyle = shaded(colour, -0.5);
          ellipse(context, knot, height * 0.45, 9, 4);
        }
        context.globalAlpha = 1;
        context.fillStyle = shaded(colour, -0.62);
        context.fillRect(0, 0, 2.2, height);
        context.fillRect(0, 0, length, 2);
        context.restore();
      }
      x += length;
    }
  }
  weathered(canvas, 90, 0.07, 0.06);
};

/** Checkered floor tiles with grout, each tile with its own veins and wear. */
export const checkerTiles = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  const count = 6;
  const cell = size / count;
  fill(canvas, '#a89f90');
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const base = (row + column) % 2 ? '#7f9a92' : '#ece4d2';
      context.save();
      context.translate(column * cell, row * cell);
      context.beginPath();
      context.rect(2.5, 2.5, cell - 5, cell - 5);
      context.clip();
      context.fillStyle = shaded(base, random.between(-0.12, 0.1));
      context.fillRect(0, 0, cell, cell);
      for (let i = 0; i < 9; i += 1) {
        context.strokeStyle = shaded(base, random.between(-0.35, 0.3));
        context.globalAlpha = 0.5;
        const [x, y] = [random.between(0, cell), random.between(0, cell)];
        line(
          context,
          [
            [x, y],
            [x + random.between(-40, 40), y + random.between(-40, 40)],
            [x + random.between(-80, 80), y + random.between(-80, 80)],
          ],
          random.between(0.7, 2.4),
        );
      }
      for (let i = 0; i < 14; i += 1) {
        context.fillStyle = shaded(base, random.between(-0.5, 0.3));
        ellipse(context, random.between(0, cell), random.between(0, cell), random.between(1, 4), random.between(1, 3));
      }
      context.restore();
    }
  }
  context.globalAlpha = 1;
  weathered(canvas, 50, 0.05, 0.05);
};

/** Small glazed wall tiles. */
export const glazedTiles = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  const count = 10;
  const cell = size / count;
  fill(canvas, '#e9e4d8');
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const tone = shaded(colour, random.between(-0.35, 0.4));
      context.fillStyle = tone;
      context.fillRect(column * cell + 1.5, row * cell + 1.5, cell - 3, cell - 3);
      context.fillStyle = shaded(tone, 0.35);
      context.globalAlpha = 0.6;
      ellipse(
        context,
        (column + random.between(0.25, 0.6)) * cell,
        (row + random.between(0.2, 0.5)) * cell,
        cell * 0.18,
        cell * 0.09,
        0.5,
      );
      context.globalAlpha = 1;
    }
  }
  weathered(canvas, 24, 0.05, 0.04);
};

/** Rough plaster: trowel marks, specks and pits. */
export const plaster = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  for (let i = 0; i < 420; i += 1) {
    context.fillStyle = shaded(colour, random.between(-0.13, 0.16));
    context.globalAlpha = 0.5;
    const [x, y, r, turn] = [
      random.between(0, size),
      random.between(0, size),
      random.between(8, 34),
      random.between(0, 3),
    ];
    wrapped(canvas, x, y, () => ellipse(context, 0, 0, r, r * 0.35, turn));
  }
  for (let i = 0; i < 1100; i += 1) {
    context.fillStyle = shaded(colour, random.next() < 0.7 ? random.between(-0.42, -0.16) : 0.5);
    context.globalAlpha = random.between(0.3, 0.85);
    const [x, y, r, turn] = [
      random.between(0, size),
      random.between(0, size),
      random.between(1.2, 4.2),
      random.between(0, 3),
    ];
    wrapped(canvas, x, y, () => ellipse(context, 0, 0, r, r * 0.6, turn));
  }
  context.globalAlpha = 1;
  weathered(canvas, 70, 0.05, 0.035);
};

/** Woven cloth with thick threads and slubs. */
export const fabric = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  const threads = 64;
  const pitch = size / threads;
  for (let row = 0; row < threads; row += 1) {
    for (let column = 0; column < threads; column += 1) {
      context.fillStyle = shaded(colour, ((row + column) % 2 ? -0.12 : 0.08) + random.between(-0.13, 0.13));
      context.fillRect(column * pitch, row * pitch, pitch - 0.5, pitch - 0.5);
    }
  }
  for (let i = 0; i < 150; i += 1) {
    context.fillStyle = shaded(colour, random.between(-0.4, 0.42));
    context.globalAlpha = 0.6;
    const isAcross = random.next() < 0.5;
    const [x, y] = [random.between(0, size), random.between(0, size)];
    wrapped(canvas, x, y, () => context.fillRect(0, 0, isAcross ? 22 : 4, isAcross ? 4 : 22));
  }
  context.globalAlpha = 1;
  weathered(canvas, 48, 0.1, 0.06);
};

/** Cushion cloth with a bold print. */
export const pattern = (canvas: Canvas, colour: string): void => {
  const { context, random } = canvas;
  fill(canvas, colour);
  scattered(canvas, 7, 0.12, (x, y, column, row) => {
    const turn = random.between(-0.3, 0.3);
    wrapped(canvas, x, y, () => {
      context.rotate(turn);
      context.fillStyle = (column + row) % 2 ? '#f3ead6' : shaded(colour, -0.42);
      polygon(context, [
        [0, -13],
        [11, 0],
        [0, 13],
        [-11, 0],
      ]);
      context.fillStyle = (column + row) % 2 ? shaded(colour, -0.3) : shaded(colour, 0.4);
      polygon(context, [
        [0, -6],
        [5, 0],
        [0, 6],
        [-5, 0],
      ]);
    });
  });
  weathered(canvas, 40, 0.08, 0.07);
};

/** A quilt: patches with small prints. */
export const quilt = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  const count = 4;
  const cell = size / count;
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const base = random.pick([colour, shaded(colour, 0.45), '#f3ebdc', shaded(colour, -0.3)]);
      context.fillStyle = base;
      context.fillRect(column * cell, row * cell, cell, cell);
      const motif = shaded(base, random.next() < 0.5 ? -0.4 : 0.5);
      context.fillStyle = motif;
      const kind = Math.floor(random.next() * 3);
      for (let i = 0; i < 16; i += 1) {
        const x = column * cell + ((i % 4) + random.between(0.3, 0.7)) * (cell / 4);
        const y = row * cell + (Math.floor(i / 4) + random.between(0.3, 0.7)) * (cell / 4);
        if (kind === 0) {
          ellipse(context, x, y, 5, 5);
        } else if (kind === 1) {
          context.fillRect(x - 6, y - 2, 12, 4);
        } else {
          polygon(context, [
            [x, y - 7],
            [x + 6, y + 5],
            [x - 6, y + 5],
          ]);
        }
      }
      context.strokeStyle = shaded(base, -0.35);
      context.setLineDash([6, 5]);
      context.lineWidth = 1.5;
      context.strokeRect(column * cell + 4, row * cell + 4, cell - 8, cell - 8);
      context.setLineDash([]);
    }
  }
  weathered(canvas, 64, 0.08, 0.05);
};

/** Leather: fine creases and wear. */
export const leather = (canvas: Canvas, colour: string): void => {
  const { context, random } = canvas;
  fill(canvas, colour);
  scattered(canvas, 22, 0.6, (x, y) => {
    context.strokeStyle = shaded(colour, random.between(-0.4, 0.3));
    context.globalAlpha = 0.55;
    const [a, b] = [random.between(-14, 14), random.between(-14, 14)];
    wrapped(canvas, x, y, () =>
      line(
        context,
        [
          [0, 0],
          [a, b],
          [a + b, b - a],
        ],
        1.5,
      ),
    );
  });
  context.globalAlpha = 1;
  weathered(canvas, 50, 0.14, 0.06);
};

/** Metal with fine scratches. */
export const metal = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  for (let i = 0; i < 160; i += 1) {
    context.strokeStyle = shaded(colour, random.between(-0.35, 0.4));
    context.globalAlpha = 0.4;
    wrapped(canvas, random.between(0, size), random.between(0, size), () =>
      line(
        context,
        [
          [0, 0],
          [50, 0],
        ],
        1,
      ),
    );
  }
  context.globalAlpha = 1;
  weathered(canvas, 30, 0.12, 0.05);
};

/** Glazed pottery with specks. */
export const ceramic = (canvas: Canvas, colour: string): void => {
  const { context, random } = canvas;
  fill(canvas, colour);
  scattered(canvas, 13, 0.5, (x, y) => {
    context.fillStyle = shaded(colour, random.next() < 0.75 ? random.between(-0.55, -0.25) : 0.55);
    ellipse(context, x, y, random.between(2, 6), random.between(2, 5));
  });
  weathered(canvas, 60, 0.09, 0.03);
};

/** White stone with grey veins. */
export const marble = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  for (let i = 0; i < 46; i += 1) {
    let [x, y] = [random.between(0, size), random.between(0, size)];
    const points: (readonly [number, number])[] = [[0, 0]];
    const [startX, startY] = [x, y];
    for (let k = 0; k < 7; k += 1) {
      x += random.between(5, 45);
      y += random.between(-26, 30);
      points.push([x - startX, y - startY]);
    }
    context.strokeStyle = shaded(colour, -random.between(0.2, 0.5));
    context.globalAlpha = random.between(0.25, 0.7);
    wrapped(canvas, startX, startY, () => line(context, points, random.between(0.8, 3)));
  }
  context.globalAlpha = 1;
  weathered(canvas, 50, 0.06, 0.05);
};

/** Woven cane. */
export const rattan = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, shaded(colour, -0.5));
  const count = 16;
  const cell = size / count;
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      context.fillStyle = shaded(colour, random.between(-0.2, 0.3));
      const isUpright = (row + column) % 2 === 0;
      context.fillRect(
        column * cell + (isUpright ? cell * 0.22 : 0),
        row * cell + (isUpright ? 0 : cell * 0.22),
        isUpright ? cell * 0.56 : cell,
        isUpright ? cell : cell * 0.56,
      );
    }
  }
  weathered(canvas, 40, 0.1, 0.08);
};

/** A leaf with midrib and veins. */
export const leaf = (canvas: Canvas, variant: number): void => {
  const { context, size } = canvas;
  const colour = ['#5c8f4a', '#77a557', '#477b46'][variant % 3] ?? '#5c8f4a';
  fill(canvas, colour);
  context.strokeStyle = shaded(colour, 0.45);
  line(
    context,
    [
      [size / 2, 0],
      [size / 2, size],
    ],
    size / 26,
  );
  for (let i = 0; i < 9; i += 1) {
    const y = ((i + 0.5) * size) / 9;
    line(
      context,
      [
        [0, y - size / 9],
        [size / 2, y],
        [size, y - size / 9],
      ],
      size / 60,
    );
  }
  weathered(canvas, 18, 0.22, 0.06);
};

/** Light cloth hanging in folds, with a woven stripe. */
export const linen = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, colour);
  for (let i = 0; i < 8; i += 1) {
    context.fillStyle = shaded(colour, i % 2 ? -0.2 : 0.3);
    context.fillRect((i * size) / 8 + 6, 0, size / 34, size);
  }
  scattered(canvas, 9, 0.3, (x, y) => {
    context.fillStyle = shaded(colour, random.between(-0.45, -0.25));
    wrapped(canvas, x, y, () => {
      ellipse(context, 0, -5, 3, 6);
      ellipse(context, -5, 3, 6, 3);
      ellipse(context, 5, 3, 6, 3);
    });
  });
  weathered(canvas, 40, 0.05, 0.05);
};
