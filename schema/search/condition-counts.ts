import type { Condition } from './institution-order.ts';

/** Something to be counted. */
export interface Counted {
  /** The same name is the same condition. */
  readonly name: string;
  readonly condition: Condition;
}

interface Known {
  readonly count: number;
  readonly limit: number;
  readonly until: number;
}

const KEPT_MS = 60_000;
const MAX_KEPT = 10_000;

/**
 * How many institutions conditions lead to, counted up to a limit and remembered for a minute. The counts only decide
 * what leads; an old one makes a search slower, never wrong.
 */
export class ConditionCounts {
  readonly #countUpTo: (condition: Condition, limit: number) => Promise<number>;
  readonly #known = new Map<string, Known>();

  /** @param countUpTo asks the database; never answers more than the limit */
  constructor(countUpTo: (condition: Condition, limit: number) => Promise<number>) {
    this.#countUpTo = countUpTo;
  }

  /**
   * The counts of these conditions, same order; what has more than `limit` counts as `limit`.
   * @throws whatever the database throws
   */
  async upTo(limit: number, all: readonly Counted[]): Promise<number[]> {
    return Promise.all(all.map((counted) => this.#one(counted, limit)));
  }

  async #one({ name, condition }: Counted, limit: number): Promise<number> {
    const known = this.#known.get(name);
    const now = Date.now();
    // A count that was cut off says nothing about a higher limit.
    if (known !== undefined && known.until > now && (known.limit >= limit || known.count < known.limit)) {
      return Math.min(known.count, limit);
    }
    const count = await this.#countUpTo(condition, limit);
    this.#known.delete(name);
    this.#known.set(name, { count, limit, until: now + KEPT_MS });
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > MAX_KEPT) this.#known.delete(oldest);
    return count;
  }
}
