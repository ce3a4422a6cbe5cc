/** A small memory of the last answers: whoever walks through an institution asks for the same facts several times. */
export class Recent<V> {
  readonly #limit: number;
  readonly #values = new Map<number, V>();

  /** @param limit answers that are kept; the longest unused goes first. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The remembered answer for a key, or the computed one. */
  get(key: number, compute: () => V): V {
    const known = this.#values.get(key);
    if (known !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, known);
      return known;
    }
    const value = compute();
    this.#values.set(key, value);
    if (this.#values.size > this.#limit) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return value;
  }
}
