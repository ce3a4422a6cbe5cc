/** How a process ends: what was opened is closed, the newest first, within a bounded time. */

import { redactPatterns, redactText } from '../../schema/redact-text.ts';

const STOP_TIMEOUT_MS = 8_000;

export class Closing {
  readonly #steps: (() => Promise<void>)[] = [];
  #isStopping = false;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Each step is run even when another fails. */
  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  /**
   * Ends the process as a power cut would: nothing that was acknowledged is lost, and nothing is waited for. An ordinary
   * exit waits for the store's thread, and may do so forever: lmdb closes its environment only between transactions.
   * @param reason printed
   */
  breakOff(reason: string): void {
    console.error(reason);
    process.kill(process.pid, 'SIGKILL');
  }

  /**
   * Closes everything and ends the process; the second call does nothing.
   * @param reason printed; null for an ordinary end
   */
  async stop(exitCode: number, reason: string | null): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    if (reason !== null) console.error(redactPatterns(reason));
    // Whoever stops for a reason of its own says so by its exit code; mostly it has lost its store, and has no thread to wait for.
    const giveUp = (): void => {
      if (exitCode !== 0) process.exit(exitCode);
      this.breakOff(`Not everything could be closed within ${STOP_TIMEOUT_MS / 1_000} s.`);
    };
    setTimeout(giveUp, STOP_TIMEOUT_MS).unref();
    for (const step of this.#steps.splice(0)) {
      try {
        await step();
      } catch (error) {
        console.error(`While stopping: ${redactText(error instanceof Error ? error.message : String(error))}`);
      }
    }
    process.exit(exitCode);
  }
}
