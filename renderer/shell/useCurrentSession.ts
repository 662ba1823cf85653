import { watch } from 'vue';
import { useQuestions } from '../ask/useQuestions.ts';
import { useRevisions } from '../edits/useRevisions.ts';
import { useLibrary } from '../library/useLibrary.ts';
import { useScene } from '../library/useScene.ts';
import { useSession } from '../library/useSession.ts';
import { useSelection } from '../selection/useSelection.ts';

const readHash = (): string | undefined =>
  new URLSearchParams(window.location.hash.slice(1)).get('session') ?? undefined;

/**
 * Keeps the open session, its environment and the address in step: the address remembers the session, so that reloading
 * comes back to it, and without one the newest session opens.
 */
export const useCurrentSession = (): void => {
  const library = useLibrary();
  const session = useSession();
  const scene = useScene();
  const questions = useQuestions();
  const selection = useSelection();
  const revisions = useRevisions();

  watch(
    () => library.sessions,
    (sessions) => {
      if (session.id === undefined && sessions.length > 0) {
        const remembered = readHash();
        session.open((sessions.find(({ id }) => id === remembered) ?? sessions[0])?.id);
      }
    },
    { immediate: true },
  );

  watch(
    () => session.id,
    (id) => {
      if (id === undefined) {
        // Nothing is open yet; the address still remembers what was.
        return;
      }
      const environment = id.slice(0, id.indexOf('/'));
      scene.open(environment);
      questions.open(environment);
      revisions.open(environment);
      selection.hovered = undefined;
      document.title = `${id} — Loci`;
      const url = new URL(window.location.href);
      url.hash = new URLSearchParams({ session: id }).toString();
      window.history.replaceState(window.history.state, '', url);
    },
    { immediate: true },
  );
};
