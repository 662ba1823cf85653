import { expect, it } from 'vitest';
import type { Job } from '../../app/contract/job.ts';
import { progressOf } from './progress.ts';

const job = (latest?: Job['latest']): Job => ({
  id: 'job-1',
  state: 'running',
  startedAtMillis: 0,
  request: {
    path: '/films/walk.one.mp4',
    environment: 'home',
    poses: 'tracked',
    memory: { workingCapacity: 8, episodicCapacity: 32, policyRateHertz: 2 },
    source: {},
  },
  ...(latest ? { latest } : {}),
});

const progress = { type: 'progress', session: 'home/walk', keyframes: 3, lost: 0, ptsMicros: 0 } as const;

it('names the session after the file until the engine has named it', () => {
  expect(progressOf(job()).session).toBe('home/walk.one');
});

it('tells the share and the time left when the length is known', () => {
  const latest = { ...progress, frames: 250, totalFrames: 1000, framesPerSecond: 50 };
  expect(progressOf(job(latest))).toMatchObject({ share: 0.25, secondsLeft: 15 });
});

it('tells neither when the length is unknown', () => {
  const latest = { ...progress, frames: 250, framesPerSecond: 50 };
  expect(progressOf(job(latest))).toMatchObject({ frames: 250, share: undefined, secondsLeft: undefined });
});
