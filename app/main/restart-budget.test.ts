import { expect, it } from 'vitest';
import { RestartBudget } from './restart-budget.ts';

it('lets a process be restarted a few times, then gives up until the window has passed', () => {
  const budget = new RestartBudget(2, 1000);
  expect([0, 10, 20].map((at) => budget.take(at))).toEqual([true, true, false]);
  expect(budget.take(1005)).toBe(true);
});
