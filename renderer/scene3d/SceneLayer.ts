import type { SceneColours } from './colours.ts';

/** One kind of thing in the 3D view. It owns its GPU objects and forgets them when disposed. */
export interface SceneLayer {
  visible: boolean;
  /** Another theme. */
  recolour(colours: SceneColours): void;
  dispose(): void;
}
