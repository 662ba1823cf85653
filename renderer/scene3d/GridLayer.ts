import type { Scene } from '@babylonjs/core/scene';
import type { Vector3 } from '../../app/contract/geometry.ts';
import type { SceneColours } from './colours.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { SegmentBatch } from './SegmentBatch.ts';
import type { Segment } from './SegmentBatch.ts';

/** Distance of the grid's lines for a scene of a size: a metre in a home, less on a desk, more outdoors. */
export const gridStep = (extent: number): number => {
  const wanted = Math.max(extent, 0.1) / 12;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
};

/** The floor as a grid of round steps, at the lowest height of the scene. */
export class GridLayer implements SceneLayer {
  readonly #lines: SegmentBatch;
  #colours: SceneColours;
  #bounds: readonly [Vector3, Vector3] = [
    [-5, -5, 0],
    [5, 5, 0],
  ];

  constructor(scene: Scene, colours: SceneColours) {
    this.#lines = new SegmentBatch(scene, 'grid', 1);
    this.#colours = colours;
    this.#build();
  }

  set visible(visible: boolean) {
    this.#lines.visible = visible;
  }

  /** Lays the grid under a box of the world. */
  cover(low: Vector3, high: Vector3): void {
    this.#bounds = [low, high];
    this.#build();
  }

  recolour(colours: SceneColours): void {
    this.#colours = colours;
    this.#build();
  }

  dispose(): void {
    this.#lines.dispose();
  }

  #build(): void {
    const [low, high] = this.#bounds;
    const step = gridStep(Math.max(high[0] - low[0], high[1] - low[1]));
    const round = (value: number, up: boolean): number =>
      (up ? Math.ceil(value / step) : Math.floor(value / step)) * step;
    const [x0, x1] = [round(low[0] - step, false), round(high[0] + step, true)];
    const [y0, y1] = [round(low[1] - step, false), round(high[1] + step, true)];
    const z = low[2];
    const { grid: colour } = this.#colours;
    const segments: Segment[] = [];
    for (let x = x0; x <= x1 + step / 2; x += step) {
      segments.push({ from: [x, y0, z], to: [x, y1, z], colour });
    }
    for (let y = y0; y <= y1 + step / 2; y += step) {
      segments.push({ from: [x0, y, z], to: [x1, y, z], colour });
    }
    this.#lines.fill(segments);
  }
}
