/** Equal questions that are under way at the same time are put to a department once, whichever operations ask. */
import type { CallScope, DepartmentSource, ReadName, SourceAnswer, SourceReads } from '../../schema/ports.ts';

interface Flight {
  readonly answer: Promise<SourceAnswer<unknown>>;
  readonly controller: AbortController;
  waiting: number;
}

const GONE: SourceAnswer<never> = {
  status: 'UNAVAILABLE',
  code: 'SOURCE_TIMEOUT',
  reason: 'The time for this operation is up.',
};

/** How old an answer may be is for the replica; the department is asked the same. */
function nameOf(read: ReadName, requests: readonly unknown[]): string {
  return JSON.stringify([read, requests], (key, value: unknown) => (key === 'maxAgeSeconds' ? undefined : value));
}

/**
 * Wraps a source. A call goes on as long as one of its callers waits; it ends at the latest deadline among those that
 * were there when it began.
 */
export function coalesce(source: DepartmentSource): DepartmentSource {
  const flights = new Map<string, Flight>();

  const launch = (name: string, read: ReadName, requests: readonly never[], scope: CallScope): Flight => {
    const controller = new AbortController();
    const answer = source
      .read(read, requests, { ...scope, signal: controller.signal })
      .finally(() => flights.get(name) === flight && flights.delete(name));
    const flight: Flight = { answer, controller, waiting: 0 };
    flights.set(name, flight);
    return flight;
  };

  return {
    ...source,
    async read<K extends ReadName>(read: K, requests: readonly SourceReads[K]['request'][], scope: CallScope) {
      if (scope.signal.aborted) return await source.read(read, requests, scope);
      const name = nameOf(read, requests);
      const flight = flights.get(name) ?? launch(name, read, requests as readonly never[], scope);
      flight.waiting++;
      const left = new Promise<SourceAnswer<never>>((resolve) => {
        scope.signal.addEventListener('abort', () => resolve(GONE), { once: true });
      });
      try {
        return (await Promise.race([flight.answer, left])) as SourceAnswer<SourceReads[K]['record']>;
      } finally {
        flight.waiting--;
        if (flight.waiting === 0) {
          if (flights.get(name) === flight) flights.delete(name);
          flight.controller.abort(scope.signal.reason);
        }
      }
    },
  };
}
