/** Writes that succeed only when nobody else has written since they were prepared. */
import { setTimeout as delay } from 'node:timers/promises';

// A writer that has many to make at once may win each time until it has made them all, so it is time that counts and
// not how often one has lost.
const PATIENCE_MS = 20_000;
const LONGEST_PAUSE_MS = 20;

/**
 * Reads, decides and writes anew until nobody was faster. Pauses differ, so that two writers do not keep step.
 * @param attempt gives null when somebody else has written in between, and may then be called again
 * @param tooMany what is thrown when others were faster for 20 seconds
 * @throws whatever `attempt` throws, at once
 */
export async function untilWritten<T>(
  attempt: () => Promise<T | null>,
  tooMany: () => Error,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const written = await attempt();
    if (written !== null) return written;
    if (performance.now() - begun > patienceMs) throw tooMany();
    await delay(Math.random() * LONGEST_PAUSE_MS);
  }
}
