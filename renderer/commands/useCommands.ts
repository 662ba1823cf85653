import { useEventListener } from '@vueuse/core';
import { defineStore } from 'pinia';
import { onScopeDispose, ref } from 'vue';
import { commandFor, keepsKey } from './keys.ts';
import type { CommandId } from './table.ts';

type Handlers = Partial<Record<CommandId, () => void>>;

/** Who carries out which command; parts of the window register what they can do. */
export const useCommands = defineStore('commands', () => {
  const handlers = new Map<CommandId, () => void>();
  const paletteOpen = ref(false);
  const helpOpen = ref(false);

  const run = (id: CommandId): void => handlers.get(id)?.();

  const register = (provided: Handlers): void => {
    for (const [id, handler] of Object.entries(provided)) {
      handlers.set(id as CommandId, handler);
    }
    onScopeDispose(() => {
      for (const id of Object.keys(provided)) {
        handlers.delete(id as CommandId);
      }
    });
  };

  return { run, register, paletteOpen, helpOpen };
});

/** Turns key presses into commands, for as long as the calling component lives. */
export const useCommandKeys = (): void => {
  const store = useCommands();
  useEventListener(window, 'keydown', (event) => {
    const id = event.defaultPrevented || keepsKey(event.target, event) ? undefined : commandFor(event);
    const modal = store.paletteOpen || store.helpOpen;
    if (id && (!modal || id === 'palette.open')) {
      event.preventDefault();
      store.run(id);
    }
  });
};
