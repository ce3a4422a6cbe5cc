/** Answers of the store that are needed with every request, remembered for a moment. */

/** What was revoked stops working within this time, and connections that stay open are looked at every second. */
export const REMEMBERED_MS = 2_000;
const MAX_REMEMBERED = 10_000;

interface Remembered<T> {
  readonly until: number;
  readonly value: Promise<T>;
}

export class ShortMemory<T> {
  readonly #load: (id: string) => Promise<T>;
  readonly #known = new Map<string, Remembered<T>>();

  constructor(load: (id: string) => Promise<T>) {
    this.#load = load;
  }

  /** @throws what loading throws, which is not remembered */
  get(id: string): Promise<T> {
    const known = this.#known.get(id);
    if (known !== undefined && known.until > Date.now()) return known.value;
    const value = this.#load(id);
    this.forget(id);
    this.#known.set(id, { until: Date.now() + REMEMBERED_MS, value });
    value.catch(() => this.forget(id));
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > MAX_REMEMBERED) this.#known.delete(oldest);
    return value;
  }

  forget(id: string): void {
    this.#known.delete(id);
  }
}
