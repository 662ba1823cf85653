import { toReactive, usePreferredDark, useStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watchEffect } from 'vue';

/** What a person can change about the window; kept in this browser. */
export interface Settings {
  theme: 'system' | 'dark' | 'light';
  showBoxes: boolean;
  showObjectsInVideo: boolean;
  showMoving: boolean;
  showAxes: boolean;
  showPoints: boolean;
  showTrajectory: boolean;
  showFrustums: boolean;
  showObjects: boolean;
  showGrid: boolean;
  pointSizePixels: number;
}

const defaults: Settings = {
  theme: 'system',
  showBoxes: true,
  showObjectsInVideo: false,
  showMoving: false,
  showAxes: true,
  showPoints: true,
  showTrajectory: true,
  showFrustums: true,
  showObjects: true,
  showGrid: true,
  pointSizePixels: 2,
};

/** Settings and the theme that follows from them. */
export const useSettings = defineStore('settings', () => {
  const settings: Settings = toReactive<Settings>(
    useStorage<Settings>('loci.settings', defaults, localStorage, { mergeDefaults: true }),
  );
  const systemIsDark = usePreferredDark();
  const dark = computed(() => (settings.theme === 'system' ? systemIsDark.value : settings.theme === 'dark'));

  watchEffect(() => {
    document.documentElement.dataset['theme'] = dark.value ? 'dark' : 'light';
  });

  const toggleTheme = (): void => {
    settings.theme = dark.value ? 'light' : 'dark';
  };

  return { settings, dark, toggleTheme };
});
