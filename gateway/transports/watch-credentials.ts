import type { Caller } from '../../schema/access/caller.ts';

export const CHECK_MS = 1_000;

/**
 * Asks every second whether a caller's credentials still hold, for connections on which nothing happens.
 * @param onEnded told once
 * @returns stops the asking
 */
export function watchCredentials(
  caller: Caller,
  stillHolds: (caller: Caller) => Promise<boolean>,
  onEnded: () => void,
): () => void {
  const timer = setInterval(() => {
    stillHolds(caller).then(
      (holds) => {
        if (holds) return;
        clearInterval(timer);
        onEnded();
      },
      // It cannot be told now; before anything is sent it is asked again.
      () => undefined,
    );
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
