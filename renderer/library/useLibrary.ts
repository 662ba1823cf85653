import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Health } from '../../app/contract/api.ts';
import type { Environment, Session } from '../../app/contract/session.ts';
import { engine } from '../engine/client.ts';
import { useLoadable } from '../engine/loadable.ts';

interface Shelf {
  readonly environments: readonly Environment[];
  readonly sessions: readonly Session[];
}

/** What the library holds: environments and sessions, and the engine that keeps them. */
export const useLibrary = defineStore('library', () => {
  const shelf = useLoadable<Shelf>();
  const health = useLoadable<Health>();

  const environments = computed(() => shelf.current.value.value?.environments ?? []);
  /** Newest first. */
  const sessions = computed(() => shelf.current.value.value?.sessions ?? []);
  const readOnly = computed(() => health.current.value.value?.readOnly ?? false);

  const refresh = async (): Promise<void> => {
    await Promise.all([
      health.read(() => engine.health()),
      shelf.read(async () => {
        const [environmentList, sessionList] = await Promise.all([
          engine.environments.list(),
          engine.sessions.list({}),
        ]);
        return {
          environments: environmentList,
          sessions: sessionList.toSorted((a, b) => b.createdAtMillis - a.createdAtMillis),
        };
      }),
    ]);
  };

  return { shelf: shelf.current, health: health.current, environments, sessions, readOnly, refresh };
});
