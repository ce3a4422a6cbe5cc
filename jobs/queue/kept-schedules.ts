/**
 * Schedules lie in the queue. A queue that has lost everything has lost them too, and with them the job that puts back
 * what it has lost; so whoever wants a schedule looks now and then whether it is still there.
 */
import type { Queue } from 'bullmq';

type Put = () => Promise<unknown>;

/** A schedule whose next run lies so far back has lost that run. A queue with this much to do has other worries. */
const LOST_AFTER_MS = 60_000;

export class KeptSchedules {
  readonly #kept = new Map<Queue, Map<string, Put>>();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;

  constructor(checkEveryMs: number) {
    this.#timer = setInterval(() => {
      this.#running ??= this.#check().finally(() => (this.#running = null));
    }, checkEveryMs);
    this.#timer.unref();
  }

  async keep(queue: Queue, id: string, put: Put): Promise<void> {
    await put();
    const ofQueue = this.#kept.get(queue) ?? new Map<string, Put>();
    this.#kept.set(queue, ofQueue.set(id, put));
  }

  forget(queue: Queue, id: string): void {
    this.#kept.get(queue)?.delete(id);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Puts back what is missing. A server that is away is asked again the next time. */
  async #check(): Promise<void> {
    for (const [queue, ofQueue] of this.#kept) {
      try {
        const there = new Map((await queue.getJobSchedulers()).map(({ key, next }) => [key, next ?? 0]));
        for (const [id, put] of ofQueue) {
          if ((there.get(id) ?? 0) < Date.now() - LOST_AFTER_MS) await put();
        }
      } catch {
        continue;
      }
    }
  }
}
