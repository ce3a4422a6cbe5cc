import { expect, it } from '@jest/globals';
import { backoffMs } from '../../jobs/queue/backoff.ts';

it('waits longer after each failure, never longer than the longest, anywhere below', () => {
  const schedule = { firstMs: 100, longestMs: 1_000 };
  expect([1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(attempt, schedule, 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
  expect(backoffMs(4, schedule, 0)).toBe(0);
});
