/** How often each endpoint may be called: over all processes on Redis, in this process without it. */
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

export interface CallRate {
  /** Counts one call. @returns 0, or in how many milliseconds to ask again; the call is then not to be made */
  take(endpointId: string, perSecond: number): Promise<number>;
  close(): void;
}

const SECONDS = 1;
const REDIS_TIMEOUT_MS = 500;
const KEY_PREFIX = 'hub-endpoint-calls';

/** @param redisUrl null = this process alone */
export function openCallRate(redisUrl: string | null): CallRate {
  const redis =
    redisUrl === null ? null : new Redis(redisUrl, { maxRetriesPerRequest: 1, commandTimeout: REDIS_TIMEOUT_MS });
  // It connects again by itself; until then each process counts for itself.
  redis?.on('error', () => undefined);
  const limiters = new Map<number, RateLimiterAbstract>();
  const limiterFor = (perSecond: number): RateLimiterAbstract => {
    const options = { points: perSecond, duration: SECONDS, keyPrefix: KEY_PREFIX };
    const known = limiters.get(perSecond);
    if (known !== undefined) return known;
    const own = new RateLimiterMemory(options);
    const limiter =
      redis === null ? own : new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: own });
    limiters.set(perSecond, limiter);
    return limiter;
  };
  return {
    async take(endpointId, perSecond) {
      try {
        await limiterFor(perSecond).consume(endpointId);
        return 0;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext);
        throw refused;
      }
    },
    close() {
      redis?.disconnect();
    },
  };
}
