/** Kysely hands no signal to its drivers, so the signal of the call in progress travels beside the statement. */
import { AsyncLocalStorage } from 'node:async_hooks';

const signals = new AsyncLocalStorage<AbortSignal>();

/** Runs work whose database connections are given up when the signal fires. */
export function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return orAborted(
    signals.run(signal, () => work()),
    signal,
  );
}

/** The signal of the call that is running, if it has one. */
export function currentSignal(): AbortSignal | undefined {
  return signals.getStore();
}

/** @throws the signal's reason as soon as it fires; what the promise does afterwards is ignored */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
