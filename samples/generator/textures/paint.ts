import { createRandom } from '../random.ts';
import { ellipse, fill, scattered, weathered } from './canvas.ts';
import type { Canvas } from './canvas.ts';
import { colourNamed, shaded } from './palette.ts';
import * as pictures from './pictures.ts';
import { rug } from './rugs.ts';
import * as surfaces from './surfaces.ts';
import * as wallpapers from './wallpapers.ts';

/** How a family of materials is painted: the side of its square in pixels, what it spans, and the painter. */
interface Painter {
  readonly pixels: number;
  /** Side length in metres; 1 for those whose texture coordinates already run from 0 to 1. */
  readonly metres: number;
  readonly paint: (canvas: Canvas, variant: string) => void;
}

const coloured =
  (paint: (canvas: Canvas, colour: string) => void) =>
  (canvas: Canvas, variant: string): void =>
    paint(canvas, colourNamed(variant));

const speckled = (canvas: Canvas, colour: string): void => {
  fill(canvas, colour);
  scattered(canvas, 18, 0.5, (x, y) => {
    canvas.context.fillStyle = shaded(colour, canvas.random.between(-0.32, 0.3));
    ellipse(canvas.context, x, y, canvas.random.between(1.5, 5), canvas.random.between(1.5, 4));
  });
  weathered(canvas, 40, 0.07, 0.04);
};

const plain = (canvas: Canvas, colour: string): void => {
  fill(canvas, colour);
  weathered(canvas, 30, 0.05, 0.03);
};

const paintWood = (canvas: Canvas, colour: string): void =>
  colour === colourNamed('white') || colour === colourNamed('cream')
    ? surfaces.painted(canvas, colour)
    : surfaces.wood(canvas, colour);

/** Every family of materials; a material is named `family/variant`. */
const painters: Readonly<Record<string, Painter>> = {
  wood: { pixels: 512, metres: 0.9, paint: coloured(paintWood) },
  planks: { pixels: 1024, metres: 1.9, paint: coloured(surfaces.planks) },
  tiles: { pixels: 1024, metres: 2.4, paint: (canvas) => surfaces.checkerTiles(canvas) },
  glazed: { pixels: 512, metres: 1, paint: coloured(surfaces.glazedTiles) },
  plaster: { pixels: 1024, metres: 1.8, paint: coloured(surfaces.plaster) },
  leaves: { pixels: 1024, metres: 2.3, paint: coloured(wallpapers.leaves) },
  dots: { pixels: 1024, metres: 2.3, paint: coloured(wallpapers.dots) },
  trellis: { pixels: 1024, metres: 2.3, paint: coloured(wallpapers.trellis) },
  birds: { pixels: 1024, metres: 2.3, paint: coloured(wallpapers.birds) },
  stripes: { pixels: 1024, metres: 2.3, paint: coloured(wallpapers.stripes) },
  fabric: { pixels: 512, metres: 0.55, paint: coloured(surfaces.fabric) },
  pattern: { pixels: 256, metres: 0.42, paint: coloured(surfaces.pattern) },
  quilt: { pixels: 512, metres: 1, paint: coloured(surfaces.quilt) },
  linen: { pixels: 512, metres: 0.8, paint: coloured(surfaces.linen) },
  leather: { pixels: 512, metres: 0.6, paint: coloured(surfaces.leather) },
  metal: { pixels: 256, metres: 0.3, paint: coloured(surfaces.metal) },
  ceramic: { pixels: 256, metres: 0.35, paint: coloured(surfaces.ceramic) },
  clay: { pixels: 256, metres: 0.35, paint: coloured(speckled) },
  fruit: { pixels: 64, metres: 0.2, paint: coloured(speckled) },
  enamel: { pixels: 512, metres: 0.8, paint: coloured(speckled) },
  lacquer: { pixels: 512, metres: 0.9, paint: coloured(surfaces.painted) },
  marble: { pixels: 512, metres: 0.9, paint: coloured(surfaces.marble) },
  rattan: { pixels: 256, metres: 0.3, paint: coloured(surfaces.rattan) },
  paper: { pixels: 64, metres: 0.3, paint: coloured(plain) },
  shade: { pixels: 128, metres: 0.5, paint: coloured(plain) },
  leaf: { pixels: 128, metres: 1, paint: (canvas, variant) => surfaces.leaf(canvas, Number(variant)) },
  picture: { pixels: 256, metres: 1, paint: (canvas, variant) => pictures.picture(canvas, Number(variant)) },
  book: {
    pixels: 64,
    metres: 1,
    paint: (canvas, variant) => pictures.book(canvas, colourNamed(variant.split('-')[0] ?? variant)),
  },
  screen: { pixels: 256, metres: 1, paint: pictures.screen },
  keys: { pixels: 256, metres: 1, paint: (canvas) => pictures.keys(canvas) },
  clock: { pixels: 256, metres: 1, paint: (canvas) => pictures.clockFace(canvas) },
  globe: { pixels: 256, metres: 0.75, paint: coloured(pictures.globeMap) },
  rug: { pixels: 1024, metres: 1, paint: rug },
  outdoors: { pixels: 1024, metres: 1, paint: (canvas) => pictures.outdoors(canvas) },
  skin: { pixels: 64, metres: 0.4, paint: coloured(plain) },
};

/** A painted square texture: RGBA rows from the bottom up, and how many metres it spans. */
export interface Texture {
  readonly pixels: number;
  readonly metres: number;
  readonly data: Uint8ClampedArray;
}

/** Paints the texture of a material; the same seed and name give the same picture. */
export const paintTexture = (material: string, seed: number): Texture => {
  const [family = '', variant = ''] = material.split('/');
  const painter = painters[family];
  if (!painter) {
    throw new Error(`No painter for the material "${material}".`);
  }
  const surface = new OffscreenCanvas(painter.pixels, painter.pixels);
  const context = surface.getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('This browser has no 2D canvas.');
  }
  // Texture coordinates run upwards, canvases downwards.
  painter.paint({ context, size: painter.pixels, random: createRandom(seed, material) }, variant);
  const image = context.getImageData(0, 0, painter.pixels, painter.pixels);
  return { pixels: painter.pixels, metres: painter.metres, data: flipRows(image) };
};

const flipRows = ({ data, width, height }: ImageData): Uint8ClampedArray => {
  const flipped = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y += 1) {
    flipped.set(data.subarray(y * width * 4, (y + 1) * width * 4), (height - 1 - y) * width * 4);
  }
  return flipped;
};
