/**
 * A message to a department, whatever it is about: tried until the department has taken it, refused it, or was silent
 * for too long. Pure: the aggregate that holds the message is written as a whole by its keeper.
 */

/** ACCEPTED 2xx; REFUSED: it will not take it; UNREACHABLE: no answer, or not now; BROKEN: its answer makes no sense. */
export const ATTEMPT_OUTCOMES = ['ACCEPTED', 'REFUSED', 'UNREACHABLE', 'BROKEN'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** CANCELLED: it had not left when it was no longer needed. */
export const MESSAGE_STATES = ['PENDING', 'SENT', 'DEAD', 'CANCELLED'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export interface Attempt {
  /** Opened before the call: what may have reached the department is on record even if the hub dies during it. */
  readonly startedAt: Date;
  /** A call that has not ended by then belonged to a process that is no more. */
  readonly leasedUntil: Date;
  /** null while it runs, or when the process that ran it died. */
  readonly endedAt: Date | null;
  readonly outcome: AttemptOutcome | null;
  readonly channel: string;
  readonly httpStatus: number | null;
  /** What happened, in words that a partner may read; never a body, never a secret. */
  readonly detail: string | null;
  /** The department's own number for what it received, where it gives one. */
  readonly receiptNumber: string | null;
  /** SM3 of the department's reply, hex. */
  readonly replyDigest: string | null;
}

export interface Message {
  /** Also the idempotency key: the same on every attempt. */
  readonly id: string;
  readonly kind: string;
  readonly departmentId: string;
  readonly state: MessageState;
  /** The event with which it came to be. */
  readonly eventId: string;
  /** That event's number in the log: its place in the order of all messages. null until numbered; not sent before. */
  readonly position: number | null;
  readonly createdAt: Date;
  /** Not before then. */
  readonly nextAttemptAt: Date;
  /** Oldest first. Attempts before a repetition by hand stay. */
  readonly attempts: readonly Attempt[];
  /** When a person had it repeated: its patience counts from then. */
  readonly repeatedAt: Date | null;
  readonly settledAt: Date | null;
}

/** What a channel says of one call. */
export interface ChannelReply {
  readonly outcome: AttemptOutcome;
  readonly httpStatus: number | null;
  readonly detail: string | null;
  readonly receiptNumber: string | null;
  readonly replyDigest: string | null;
  /** How long the department asks to be left alone; null where it does not say. */
  readonly retryAfterMs: number | null;
}

export const RETRIES = { firstMs: 5_000, longestMs: 4 * 3_600_000 } as const;
/** A department that was silent for so long is given up, until a person has the message repeated. */
export const PATIENCE_MS = 5 * 86_400_000;
/** Retry-After beyond this is not believed (RFC 9110 10.2.3 sets no bound). */
export const LONGEST_RETRY_AFTER_MS = 3_600_000;

export function newMessage(
  { id, kind, departmentId, eventId }: Pick<Message, 'id' | 'kind' | 'departmentId' | 'eventId'>,
  createdAt: Date,
): Message {
  return {
    id,
    kind,
    departmentId,
    eventId,
    state: 'PENDING',
    position: null,
    createdAt,
    nextAttemptAt: createdAt,
    attempts: [],
    repeatedAt: null,
    settledAt: null,
  };
}

export const isOpen = ({ state }: Message): boolean => state === 'PENDING';

/** Whether the department may have received it: every call that was begun counts. */
export const mayHaveArrived = ({ attempts }: Message): boolean => attempts.length > 0;

const runningAttempt = ({ attempts }: Message): Attempt | undefined =>
  attempts.findLast(({ endedAt }) => endedAt === null);

/** Until when another process may still be calling; null when none is. */
export function leasedUntil(message: Message): Date | null {
  return runningAttempt(message)?.leasedUntil ?? null;
}

/**
 * Begins a call. An attempt that a dead process has left open is closed: nobody knows what came of it.
 * @param leaseMs longer than any call takes
 */
export function beginAttempt(message: Message, channel: string, now: Date, leaseMs: number): Message {
  const attempts = message.attempts.map((attempt): Attempt =>
    attempt.endedAt === null
      ? { ...attempt, endedAt: now, outcome: 'BROKEN', detail: 'The hub ended before the reply was recorded.' }
      : attempt,
  );
  const begun: Attempt = {
    startedAt: now,
    leasedUntil: new Date(now.getTime() + leaseMs),
    endedAt: null,
    outcome: null,
    channel,
    httpStatus: null,
    detail: null,
    receiptNumber: null,
    replyDigest: null,
  };
  return { ...message, attempts: [...attempts, begun] };
}

/** The wait before the attempt after this many failures. Full jitter keeps departments from being called in step. */
export function retryDelayMs(failures: number, retryAfterMs: number | null, random: number): number {
  const whole = Math.min(RETRIES.longestMs, RETRIES.firstMs * 2 ** Math.min(failures - 1, 30));
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  return Math.max(asked, Math.round(whole * random));
}

function nextStep(
  message: Message,
  { outcome, retryAfterMs }: ChannelReply,
  now: Date,
  random: number,
): Pick<Message, 'state' | 'nextAttemptAt' | 'settledAt'> {
  const { nextAttemptAt } = message;
  switch (outcome) {
    case 'ACCEPTED':
      return { state: 'SENT', nextAttemptAt, settledAt: now };
    case 'REFUSED':
    case 'BROKEN':
      return { state: 'DEAD', nextAttemptAt, settledAt: now };
    case 'UNREACHABLE': {
      const since = (message.repeatedAt ?? message.createdAt).getTime();
      const failures = message.attempts.filter(({ startedAt }) => startedAt.getTime() >= since).length;
      const again = new Date(now.getTime() + retryDelayMs(failures, retryAfterMs, random));
      if (again.getTime() > since + PATIENCE_MS) return { state: 'DEAD', nextAttemptAt, settledAt: now };
      return { state: 'PENDING', nextAttemptAt: again, settledAt: null };
    }
  }
}

/**
 * Records what came of the running attempt. A reply that comes after the message was settled otherwise is kept beside it
 * and changes nothing, except that what was accepted has been sent.
 * @param random 0..1
 */
export function endAttempt(message: Message, reply: ChannelReply, now: Date, random: number): Message {
  const running = runningAttempt(message);
  if (running === undefined) return message;
  const { outcome, httpStatus, detail, receiptNumber, replyDigest } = reply;
  const attempts = message.attempts.map((attempt) =>
    attempt === running
      ? { ...attempt, endedAt: now, outcome, httpStatus, detail, receiptNumber, replyDigest }
      : attempt,
  );
  if (message.state !== 'PENDING') return { ...message, attempts };
  return { ...message, attempts, ...nextStep({ ...message, attempts }, reply, now, random) };
}

/** Takes it out of the way of later ones; what is settled stays as it is. */
export function cancelMessage(message: Message, now: Date): Message {
  return isOpen(message) ? { ...message, state: 'CANCELLED', settledAt: now } : message;
}

/** Its department can be reached again: it need not wait for its time. */
export const hurryMessage = (message: Message, now: Date): Message =>
  isOpen(message) && message.nextAttemptAt > now ? { ...message, nextAttemptAt: now } : message;

/** Puts a dead message back, by a person's order. Its place in the order stays. */
export function repeatMessage(message: Message, now: Date): Message {
  return { ...message, state: 'PENDING', nextAttemptAt: now, repeatedAt: now, settledAt: null };
}
