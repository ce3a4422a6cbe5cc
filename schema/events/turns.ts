/** Work on one thing at a time, in the order in which it was asked for, within this process. */

export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when all work on this key that was there before has ended, whichever way. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = (before ?? Promise.resolve()).then(work);
    const ended = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, ended);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
