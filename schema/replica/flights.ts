/** Equal questions that are under way at the same time are one question. */
export class Flights<T> {
  readonly #flights = new Map<string, Promise<T>>();

  /** @returns the answer of `ask`, or that of an equal question which began before and has not ended */
  share(name: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#flights.get(name);
    if (known !== undefined) return known;
    const flight = ask().finally(() => this.#flights.delete(name));
    this.#flights.set(name, flight);
    return flight;
  }
}
