import { ellipse, fill, line, polygon, weathered } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { shaded } from './palette.ts';

const hills = ({ context, size, random }: Canvas, colours: readonly string[], from: number): void => {
  colours.forEach((colour, i) => {
    const base = size * (from + (i * (1 - from)) / colours.length);
    const [a, b] = [random.between(0, 6), random.between(1, 3)];
    context.fillStyle = colour;
    polygon(context, [
      [0, size],
      ...Array.from({ length: 25 }, (_, k): readonly [number, number] => [
        (k * size) / 24,
        base - size * 0.09 * Math.sin(a + (k * b) / 5) - size * 0.03 * Math.sin(a * 2 + k),
      ]),
      [size, size],
    ]);
  });
};

const landscape = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#f2d9a8');
  context.fillStyle = '#e9864f';
  ellipse(context, size * random.between(0.25, 0.75), size * 0.3, size * 0.1, size * 0.1);
  hills(canvas, ['#9bb7a0', '#6d9683', '#447064', '#2c4f4b'], 0.45);
  context.fillStyle = '#233f3c';
  for (let i = 0; i < 14; i += 1) {
    const [x, y, h] = [random.between(0, size), size * random.between(0.72, 0.95), size * random.between(0.06, 0.14)];
    polygon(context, [
      [x, y - h],
      [x + h * 0.3, y],
      [x - h * 0.3, y],
    ]);
  }
};

const abstractBlocks = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#f1e8d6');
  for (let i = 0; i < 26; i += 1) {
    context.fillStyle = random.pick(['#d05c3f', '#2f6f73', '#e3b04b', '#33425b', '#c9a58a', '#7fa08a']);
    context.save();
    context.translate(random.between(0, size), random.between(0, size));
    context.rotate(random.between(-0.6, 0.6));
    const [w, h] = [random.between(0.05, 0.24) * size, random.between(0.05, 0.24) * size];
    if (random.next() < 0.35) {
      ellipse(context, 0, 0, w / 2, w / 2);
    } else {
      context.fillRect(-w / 2, -h / 2, w, h);
    }
    context.restore();
  }
};

const botanical = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#f4efe1');
  for (let s = 0; s < 3; s += 1) {
    const x = size * (0.28 + 0.22 * s);
    context.strokeStyle = '#4b6b4b';
    line(
      context,
      [
        [x, size * 0.92],
        [x + size * 0.03, size * 0.5],
        [x, size * 0.14],
      ],
      size / 90,
    );
    for (let i = 0; i < 9; i += 1) {
      context.fillStyle = random.pick(['#5f8a5c', '#7ba06a', '#41684c']);
      const y = size * (0.2 + 0.075 * i);
      ellipse(context, x - size * 0.06, y, size * 0.07, size * 0.022, 0.6);
      ellipse(context, x + size * 0.07, y + size * 0.03, size * 0.07, size * 0.022, -0.6);
    }
    context.fillStyle = ['#d9714f', '#d9a441', '#b65b78'][s] ?? '#d9714f';
    ellipse(context, x, size * 0.13, size * 0.05, size * 0.05);
  }
};

const town = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#bcd6dd');
  let x = 0;
  while (x < size) {
    const [w, h] = [size * random.between(0.09, 0.17), size * random.between(0.32, 0.66)];
    const wall = random.pick(['#e5b98a', '#d98b6a', '#efe0c2', '#b3605a', '#8fa6a0']);
    context.fillStyle = wall;
    context.fillRect(x, size - h, w, h);
    context.fillStyle = '#7d4436';
    polygon(context, [
      [x - 3, size - h],
      [x + w / 2, size - h - w * 0.5],
      [x + w + 3, size - h],
    ]);
    for (let row = 0; row < 4; row += 1) {
      for (let column = 0; column < 3; column += 1) {
        context.fillStyle = random.next() < 0.3 ? '#f6d77c' : shaded('#40505e', random.between(-0.2, 0.3));
        context.fillRect(x + w * (0.14 + column * 0.28), size - h + h * (0.1 + row * 0.2), w * 0.16, h * 0.11);
      }
    }
    x += w;
  }
};

const sea = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#dfe9ea');
  for (let i = 0; i < 60; i += 1) {
    const y = size * (0.42 + (0.58 * i) / 60);
    context.fillStyle = shaded('#2f7696', random.between(-0.3, 0.45));
    context.fillRect(random.between(-0.2, 0.6) * size, y, size * random.between(0.3, 0.9), size / 55);
  }
  for (const [x, y, s] of [
    [0.3, 0.5, 0.16],
    [0.68, 0.62, 0.24],
  ] as const) {
    context.fillStyle = '#f7f1e1';
    polygon(context, [
      [x * size, (y - s) * size],
      [(x + s * 0.55) * size, y * size],
      [x * size, y * size],
    ]);
    context.fillStyle = '#c8553d';
    polygon(context, [
      [(x - s * 0.05) * size, (y - s * 0.8) * size],
      [(x - s * 0.4) * size, y * size],
      [(x - s * 0.05) * size, y * size],
    ]);
    context.fillStyle = '#5c3d2e';
    polygon(context, [
      [(x - s * 0.5) * size, (y + 0.01) * size],
      [(x + s * 0.6) * size, (y + 0.01) * size],
      [(x + s * 0.4) * size, (y + 0.06) * size],
      [(x - s * 0.3) * size, (y + 0.06) * size],
    ]);
  }
};

const stillLife = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  fill(canvas, '#7d9a8f');
  context.fillStyle = '#b98759';
  context.fillRect(0, size * 0.66, size, size * 0.34);
  context.fillStyle = '#e8dcc0';
  polygon(context, [
    [size * 0.2, size * 0.7],
    [size * 0.28, size * 0.3],
    [size * 0.42, size * 0.3],
    [size * 0.5, size * 0.7],
  ]);
  for (let i = 0; i < 9; i += 1) {
    context.fillStyle = random.pick(['#d8542f', '#e6a23c', '#9fb03f', '#b23a48']);
    const r = size * random.between(0.05, 0.085);
    const [x, y] = [size * random.between(0.42, 0.86), size * random.between(0.62, 0.8)];
    ellipse(context, x, y, r, r);
    context.fillStyle = '#f8e7c9';
    ellipse(context, x - r * 0.3, y - r * 0.3, r * 0.2, r * 0.2);
  }
};

const paintings = [landscape, abstractBlocks, botanical, town, sea, stillLife];

/** A painting or print; each number is another motif or another version of it. */
export const picture = (canvas: Canvas, motif: number): void => {
  const { context, size } = canvas;
  (paintings[motif % paintings.length] ?? landscape)(canvas);
  if (motif % 3 !== 0) {
    // A white mount round the print.
    context.lineWidth = size * 0.16;
    context.strokeStyle = '#f6f2e8';
    context.strokeRect(0, 0, size, size);
    context.lineWidth = 2;
    context.strokeStyle = '#b9ae9a';
    context.strokeRect(size * 0.08, size * 0.08, size * 0.84, size * 0.84);
  }
  weathered(canvas, 30, 0.06, 0.05);
};

/** The cover and spine of a book: bands and a title of strokes. */
export const book = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, shaded(colour, random.between(-0.15, 0.2)));
  const ink = random.pick(['#f3e7c6', '#e2b95a', shaded(colour, -0.55), '#f5f1e8']);
  context.fillStyle = ink;
  for (const y of [random.between(0.06, 0.14), random.between(0.8, 0.9)]) {
    context.fillRect(0, size * y, size, size * 0.035);
  }
  const letters = 5 + Math.floor(random.next() * 6);
  for (let i = 0; i < letters; i += 1) {
    const y = size * (0.22 + (0.5 * i) / letters);
    context.fillRect(size * 0.28, y, size * random.between(0.24, 0.46), (size * 0.3) / letters);
  }
  weathered(canvas, 16, 0.1, 0.06);
};

/** What a screen shows. */
export const screen = (canvas: Canvas, kind: string): void => {
  const { context, size, random } = canvas;
  if (kind === 'nature') {
    landscape(canvas);
    return;
  }
  fill(canvas, kind === 'oven' ? '#2c2622' : '#22303f');
  if (kind === 'oven') {
    context.strokeStyle = '#7c7268';
    for (let i = 1; i < 7; i += 1) {
      line(
        context,
        [
          [0, (i * size) / 7],
          [size, (i * size) / 7],
        ],
        3,
      );
    }
    context.fillStyle = '#d6a56a';
    ellipse(context, size / 2, size * 0.62, size * 0.22, size * 0.1);
    return;
  }
  for (let i = 0; i < 22; i += 1) {
    context.fillStyle = random.pick(['#7fb7d8', '#e0b25c', '#9ccf8d', '#d98a7a', '#cfd7de']);
    const indent = Math.floor(random.next() * 4) * 0.035;
    context.fillRect(size * (0.06 + indent), size * (0.07 + i * 0.04), size * random.between(0.08, 0.36), size * 0.02);
  }
  context.fillStyle = '#31455a';
  context.fillRect(size * 0.58, size * 0.06, size * 0.37, size * 0.88);
  for (let i = 0; i < 8; i += 1) {
    context.fillStyle = '#6fb1c9';
    const h = random.between(0.1, 0.7);
    context.fillRect(size * (0.61 + i * 0.04), size * (0.9 - h * 0.7), size * 0.028, size * h * 0.7);
  }
};

/** Keys of a keyboard. */
export const keys = (canvas: Canvas): void => {
  const { context, size } = canvas;
  fill(canvas, '#4a4d52');
  for (let row = 0; row < 5; row += 1) {
    for (let column = 0; column < 15; column += 1) {
      context.fillStyle = (row * 7 + column * 3) % 11 === 0 ? '#c8763e' : '#dfe0dc';
      context.fillRect(size * (0.02 + column * 0.064), size * (0.05 + row * 0.185), size * 0.052, size * 0.15);
    }
  }
};

/** The face of a clock. */
export const clockFace = (canvas: Canvas): void => {
  const { context, size } = canvas;
  fill(canvas, '#f6efe0');
  context.fillStyle = '#33302c';
  context.strokeStyle = '#33302c';
  const middle = size / 2;
  for (let i = 0; i < 12; i += 1) {
    const angle = (i * Math.PI) / 6;
    const [s, c] = [Math.sin(angle), Math.cos(angle)];
    line(
      context,
      [
        [middle + s * size * 0.34, middle - c * size * 0.34],
        [middle + s * size * 0.42, middle - c * size * 0.42],
      ],
      i % 3 ? 4 : 9,
    );
  }
  line(
    context,
    [
      [middle, middle],
      [middle - size * 0.16, middle - size * 0.14],
    ],
    9,
  );
  line(
    context,
    [
      [middle, middle],
      [middle + size * 0.1, middle - size * 0.3],
    ],
    6,
  );
};

/** A map of a world that is not ours. */
export const globeMap = (canvas: Canvas, colour: string): void => {
  const { context, size, random } = canvas;
  fill(canvas, shaded(colour, 0.15));
  for (let i = 0; i < 46; i += 1) {
    context.fillStyle = random.pick(['#c9b06b', '#9db36f', '#d9c690']);
    ellipse(
      context,
      random.between(0, size),
      random.between(0, size),
      random.between(8, 34),
      random.between(6, 22),
      random.between(0, 3),
    );
  }
  context.strokeStyle = '#f4efe0';
  for (let i = 1; i < 8; i += 1) {
    line(
      context,
      [
        [0, (i * size) / 8],
        [size, (i * size) / 8],
      ],
      1,
    );
    line(
      context,
      [
        [(i * size) / 8, 0],
        [(i * size) / 8, size],
      ],
      1,
    );
  }
};

/** Sky, trees and houses beyond the windows. */
export const outdoors = (canvas: Canvas): void => {
  const { context, size, random } = canvas;
  const gradient = context.createLinearGradient(0, 0, 0, size * 0.6);
  gradient.addColorStop(0, '#8fbfe6');
  gradient.addColorStop(1, '#e4f0f5');
  context.fillStyle = gradient;
  context.fillRect(0, 0, size, size);
  context.fillStyle = '#ffffff';
  for (let i = 0; i < 40; i += 1) {
    context.globalAlpha = 0.55;
    const [x, y] = [random.between(0, size), size * random.between(0.03, 0.4)];
    for (let k = 0; k < 6; k += 1) {
      ellipse(
        context,
        x + random.between(-26, 26),
        y + random.between(-6, 6),
        random.between(10, 30),
        random.between(6, 13),
      );
    }
  }
  context.globalAlpha = 1;
  hills(canvas, ['#b3cdb8', '#94b795'], 0.5);
  for (let i = 0; i < 16; i += 1) {
    const [x, w] = [random.between(0, size), size * random.between(0.03, 0.06)];
    const [top, base] = [size * random.between(0.46, 0.52), size * 0.62];
    context.fillStyle = random.pick(['#e8d3b4', '#d8a88c', '#f0e9dc', '#c9b9a8']);
    context.fillRect(x, top, w, base - top);
    context.fillStyle = '#a65f48';
    polygon(context, [
      [x - 5, top],
      [x + w / 2, top - w * 0.5],
      [x + w + 5, top],
    ]);
    context.fillStyle = '#566471';
    for (let k = 0; k < 6; k += 1) {
      context.fillRect(
        x + w * (0.15 + (k % 3) * 0.28),
        top + (base - top) * (0.15 + Math.floor(k / 3) * 0.4),
        w * 0.16,
        (base - top) * 0.2,
      );
    }
  }
  for (let i = 0; i < 110; i += 1) {
    const [x, y] = [random.between(0, size), size * random.between(0.56, 0.72)];
    const tone = random.pick(['#5f8f4f', '#79a85c', '#4a7a4c', '#8fb766']);
    for (let k = 0; k < 9; k += 1) {
      context.fillStyle = shaded(tone, random.between(-0.25, 0.3));
      ellipse(
        context,
        x + random.between(-15, 15),
        y + random.between(-20, 10),
        random.between(5, 12),
        random.between(5, 11),
      );
    }
  }
  context.fillStyle = '#86a860';
  context.fillRect(0, size * 0.74, size, size);
  weathered(canvas, 24, 0.05, 0.04);
};
