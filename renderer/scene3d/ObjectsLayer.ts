import type { Scene } from '@babylonjs/core/scene';
import type { OrientedBox } from '../../app/contract/geometry.ts';
import { boxCorners, boxEdges } from '../video/projection.ts';
import type { SceneColours } from './colours.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { haloed } from './halo.ts';
import { SegmentBatch } from './SegmentBatch.ts';
import type { Segment } from './SegmentBatch.ts';

/** An object as the 3D view shows it. */
export interface ShownObject extends OrientedBox {
  readonly id: string;
  readonly name: string;
  readonly confidence: number;
  readonly role: 'plain' | 'hovered' | 'evidence' | 'selected';
}

/** Dashes of an edge of an unsure object: less confidence, more gaps. */
const dashes = (from: Segment, confidence: number): Segment[] => {
  if (confidence >= 0.7) {
    return [from];
  }
  const pieces = 6;
  const at = (share: number): [number, number, number] => [
    from.from[0] + (from.to[0] - from.from[0]) * share,
    from.from[1] + (from.to[1] - from.from[1]) * share,
    from.from[2] + (from.to[2] - from.from[2]) * share,
  ];
  return Array.from({ length: pieces }, (_, i) => ({ ...from, from: at(i / pieces), to: at((i + 0.55) / pieces) }));
};

/** Objects as oriented boxes. */
export class ObjectsLayer implements SceneLayer {
  readonly #lines: SegmentBatch;
  /** What is selected shows through everything, as a light line in a blue one: not by its hue alone. */
  readonly #selected: SegmentBatch;
  #colours: SceneColours;
  #objects: readonly ShownObject[] = [];

  constructor(scene: Scene, colours: SceneColours) {
    this.#lines = new SegmentBatch(scene, 'objects', 1.25);
    this.#selected = new SegmentBatch(scene, 'objects selected', 1.25).onTop();
    this.#colours = colours;
  }

  set visible(visible: boolean) {
    this.#lines.visible = visible;
    this.#selected.visible = visible;
  }

  show(objects: readonly ShownObject[]): void {
    this.#objects = objects;
    this.#build();
  }

  recolour(colours: SceneColours): void {
    this.#colours = colours;
    this.#build();
  }

  dispose(): void {
    this.#lines.dispose();
    this.#selected.dispose();
  }

  #build(): void {
    const { neutral, strong, evidence, selection } = this.#colours;
    const colourOf = { plain: neutral, hovered: strong, evidence, selected: selection };
    const weightOf = { plain: 1, hovered: 1.6, evidence: 2, selected: 2.4 };
    const edges = (object: ShownObject): Segment[] => {
      const corners = boxCorners(object);
      const edge = { colour: colourOf[object.role], weight: weightOf[object.role] };
      return boxEdges.flatMap(([a, b]) => {
        const [from, to] = [corners[a], corners[b]];
        return from && to ? dashes({ from, to, ...edge }, object.confidence) : [];
      });
    };
    this.#lines.fill(this.#objects.filter(({ role }) => role !== 'selected').flatMap(edges));
    this.#selected.fill(haloed(this.#objects.filter(({ role }) => role === 'selected').flatMap(edges), this.#colours));
  }
}
