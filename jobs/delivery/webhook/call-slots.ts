/** How many calls of each endpoint are under way in this process. */
export class CallSlots {
  readonly #taken = new Map<string, number>();

  /** @returns gives the slot back, once; null when all are taken */
  take(endpointId: string, most: number): (() => void) | null {
    const taken = this.#taken.get(endpointId) ?? 0;
    if (taken >= most) return null;
    this.#taken.set(endpointId, taken + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(endpointId);
      isTaken = false;
    };
  }

  #giveBack(endpointId: string): void {
    const left = (this.#taken.get(endpointId) ?? 1) - 1;
    if (left === 0) this.#taken.delete(endpointId);
    else this.#taken.set(endpointId, left);
  }
}
