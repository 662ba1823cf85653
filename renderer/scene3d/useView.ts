import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Vector3 } from '../../app/contract/geometry.ts';

/** How the 3D view is steered: round a point, through the scene, or behind the recording's camera. */
export type Rig = 'orbit' | 'fly' | 'follow';

/** Wishes to the 3D view from elsewhere in the window. */
export const useView = defineStore('view', () => {
  const rig = ref<Rig>('orbit');
  const flight = shallowRef<{ readonly to: Vector3; readonly distance: number }>();
  const resets = ref(0);

  /** Flies to a place and stops at a distance, both in the unit of the scene. */
  const flyTo = (to: Vector3, distance: number): void => {
    rig.value = rig.value === 'follow' ? 'orbit' : rig.value;
    flight.value = { to, distance };
  };

  const reset = (): void => {
    rig.value = 'orbit';
    resets.value += 1;
  };

  return { rig, flight, resets, flyTo, reset };
});
