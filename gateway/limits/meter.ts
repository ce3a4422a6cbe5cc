/** Counts in windows of one minute: over all gateways on Redis, in this process without it. */
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';

export const WINDOW_SECONDS = 60;
const REDIS_TIMEOUT_MS = 500;
/** Every name is counted under the number of its window, so this only clears away. */
const KEPT_SECONDS = 2 * WINDOW_SECONDS;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const KEY_PREFIX = 'hub-budget';

export class Meter {
  readonly #limiter: RateLimiterAbstract;
  readonly #redis: Redis | null;
  readonly #now: () => number;

  /** @param redisUrl null = this process alone; while Redis is away each process counts for itself */
  constructor(redisUrl: string | null, now: () => number = Date.now) {
    this.#now = now;
    const options = { points: NO_LIMIT, duration: KEPT_SECONDS, keyPrefix: KEY_PREFIX };
    const own = new RateLimiterMemory(options);
    this.#redis =
      redisUrl === null ? null : new Redis(redisUrl, { maxRetriesPerRequest: 1, commandTimeout: REDIS_TIMEOUT_MS });
    // It connects again by itself.
    this.#redis?.on('error', () => undefined);
    this.#limiter =
      this.#redis === null
        ? own
        : new RateLimiterRedis({
            ...options,
            storeClient: this.#redis,
            rejectIfRedisNotReady: true,
            insuranceLimiter: own,
          });
  }

  /** Whether other gateways see what is counted now. */
  get isShared(): boolean {
    return this.#redis?.status === 'ready';
  }

  /** The windows of all names and processes begin at the same times. */
  get window(): number {
    return Math.floor(this.#now() / 1_000 / WINDOW_SECONDS);
  }

  /** Whole seconds, at least 1. */
  get secondsLeft(): number {
    return Math.max(1, Math.ceil((this.window + 1) * WINDOW_SECONDS - this.#now() / 1_000));
  }

  /** @returns how much has been counted under the name in this window, this included */
  async add(name: string, points: number, window = this.window): Promise<number> {
    return (await this.#limiter.penalty(`${name}:${window}`, points)).consumedPoints;
  }

  /** @param window in which it was added */
  async takeBack(name: string, points: number, window: number): Promise<void> {
    await this.#limiter.reward(`${name}:${window}`, points);
  }

  close(): void {
    this.#redis?.disconnect();
  }
}
