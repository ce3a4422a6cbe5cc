/** What an endpoint's answer means. Pure. */
import { z } from 'zod';
import type { AttemptOutcome, ChannelReply } from '../../../schema/delivery/message.ts';
import { sm3Hex } from '../../../schema/signing/sm3.ts';

/** As much of a reply as is read. */
export const LONGEST_REPLY_BYTES = 16 * 1_024;

export interface EndpointAnswer {
  readonly status: number;
  /** The header, as it came. */
  readonly retryAfter: string | null;
  /** At most {@link LONGEST_REPLY_BYTES}. */
  readonly body: Uint8Array;
  /** CUT: there was more than is read; BROKEN_OFF: the connection ended within the body. */
  readonly ending: 'WHOLE' | 'CUT' | 'BROKEN_OFF';
}

/** What the call says of the endpoint; UNKNOWN where it says nothing, GONE: it will not be there again. */
export type EndpointHealth = 'WELL' | 'ILL' | 'GONE' | 'UNKNOWN';

export interface Verdict {
  readonly reply: ChannelReply;
  readonly health: EndpointHealth;
}

/** Words of the department that are kept: short, and without anything but letters, digits, ".", "_" and "-". */
const Code = z
  .string()
  .regex(/^[\w.-]{1,64}$/)
  .nullable()
  .catch(null);

/** What the hub understands of a reply; all of it may be absent. */
const Receipt = z.object({
  accepted: z.boolean().catch(true),
  receiptNumber: Code,
  reason: Code,
});

const NO_RECEIPT: z.output<typeof Receipt> = { accepted: true, receiptNumber: null, reason: null };

/** RFC 9110 15.5 and 6585: not now, but perhaps later. */
const TRY_AGAIN: Readonly<Record<number, string>> = {
  408: 'it took too long',
  425: 'too early',
  429: 'too many calls',
};
const GONE = 410;

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'it asks for credentials; messages carry a signature only',
  403: 'it does not let the hub in',
  404: 'nothing is at this address',
  405: 'it takes no POST',
  413: 'the message is too large for it',
};

function receiptIn({ body, ending }: EndpointAnswer): z.output<typeof Receipt> {
  if (ending !== 'WHOLE') return NO_RECEIPT;
  try {
    return Receipt.catch(NO_RECEIPT).parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return NO_RECEIPT;
  }
}

/**
 * RFC 9110 10.2.3: seconds, or a date.
 * @returns milliseconds from now, null when it says neither
 */
export function retryAfterMsOf(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes much else for a date: a bare year, a number with a sign.
  const at = /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** An answer of the endpoint. */
export function judgeAnswer(answer: EndpointAnswer, now: Date): Verdict {
  const { status, body, ending } = answer;
  const said = (outcome: AttemptOutcome, detail: string, more: Partial<ChannelReply> = {}): ChannelReply => ({
    outcome,
    httpStatus: status,
    detail,
    receiptNumber: null,
    replyDigest: body.length === 0 ? null : sm3Hex(body),
    retryAfterMs: null,
    ...more,
  });
  const withCode = (meaning: string | undefined): string =>
    `HTTP ${status}${meaning === undefined ? '' : `: ${meaning}`}.`;
  if (status >= 200 && status < 300) {
    if (ending === 'BROKEN_OFF')
      return { reply: said('UNREACHABLE', `HTTP ${status}, but the reply broke off.`), health: 'ILL' };
    const { accepted, receiptNumber, reason } = receiptIn(answer);
    if (accepted) return { reply: said('ACCEPTED', `HTTP ${status}.`, { receiptNumber }), health: 'WELL' };
    const why = reason === null ? 'it gives no reason code' : `reason ${reason}`;
    return { reply: said('REFUSED', `HTTP ${status}: not accepted, ${why}.`, { receiptNumber }), health: 'WELL' };
  }
  if (status >= 300 && status < 400) {
    return { reply: said('BROKEN', `HTTP ${status}: redirects are not followed.`), health: 'ILL' };
  }
  if (TRY_AGAIN[status] !== undefined || (status >= 500 && status < 600)) {
    const retryAfterMs = retryAfterMsOf(answer.retryAfter, now);
    return { reply: said('UNREACHABLE', withCode(TRY_AGAIN[status]), { retryAfterMs }), health: 'ILL' };
  }
  if (status === GONE) return { reply: said('REFUSED', withCode('the endpoint says that it is gone')), health: 'GONE' };
  if (status >= 400 && status < 500) return { reply: said('REFUSED', withCode(REFUSALS[status])), health: 'ILL' };
  return { reply: said('BROKEN', withCode('there is no such status')), health: 'ILL' };
}

/** No answer. @param detail in words that a partner may read */
export const withoutAnswer = (outcome: AttemptOutcome, detail: string, health: EndpointHealth): Verdict => ({
  reply: { outcome, httpStatus: null, detail, receiptNumber: null, replyDigest: null, retryAfterMs: null },
  health,
});
