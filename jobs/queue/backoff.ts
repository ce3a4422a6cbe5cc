/** Waiting times between attempts: doubling, bounded, anywhere between nothing and the whole (full jitter). Pure. */

export interface BackoffSchedule {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * @param attempt 1 for the wait after the first failure
 * @param random 0..1
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: BackoffSchedule, random = Math.random()): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole * random);
}
