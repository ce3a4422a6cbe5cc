/** Calls of departments made on behalf of one operation. */
export class CallCount {
  readonly #made = new Map<string, number>();
  #tellOver: ((made: ReadonlyMap<string, number>) => void) | null = null;
  #isOver = false;

  /** A department is called. */
  readonly add = (departmentId: string): void => {
    this.#made.set(departmentId, (this.#made.get(departmentId) ?? 0) + 1);
  };

  /** Told once, when the operation is over. */
  whenOver(tell: (made: ReadonlyMap<string, number>) => void): void {
    if (this.#isOver) tell(this.#made);
    else this.#tellOver = tell;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tellOver?.(this.#made);
  }
}
