import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { LevelRequest, MapEdit, Revision, ScaleRequest } from '../../app/contract/edit.ts';
import type { LociError } from '../../app/contract/errors.ts';
import { engine } from '../engine/client.ts';
import { useLoadable } from '../engine/loadable.ts';
import { problemOf } from '../engine/problem.ts';

/** What people changed of the open environment, and how more is changed. */
export const useRevisions = defineStore('revisions', () => {
  const environment = ref<string>();
  const revisions = useLoadable<readonly Revision[]>();
  /** What was done last, in words, until something else is. */
  const said = ref<string>();
  const problem = shallowRef<LociError>();
  const busy = ref(false);

  const list = computed(() => revisions.current.value.value ?? []);
  const canUndo = computed(() => list.value.some(({ undone }) => !undone));
  const canRedo = computed(() => list.value.some(({ redoable }) => redoable));

  const refresh = async (): Promise<void> => {
    const name = environment.value;
    if (name) {
      await revisions.read(() => engine.revisions.list({ environment: name }));
    }
  };

  const open = (name: string | undefined): void => {
    if (environment.value !== name) {
      environment.value = name;
      revisions.clear();
      said.value = undefined;
      problem.value = undefined;
      void refresh();
    }
  };

  /** Runs one change and says how it went; the change of the library is told by the engine. */
  const run = async (before: string, change: () => Promise<Revision>): Promise<boolean> => {
    busy.value = true;
    problem.value = undefined;
    try {
      said.value = `${before}${(await change()).summary}`;
      return true;
    } catch (thrown) {
      said.value = undefined;
      problem.value = problemOf(thrown);
      return false;
    } finally {
      busy.value = false;
      void refresh();
    }
  };

  const retract = (kind: 'undo' | 'redo', words: string): void => {
    const name = environment.value;
    if (name && (kind === 'undo' ? canUndo.value : canRedo.value) && !busy.value) {
      void run(words, () => engine.revisions[kind]({ environment: name }));
    }
  };

  return {
    environment,
    revisions: revisions.current,
    list,
    said,
    problem,
    busy,
    canUndo,
    canRedo,
    refresh,
    open,
    undo: () => retract('undo', 'Undone: '),
    redo: () => retract('redo', 'Redone: '),
    edit: (sessionId: string, edit: MapEdit) => run('', () => engine.map.edit({ sessionId, edit })),
    scale: (sessionId: string, request: ScaleRequest) => run('', () => engine.sessions.scale({ sessionId, request })),
    level: (sessionId: string, request: LevelRequest) => run('', () => engine.sessions.level({ sessionId, request })),
  };
});
