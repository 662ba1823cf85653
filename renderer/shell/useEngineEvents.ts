import { onScopeDispose, watch } from 'vue';
import { useQuestions } from '../ask/useQuestions.ts';
import { connection, engine } from '../engine/client.ts';
import { useRevisions } from '../edits/useRevisions.ts';
import { useJobs } from '../ingest/useJobs.ts';
import { useLibrary } from '../library/useLibrary.ts';
import { useScene } from '../library/useScene.ts';
import { useSession } from '../library/useSession.ts';
import type { LibraryChange } from '../../app/contract/api.ts';

const shortestRefreshMillis = 1500;

/** Runs `action` at once, and again after the pause if it was asked for meanwhile. */
const throttled = (action: () => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = (): void => {
    if (timer) {
      again = true;
      return;
    }
    again = false;
    action();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        run();
      }
    }, shortestRefreshMillis);
  };
  return run;
};

/** Keeps everything on screen true: listens to the engine and reads again after each reconnection. */
export const useEngineEvents = (): { readonly refreshAll: () => void } => {
  const library = useLibrary();
  const session = useSession();
  const scene = useScene();
  const questions = useQuestions();
  const jobs = useJobs();
  const revisions = useRevisions();

  const refreshLibrary = throttled(() => void library.refresh());
  const refreshSession = throttled(() => void session.refresh());
  const refreshScene = throttled(() => {
    void scene.refresh();
    void revisions.refresh();
    void session.readObservations();
  });

  const onChange = (change: LibraryChange): void => {
    if (change.what === 'sessions') {
      refreshLibrary();
      if (change.sessionId === undefined || change.sessionId === session.id) {
        refreshSession();
      }
    } else if (change.environment === scene.environment) {
      if (change.what === 'objects') {
        refreshScene();
      } else {
        void questions.refresh();
      }
    }
  };

  const refreshAll = (): void => {
    refreshLibrary();
    refreshSession();
    refreshScene();
    void questions.refresh();
  };

  /** Hands on every event of a stream until the connection breaks or `signal` says so. */
  const listen = async <T>(
    open: (options: { signal: AbortSignal }) => Promise<AsyncIterable<T>>,
    handle: (event: T) => void,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      for await (const event of await open({ signal })) {
        handle(event);
      }
    } catch {
      // The connection broke or the window closed; the next connection listens anew and reads everything again.
    }
  };

  const disposed = new AbortController();
  watch(
    connection.state,
    (state) => {
      if (state === 'connected') {
        void listen((options) => engine.jobs.watch(undefined, options), jobs.update, disposed.signal);
        void listen((options) => engine.changes.watch(undefined, options), onChange, disposed.signal);
        refreshAll();
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => disposed.abort());

  return { refreshAll };
};
