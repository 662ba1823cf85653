import { implement } from '@orpc/server';
import { contract } from '../contract/api.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { Engine } from './engine.ts';

/** The contract, answered by an engine. The server, the desktop window and the command line all call this one router. */
export const createRouter = (engine: Engine) => {
  const os = implement(contract);
  const { library, jobs } = engine;

  /** Hands a value on, or the reason for its absence as the contract's one error. */
  const unwrap = <T>(
    result: Result<T>,
    errors: { LOCI: (options: { message: string; data: LociError }) => Error },
  ): T => {
    if (!result.ok) {
      throw errors.LOCI({ message: result.error.message, data: result.error });
    }
    return result.value;
  };

  return os.router({
    health: os.health.handler(() => engine.health()),
    environments: { list: os.environments.list.handler(() => library.environments()) },
    sessions: {
      list: os.sessions.list.handler(({ input }) => library.sessions(input.environment)),
      get: os.sessions.get.handler(async ({ input, errors }) => unwrap(await library.session(input.sessionId), errors)),
      preview: os.sessions.preview.handler(({ input }) => engine.previews.prepare(input.sessionId)),
      scale: os.sessions.scale.handler(async ({ input, errors }) =>
        unwrap(await engine.scale(input.sessionId, input.request), errors),
      ),
      level: os.sessions.level.handler(async ({ input, errors }) =>
        unwrap(await engine.level(input.sessionId, input.request), errors),
      ),
    },
    keyframes: { list: os.keyframes.list.handler(({ input }) => library.keyframes(input.sessionId)) },
    memory: {
      timeline: os.memory.timeline.handler(async ({ input, errors }) =>
        unwrap(await engine.memoryTimeline(input.sessionId), errors),
      ),
    },
    objects: { list: os.objects.list.handler(({ input }) => library.objects(input.environment)) },
    observations: { list: os.observations.list.handler(({ input }) => library.observations(input.sessionId)) },
    relations: { list: os.relations.list.handler(({ input }) => engine.relations(input.environment)) },
    questions: {
      ask: os.questions.ask.handler(async ({ input, errors }) =>
        unwrap(await engine.ask(input.environment, input.question), errors),
      ),
      history: os.questions.history.handler(({ input }) => library.questions(input.environment)),
    },
    labels: {
      import: os.labels.import.handler(async ({ input, errors }) =>
        unwrap(await engine.importLabels(input.sessionId, input.document), errors),
      ),
    },
    map: {
      edit: os.map.edit.handler(async ({ input, errors }) =>
        unwrap(await engine.editMap(input.sessionId, input.edit), errors),
      ),
    },
    revisions: {
      list: os.revisions.list.handler(({ input }) => library.edits.history(input.environment)),
      undo: os.revisions.undo.handler(async ({ input, errors }) =>
        unwrap(await engine.undo(input.environment), errors),
      ),
      redo: os.revisions.redo.handler(async ({ input, errors }) =>
        unwrap(await engine.redo(input.environment), errors),
      ),
    },
    scene: {
      export: os.scene.export.handler(async ({ input, errors }) =>
        unwrap(await engine.exportScene(input.environment), errors),
      ),
      import: os.scene.import.handler(async ({ input, errors }) =>
        unwrap(await engine.importScene(input.document), errors),
      ),
    },
    projections: {
      make: os.projections.make.handler(({ input, signal }) =>
        engine.project(input, signal ?? new AbortController().signal),
      ),
    },
    jobs: {
      start: os.jobs.start.handler(({ input }) => jobs.start(input)),
      list: os.jobs.list.handler(() => jobs.list()),
      cancel: os.jobs.cancel.handler(({ input, errors }) => unwrap(jobs.cancel(input.jobId), errors)),
      watch: os.jobs.watch.handler(({ signal }) => jobs.watch(signal)),
    },
    changes: { watch: os.changes.watch.handler(({ signal }) => engine.changes(signal)) },
  });
};
