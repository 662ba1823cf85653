import type { Scene } from '@babylonjs/core/scene';
import type { OrientedBox, Vector3 } from '../../app/contract/geometry.ts';
import { boxCorners, boxEdges } from '../video/projection.ts';
import type { SceneColours } from './colours.ts';
import { haloed } from './halo.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { SegmentBatch } from './SegmentBatch.ts';
import type { Segment } from './SegmentBatch.ts';

/** What a map tool has taken hold of: a box, or the line between two places. */
export class SelectionLayer implements SceneLayer {
  readonly #lines: SegmentBatch;
  #colours: SceneColours;
  #box: OrientedBox | undefined;
  #ends: readonly Vector3[] = [];

  constructor(scene: Scene, colours: SceneColours) {
    this.#lines = new SegmentBatch(scene, 'map selection', 1.25).onTop();
    this.#colours = colours;
  }

  set visible(visible: boolean) {
    this.#lines.visible = visible;
  }

  /** `mark` is the size of the cross at an end of a length, in the unit of the scene. */
  show(box: OrientedBox | undefined, ends: readonly Vector3[], mark: number): void {
    this.#box = box;
    this.#ends = ends;
    this.#build(mark);
  }

  recolour(colours: SceneColours): void {
    this.#colours = colours;
    this.#build(0);
  }

  dispose(): void {
    this.#lines.dispose();
  }

  #build(mark: number): void {
    const style = { colour: this.#colours.selection, weight: 2 };
    const corners = this.#box ? boxCorners(this.#box) : [];
    const edges = boxEdges.flatMap(([a, b]): Segment[] => {
      const [from, to] = [corners[a], corners[b]];
      return from && to ? [{ from, to, ...style }] : [];
    });
    const crosses = this.#ends.flatMap(([x, y, z]): Segment[] => [
      { from: [x - mark, y, z], to: [x + mark, y, z], ...style },
      { from: [x, y - mark, z], to: [x, y + mark, z], ...style },
      { from: [x, y, z - mark], to: [x, y, z + mark], ...style },
    ]);
    const [from, to] = this.#ends;
    const length: Segment[] = from && to ? [{ from, to, ...style }] : [];
    this.#lines.fill(haloed([...edges, ...crosses, ...length], this.#colours));
  }
}
