import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { LociError } from '../../app/contract/errors.ts';
import type { Job } from '../../app/contract/job.ts';
import { engine } from '../engine/client.ts';
import type { EngineClient } from '../engine/client.ts';
import { problemOf } from '../engine/problem.ts';

/** What an ingest is asked for; the engine completes the rest. */
export type IngestWish = Parameters<EngineClient['jobs']['start']>[0];

/** Every ingest that the engine knows, newest first. */
export const useJobs = defineStore('jobs', () => {
  const byId = shallowRef<ReadonlyMap<string, Job>>(new Map());
  const all = computed(() => [...byId.value.values()].toSorted((a, b) => b.startedAtMillis - a.startedAtMillis));
  const running = computed(() => all.value.filter((job) => job.state === 'running'));

  const update = (job: Job): void => {
    byId.value = new Map(byId.value).set(job.id, job);
  };

  /** Starts an ingest; answers what was wrong with it, if anything. */
  const start = async (wish: IngestWish): Promise<LociError | undefined> => {
    try {
      update(await engine.jobs.start(wish));
      return undefined;
    } catch (thrown) {
      return problemOf(thrown);
    }
  };

  const cancel = async (jobId: string): Promise<void> => update(await engine.jobs.cancel({ jobId }));

  /** Takes a job that is over out of the list. */
  const dismiss = (jobId: string): void => {
    byId.value = new Map([...byId.value].filter(([id]) => id !== jobId));
  };

  return { all, running, update, start, cancel, dismiss };
});
