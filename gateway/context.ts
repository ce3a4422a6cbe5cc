/** What surrounds one operation: its id, its deadline, and the wish to stop when nobody waits any more. */
import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { OperationTrace } from '../schema/audit/operation-trace.ts';
import type { CallScope } from '../schema/ports.ts';

/**
 * Opens the scope of an operation. Its signal fires when the time is up, or when the client goes away before it has
 * its answer.
 * @param requestId of our own making; a caller's id is only logged
 * @param response closed exactly once, whichever way the request ends
 * @param trace null: nothing is put on record
 */
export function openCallScope(
  requestId: string,
  response: ServerResponse,
  readTimeoutMs: number,
  trace: OperationTrace | null = null,
  onCall?: CallScope['onCall'],
): CallScope {
  const controller = new AbortController();
  // Every upstream call of the operation listens; many are no leak.
  setMaxListeners(0, controller.signal);
  const timer = setTimeout(() => controller.abort(new Error('the time for this operation is up')), readTimeoutMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new Error('the client has gone'));
  });
  const deadlineAt = Date.now() + readTimeoutMs;
  return {
    ...{ requestId, signal: controller.signal, deadlineAt },
    ...(trace !== null && { trace }),
    ...(onCall && { onCall }),
  };
}

/** The scope of one event of a subscription: its own time, ended early with the subscription. */
export interface EventScope {
  readonly scope: CallScope;
  /** The event has been dealt with. */
  readonly close: () => void;
}

/**
 * Its signal is made when it is first asked for: most events are answered from what came with them.
 * @param ending fires when the subscription ends
 * @param trace of the subscription; null: nothing is put on record
 */
export function openEventScope(
  requestId: string,
  ending: AbortSignal,
  readTimeoutMs: number,
  trace: OperationTrace | null = null,
  onCall?: CallScope['onCall'],
): EventScope {
  const deadlineAt = Date.now() + readTimeoutMs;
  let opened: { readonly signal: AbortSignal; close(): void } | null = null;
  const open = () => {
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const timeUp = () => controller.abort(new Error('the time for this event is up'));
    const timer = setTimeout(timeUp, Math.max(0, deadlineAt - Date.now()));
    const end = () => controller.abort(new Error('the subscription has ended'));
    ending.addEventListener('abort', end);
    if (ending.aborted) end();
    return {
      signal: controller.signal,
      close() {
        clearTimeout(timer);
        ending.removeEventListener('abort', end);
      },
    };
  };
  return {
    scope: {
      requestId,
      deadlineAt,
      ...(trace !== null && { trace }),
      ...(onCall && { onCall }),
      get signal() {
        opened ??= open();
        return opened.signal;
      },
    },
    close: () => opened?.close(),
  };
}
