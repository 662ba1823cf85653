import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { LociError } from '../../app/contract/errors.ts';
import type { AskedQuestion } from '../../app/contract/question.ts';
import { engine } from '../engine/client.ts';
import { useLoadable } from '../engine/loadable.ts';
import { problemOf } from '../engine/problem.ts';

/** Questions asked of the open environment, with their answers, oldest first. */
export const useQuestions = defineStore('questions', () => {
  const environment = ref<string>();
  const history = useLoadable<readonly AskedQuestion[]>();
  const asking = ref<string>();
  const problem = shallowRef<LociError>();
  const draft = ref('');
  /** Counts wishes to type a question. */
  const focusRequests = ref(0);

  const all = computed(() => history.current.value.value ?? []);

  const refresh = async (): Promise<void> => {
    const name = environment.value;
    if (name) {
      await history.read(async () =>
        (await engine.questions.history({ environment: name })).toSorted((a, b) => a.askedAtMillis - b.askedAtMillis),
      );
    }
  };

  const open = (name: string | undefined): void => {
    if (environment.value !== name) {
      environment.value = name;
      history.clear();
      problem.value = undefined;
      void refresh();
    }
  };

  /** Asks; the draft is cleared only once the engine has answered. */
  const ask = async (question: string): Promise<AskedQuestion | undefined> => {
    const name = environment.value;
    if (!name || asking.value) {
      return undefined;
    }
    asking.value = question;
    problem.value = undefined;
    try {
      const asked = await engine.questions.ask({ environment: name, question });
      await history.read(() => Promise.resolve([...all.value.filter(({ id }) => id !== asked.id), asked]));
      draft.value = draft.value === question ? '' : draft.value;
      return asked;
    } catch (thrown) {
      problem.value = problemOf(thrown);
      return undefined;
    } finally {
      asking.value = undefined;
    }
  };

  return { environment, history: history.current, all, asking, problem, draft, focusRequests, open, refresh, ask };
});
