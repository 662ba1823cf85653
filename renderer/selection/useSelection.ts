import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Evidence } from '../../app/contract/question.ts';
import { selectionKey } from './selection.ts';
import type { Selection } from './selection.ts';

const longestHistory = 200;

/** The one selection of the window, its history, what the pointer is over, and what the chosen answer rests on. */
export const useSelection = defineStore('selection', () => {
  const history = shallowRef<readonly Selection[]>([]);
  const position = shallowRef(-1);
  const cleared = shallowRef(true);
  const hovered = shallowRef<Selection>();
  const evidence = shallowRef<Evidence>();

  const current = computed(() => (cleared.value ? undefined : history.value[position.value]));
  const canGoBack = computed(() => position.value > 0);
  const canGoForward = computed(() => position.value < history.value.length - 1);

  const select = (selection: Selection): void => {
    if (!current.value || selectionKey(current.value) !== selectionKey(selection)) {
      history.value = [...history.value.slice(0, position.value + 1), selection].slice(-longestHistory);
      position.value = history.value.length - 1;
    }
    cleared.value = false;
  };

  const move = (direction: 1 | -1): Selection | undefined => {
    const next = history.value[position.value + direction];
    if (next) {
      position.value += direction;
      cleared.value = false;
    }
    return next;
  };

  const clear = (): void => {
    cleared.value = true;
    hovered.value = undefined;
    evidence.value = undefined;
  };

  return { current, hovered, evidence, canGoBack, canGoForward, select, move, clear };
});
