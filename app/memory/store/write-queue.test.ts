import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WriteQueue } from './write-queue.ts';

test('tasks run one at a time in the order given, past one that fails', async () => {
  const queue = new WriteQueue();
  const log: string[] = [];
  const task = (name: string, millis: number) => async () => {
    log.push(`${name} begins`);
    await delay(millis);
    log.push(`${name} ends`);
    if (name === 'bad') {
      throw new Error('refused');
    }
    return name;
  };

  const results = [queue.run(task('slow', 20)), queue.run(task('bad', 5)), queue.run(task('fast', 0))];
  await queue.idle();

  expect((await Promise.allSettled(results)).map((result) => result.status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(log).toEqual(['slow begins', 'slow ends', 'bad begins', 'bad ends', 'fast begins', 'fast ends']);
});
