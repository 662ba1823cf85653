import type { Scene } from '@babylonjs/core/scene';
import type { Intrinsics, Pose } from '../../app/contract/geometry.ts';
import type { SceneColours } from './colours.ts';
import { frustumCorners, frustumEdges } from './frustum.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { haloed } from './halo.ts';
import { SegmentBatch } from './SegmentBatch.ts';
import type { Segment } from './SegmentBatch.ts';

/** What a frustum means, which decides its colour, size and weight. */
export type FrustumRole = 'ahead' | 'library' | 'working' | 'episodic' | 'evidence' | 'selected' | 'hovered' | 'camera';

/** A camera to show. */
export interface Frustum {
  readonly pose: Pose;
  readonly role: FrustumRole;
}

const shapes: Record<FrustumRole, { readonly size: number; readonly weight: number }> = {
  ahead: { size: 0.35, weight: 0.6 },
  library: { size: 0.45, weight: 0.8 },
  working: { size: 0.6, weight: 1.1 },
  episodic: { size: 1, weight: 1.4 },
  evidence: { size: 1.2, weight: 1.8 },
  hovered: { size: 1.2, weight: 1.8 },
  selected: { size: 1.4, weight: 2.2 },
  camera: { size: 1.6, weight: 2 },
};

/** Cameras of keyframes and of the playhead as pyramids of view. */
export class FrustumsLayer implements SceneLayer {
  readonly #lines: SegmentBatch;
  /** What is selected shows through everything, as a light line in a blue one: not by its hue alone. */
  readonly #selected: SegmentBatch;
  #colours: SceneColours;
  #shown: { frustums: readonly Frustum[]; intrinsics: Intrinsics; size: number } | undefined;

  constructor(scene: Scene, name: string, colours: SceneColours) {
    this.#lines = new SegmentBatch(scene, name, 1.25);
    this.#selected = new SegmentBatch(scene, `${name} selected`, 1.25).onTop();
    this.#colours = colours;
  }

  set visible(visible: boolean) {
    this.#lines.visible = visible;
    this.#selected.visible = visible;
  }

  /** Replaces what is shown; `size` is the usual depth of a pyramid, in the scene's unit. */
  show(frustums: readonly Frustum[], intrinsics: Intrinsics, size: number): void {
    this.#shown = { frustums, intrinsics, size };
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

  #colourOf(role: FrustumRole) {
    const { dim, strong, library, working, episodic, evidence, selection } = this.#colours;
    return { ahead: dim, library, working, episodic, evidence, selected: selection, hovered: strong, camera: strong }[
      role
    ];
  }

  #build(): void {
    const { frustums = [], intrinsics, size = 0.2 } = this.#shown ?? {};
    const edges = ({ pose, role }: Frustum): Segment[] => {
      const shape = shapes[role];
      const colour = this.#colourOf(role);
      const corners = intrinsics ? frustumCorners(pose, intrinsics, size * shape.size) : [];
      return frustumEdges.flatMap(([a, b]) => {
        const [from, to] = [corners[a], corners[b]];
        return from && to ? [{ from, to, colour, weight: shape.weight }] : [];
      });
    };
    this.#lines.fill(frustums.filter(({ role }) => role !== 'selected').flatMap(edges));
    this.#selected.fill(haloed(frustums.filter(({ role }) => role === 'selected').flatMap(edges), this.#colours));
  }
}
