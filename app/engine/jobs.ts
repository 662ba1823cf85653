import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import { failure, fromThrown, lociError, success, type Result } from '../contract/errors.ts';
import type { IngestEvent, IngestRequest, Job } from '../contract/job.ts';

/** Runs one ingest; the signal cancels it after the frame in hand. */
export type RunIngest = (request: IngestRequest, signal: AbortSignal) => AsyncIterable<IngestEvent>;

interface RunningJob {
  job: Job;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * The ingests of this engine. They run one after the other, since one alone keeps two cores busy; a job that waits is
 * `running` without an event yet.
 */
export class Jobs {
  readonly #jobs = new Map<string, RunningJob>();
  readonly #events = new EventPublisher<{ change: Job }>();
  readonly #run: RunIngest;
  #queue: Promise<void> = Promise.resolve();

  constructor(run: RunIngest) {
    this.#run = run;
  }

  /** Queues an ingest and answers at once. */
  start(request: IngestRequest): Job {
    const abort = new AbortController();
    const job: Job = { id: randomUUID(), request, state: 'running', startedAtMillis: Date.now() };
    const done = this.#queue.then(() => this.#work(job.id, request, abort.signal));
    this.#queue = done;
    this.#jobs.set(job.id, { job, abort, done });
    this.#tell(job);
    return job;
  }

  /** Every job of this engine's life, oldest first. */
  list(): Job[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  /** Asks a job to stop; what it has read stays in the library and can be resumed. */
  cancel(jobId: string): Result<Job> {
    const running = this.#jobs.get(jobId);
    if (!running) {
      return failure(lociError('bad-usage', `There is no job ${jobId}`, 'List the jobs to see which there are.'));
    }
    running.abort.abort();
    return success(running.job);
  }

  /** The present state of every job, then every change of any, until the signal stops it. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<Job> {
    // Subscribed before the present is told, or a change in between would be lost.
    const changes = this.#events.subscribe('change', { signal });
    yield* this.list();
    yield* changes;
  }

  /** Cancels whatever runs and waits until it has stopped. */
  async close(): Promise<void> {
    for (const { abort } of this.#jobs.values()) {
      abort.abort();
    }
    await this.#queue;
  }

  async #work(jobId: string, request: IngestRequest, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of this.#run(request, signal)) {
        this.#update(jobId, { latest: event });
      }
      const latest = this.#jobs.get(jobId)?.job.latest;
      const failed = latest?.type === 'failed' ? latest.error.code : undefined;
      this.#update(jobId, { state: failed === undefined ? 'done' : failed === 'cancelled' ? 'cancelled' : 'failed' });
    } catch (thrown) {
      const session = request.session ?? request.path;
      this.#update(jobId, { state: 'failed', latest: { type: 'failed', session, error: fromThrown(thrown) } });
    }
  }

  #update(jobId: string, change: Partial<Job>): void {
    const running = this.#jobs.get(jobId);
    if (running) {
      running.job = { ...running.job, ...change };
      this.#tell(running.job);
    }
  }

  #tell(job: Job): void {
    this.#events.publish('change', job);
  }
}
