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

  /** Ends the process without closing anything more. @param reason printed */
  breakOff(reason: string, exitCode = 1): never {
    console.error(reason);
    process.exit(exitCode);
  }

  /**
   * Closes everything and ends the process; the second call does nothing.
   * @param reason printed; null for an ordinary end
   */
  async stop(exitCode: number, reason: string | null): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    if (reason !== null) console.error(redactPatterns(reason));
    setTimeout(
      () => this.breakOff(`Not everything could be closed within ${STOP_TIMEOUT_MS / 1_000} s.`, exitCode || 1),
      STOP_TIMEOUT_MS,
    ).unref();
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
