/** Turns an adapter's notices into the door that the delivery of messages knows: guarded, and never rejecting. */
import type { AttemptOutcome } from '../../schema/delivery/message.ts';
import type { NoticeDoor } from '../../schema/delivery/ports.ts';
import type { HubError, HubErrorCode } from '../../schema/errors.ts';
import type { CallScope } from '../../schema/ports.ts';
import type { AdapterCall, AdapterNotices } from './adapter.ts';
import type { ReplyLog } from './mesh-call.ts';
import { combineReceipts } from './receipt.ts';
import { Resilience, type ResilienceSettings } from './resilience.ts';

export interface NoticeGuard extends Omit<ResilienceSettings, 'consequence'> {
  callWith(signal: AbortSignal, log: ReplyLog): AdapterCall;
  /** Names a failure, and tells whoever watches. */
  toHubError(error: unknown, scope: CallScope): HubError;
}

/** Calls in progress at the same time, beside the reads. */
const CALLS_AT_ONCE = 4;

/** Of what is not named here it cannot be said that the department would take it the next time. */
const OUTCOMES: { readonly [C in HubErrorCode]?: AttemptOutcome } = {
  SOURCE_TIMEOUT: 'UNREACHABLE',
  SOURCE_UNAVAILABLE: 'UNREACHABLE',
  SOURCE_REFUSED: 'REFUSED',
};

/**
 * The door has a circuit and a line of its own: what becomes of notices keeps nobody from reading, and the other way
 * round. A delivery is one attempt, whatever the circuit says; whether there is another is for its message to decide.
 */
export function guardNotices(notices: AdapterNotices, guard: NoticeGuard): NoticeDoor {
  const resilience = new Resilience({
    ...guard,
    concurrency: Math.min(guard.concurrency, CALLS_AT_ONCE),
    consequence: 'it will be called again',
  });

  /** Reads words, or marks them: may be repeated. @returns the result with the receipt of what was received */
  const repeatable = async <T>(
    scope: CallScope,
    run: (call: AdapterCall) => Promise<T>,
  ): Promise<{ readonly result: T; readonly receipt: string }> => {
    try {
      return await resilience.read(scope, async ({ signal }) => {
        const log: ReplyLog = { receipts: [], failures: [] };
        const result = await run(guard.callWith(signal, log));
        return { result, receipt: combineReceipts(log.receipts) };
      });
    } catch (error) {
      throw guard.toHubError(error, scope);
    }
  };

  return {
    channel: notices.channel,
    voice: notices.voice,
    async deliver(envelope, scope) {
      const log: ReplyLog = { receipts: [], failures: [] };
      const reply = (outcome: AttemptOutcome, detail: string | null, receiptNumber: string | null) => ({
        outcome,
        httpStatus: log.httpStatus ?? null,
        detail,
        receiptNumber,
        replyDigest: log.receipts.length === 0 ? null : combineReceipts(log.receipts),
        retryAfterMs: null,
      });
      try {
        const receiptNumber = await resilience.once(
          scope,
          ({ signal }) => notices.deliver(envelope, guard.callWith(signal, log)),
          // As long as the caller waits: who gives up earlier does not know what has arrived.
          Number.POSITIVE_INFINITY,
        );
        return reply('ACCEPTED', null, receiptNumber);
      } catch (error) {
        const { code, message } = guard.toHubError(error, scope);
        return reply(OUTCOMES[code] ?? 'BROKEN', message, null);
      }
    },
    async words(after, limit, scope) {
      const { result, receipt } = await repeatable(scope, (call) => notices.words(after, limit, call));
      return { ...result, words: result.words.map((word) => ({ ...word, receipt })) };
    },
    async noteHeard(outcomes, scope) {
      if (outcomes.length === 0) return;
      await repeatable(scope, (call) => notices.noteHeard(outcomes, call));
    },
  };
}
