/** What a question to the replica alone is answered with when there is nothing to show. */
import type { HubErrorCode } from '../errors.ts';
import type { CallScope, Silence } from '../ports.ts';

export const silence = (code: HubErrorCode, reason: string): Silence => ({ status: 'UNAVAILABLE', code, reason });

/** Resolves when nobody waits for the answer any more. */
export function tooLate({ signal }: CallScope): Promise<Silence> {
  return new Promise((resolve) => {
    const give = (): void => resolve(silence('SOURCE_TIMEOUT', 'The hub’s replica did not answer in time.'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
