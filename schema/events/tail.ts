/**
 * The newest events of a log in memory, read once per process for all who follow it. It reads while somebody follows, at
 * every ring of the doorbell and every poll besides.
 */
import type { Doorbell } from './doorbell.ts';
import type { EventLog, LogEvent, Numbered } from './event-log.ts';

export interface EventTailOptions {
  readonly doorbell: Doorbell;
  /** The safety net under the doorbell. */
  readonly pollMs?: number;
  /** How many events are kept in memory. */
  readonly kept?: number;
  /** Reading failed; it is tried again at the next poll. */
  readonly onFailure: (error: unknown) => void;
}

const POLL_MS = 1_000;
const KEPT = 4_096;
const PAGE_SIZE = 500;

export class EventTail<E extends LogEvent> {
  readonly log: EventLog<E>;
  readonly #options: EventTailOptions;
  readonly #kept: number;
  /** Without a gap, the newest last. */
  #events: (E & Numbered)[] = [];
  /** Number of the newest event it knows; null before it has looked. */
  #head: number | null = null;
  #followers = 0;
  #reading: Promise<void> | null = null;
  #isClosed = false;
  /** How often it has looked. */
  #looks = 0;
  readonly #waiting = new Set<() => void>();
  #wake: () => void = () => undefined;

  constructor(log: EventLog<E>, options: EventTailOptions) {
    this.log = log;
    this.#options = options;
    this.#kept = options.kept ?? KEPT;
  }

  /** Somebody follows from now on. @returns ends it */
  enter(): () => void {
    this.#followers += 1;
    this.#reading ??= this.#readOn();
    return () => {
      this.#followers -= 1;
      if (this.#followers === 0) this.#wake();
    };
  }

  /** How often it has looked for new events; for {@link looked}. */
  get looks(): number {
    return this.#looks;
  }

  /**
   * The events after a number, in order and without a gap, from memory where it reaches back so far.
   * @param limit at most this many
   * @returns none also when the log cannot be read just now
   */
  async read(after: number, limit: number): Promise<readonly (E & Numbered)[]> {
    const first = (this.#head ?? 0) - this.#events.length + 1;
    if (this.#head !== null && after >= first - 1) {
      const from = after - first + 1;
      return this.#events.slice(from, from + limit);
    }
    try {
      return (await this.log.page(after, limit)).events;
    } catch (error) {
      this.#tellFailure(error);
      return [];
    }
  }

  /** Waits until it has looked again since it had looked `looks` times, or until the signal fires. */
  async looked(looks: number, signal: AbortSignal): Promise<void> {
    if (this.#looks > looks || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** Reads no more; resolves when nothing is being read. For the end of a process, before its store is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#reading;
  }

  #isWanted(): boolean {
    return this.#followers > 0 && !this.#isClosed;
  }

  #tellFailure(error: unknown): void {
    if (!this.#isClosed) this.#options.onFailure(error);
  }

  async #readOn(): Promise<void> {
    let rings = 0;
    const stopListening = this.#options.doorbell.listen('logged', () => {
      rings += 1;
      this.#wake();
    });
    while (this.#isWanted()) {
      const before = rings;
      const hasMore = await this.#look();
      this.#looks += 1;
      for (const wake of [...this.#waiting]) wake();
      if (!hasMore && rings === before && this.#isWanted()) await this.#untilWoken();
    }
    stopListening();
    this.#events = [];
    this.#head = null;
    this.#reading = null;
  }

  /** @returns whether there is more already */
  async #look(): Promise<boolean> {
    try {
      this.#head ??= await this.log.head();
      const { events, hasMore } = await this.log.page(this.#head, PAGE_SIZE);
      this.#events.push(...events);
      this.#head += events.length;
      if (this.#events.length > this.#kept) this.#events = this.#events.slice(-this.#kept);
      return hasMore;
    } catch (error) {
      this.#tellFailure(error);
      return false;
    }
  }

  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs ?? POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
