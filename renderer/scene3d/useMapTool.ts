import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { MapSelection } from '../../app/contract/edit.ts';
import type { OrientedBox, Vector3 } from '../../app/contract/geometry.ts';

/** What the pointer does in the 3D view instead of steering it. */
export type MapTool = 'box' | 'lasso' | 'measure' | 'floor';

/** A part of the map that is about to be edited. */
export interface ChosenPart {
  readonly selection: MapSelection;
  /** Points that the view shows of it; absent for an object. */
  readonly points?: number;
  /** Its box, where it has one that can become an object. */
  readonly box?: OrientedBox;
}

/** The tool in hand and what it has taken hold of. */
export const useMapTool = defineStore('mapTool', () => {
  const tool = ref<MapTool>();
  /** The shape being drawn, in pixels of the view. */
  const outline = shallowRef<readonly (readonly [number, number])[]>([]);
  const chosen = shallowRef<ChosenPart>();
  /** Places whose distance is about to be told. */
  const ends = shallowRef<readonly Vector3[]>([]);

  const drop = (): void => {
    outline.value = [];
    chosen.value = undefined;
    ends.value = [];
  };

  /** Takes a tool up, or puts it away when it is the one in hand. */
  const take = (wanted: MapTool | undefined): void => {
    drop();
    tool.value = tool.value === wanted ? undefined : wanted;
  };

  return { tool, outline, chosen, ends, take, drop };
});
