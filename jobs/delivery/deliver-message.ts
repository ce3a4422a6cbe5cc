/** Sends one message, once: at most one call per run, recorded before and after it. */
import { isOpen, leasedUntil, type ChannelReply, type Message } from '../../schema/delivery/message.ts';
import type {
  ChannelOf,
  DeliveryChannel,
  HeldMessage,
  MessageKeeper,
  MessageReference,
} from '../../schema/delivery/ports.ts';
import { RunAgainAt } from '../queue/queue-backend.ts';

export interface DeliveryParts {
  readonly channelOf: ChannelOf;
  /** Ends when the process does. */
  readonly signal: AbortSignal;
  /** The message is settled: the next one of its lane may go. */
  readonly onSettled: (held: HeldMessage) => Promise<void>;
  readonly callTimeoutMs?: number;
  readonly now?: () => Date;
}

const CALL_TIMEOUT_MS = 15_000;
/** A call has ended, and its end is recorded, so long after its time-out at the latest. */
const LEASE_MARGIN_MS = 5_000;
/** The one before it wakes it when it is settled; this is for when that is missed. */
const BLOCKED_MS = 2_000;
/** Behind one that waits for a department which is away there is nothing to look for more often. */
const LONGEST_BLOCKED_MS = 60_000;
const STOPPING_MS = 1_000;
/** How long a department without any way to it waits for one. */
const NO_CHANNEL: ChannelReply = {
  outcome: 'UNREACHABLE',
  httpStatus: null,
  detail: 'No endpoint is registered for the department.',
  receiptNumber: null,
  replyDigest: null,
  retryAfterMs: 30_000,
};
const NOWHERE = 'none';

/** How long a message is one call's alone. */
export const leaseMsOf = (callTimeoutMs = CALL_TIMEOUT_MS): number => callTimeoutMs + LEASE_MARGIN_MS;

const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms);

/** Not before the message's own time, nor while another process may still be calling. */
function notBefore({ nextAttemptAt, ...message }: Message): Date {
  const leased = leasedUntil({ nextAttemptAt, ...message });
  return leased !== null && leased > nextAttemptAt ? leased : nextAttemptAt;
}

/** When it is worth looking again whether the way is free. */
async function lookAgainAt(keeper: MessageKeeper, { lane, message }: HeldMessage, now: Date): Promise<Date> {
  const own = message.position ?? Infinity;
  const before = (await keeper.openIn({ lane })).filter(({ position }) => position < own);
  const next = Math.max(...before.map(({ nextAttemptAt }) => nextAttemptAt.getTime()));
  return new Date(Math.min(Math.max(next, now.getTime() + BLOCKED_MS), now.getTime() + LONGEST_BLOCKED_MS));
}

async function call(
  channel: DeliveryChannel | null,
  { message, envelope }: HeldMessage,
  { signal, callTimeoutMs = CALL_TIMEOUT_MS }: DeliveryParts,
): Promise<ChannelReply> {
  if (channel === null) return NO_CHANNEL;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error('the department did not answer in time')), callTimeoutMs);
  const end = (): void => timeout.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const scope = { requestId: message.id, signal: timeout.signal, deadlineAt: Date.now() + callTimeoutMs };
    return await channel.deliver(message.departmentId, envelope, scope);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/**
 * @returns what came of it, for the log
 * @throws RunAgainAt when it is not the message's time yet, or the department was not reached
 */
export async function deliverMessage(
  keeper: MessageKeeper,
  reference: MessageReference,
  parts: DeliveryParts,
): Promise<string> {
  const now = parts.now ?? ((): Date => new Date());
  // A call that begins now would be ended at once.
  if (parts.signal.aborted) throw new RunAgainAt(later(now(), STOPPING_MS));
  const held = await keeper.find(reference);
  if (held === null || !isOpen(held.message)) return 'settled before';
  // The sequencer enqueues it when it has its place.
  if (held.message.position === null) return 'not numbered yet';
  const earliest = notBefore(held.message);
  if (earliest > now()) throw new RunAgainAt(earliest);
  if (await keeper.isBlocked(held)) throw new RunAgainAt(await lookAgainAt(keeper, held, now()));
  const channel = await parts.channelOf(held.message.departmentId, held.envelope.type);
  const admission = (await channel?.admit(held.message.departmentId)) ?? null;
  if (admission?.admitted === false) throw new RunAgainAt(later(now(), admission.waitMs));
  try {
    const begun = await keeper.begin(reference, channel?.name ?? NOWHERE, leaseMsOf(parts.callTimeoutMs));
    if (begun === null) throw new RunAgainAt(later(now(), BLOCKED_MS));
    const reply = await call(channel, begun, parts);
    const after = await keeper.end(reference, reply);
    if (after !== null && isOpen(after)) throw new RunAgainAt(after.nextAttemptAt);
    await parts.onSettled(begun);
    return reply.outcome;
  } finally {
    if (admission?.admitted === true) admission.leave();
  }
}
