/** Runs the projector of a process: one run at a time, as often as there is reason to. */
import type { Projector } from '../../schema/replica/projector.ts';

/** Live answers come in bursts; one run does for all of them. */
const SOON_MS = 500;

export class ProjectionRunner {
  readonly #projector: Projector;
  readonly #onFailure: (error: unknown) => void;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  /** @param onFailure what was not dealt with stays pending; the next run tries again */
  constructor(projector: Projector, onFailure: (error: unknown) => void) {
    this.#projector = projector;
    this.#onFailure = onFailure;
  }

  /** Resolves when everything that has changed until now has been dealt with, or has failed. */
  run(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    if (this.#running === null) return this.#begin();
    // The run that is under way may already have looked.
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.#begin();
    });
    return this.#next;
  }

  /** Something has changed; it may be dealt with a little later. */
  soon(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.run();
    }, SOON_MS).unref();
  }

  /** Begins no further run, and lets the one that is under way end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await (this.#next ?? this.#running);
  }

  #begin(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    const running = this.#projector
      .run()
      .then(() => undefined, this.#onFailure)
      .finally(() => {
        if (this.#running === running) this.#running = null;
      });
    this.#running = running;
    return running;
  }
}
