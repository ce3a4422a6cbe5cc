import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  beginAttempt,
  cancelMessage,
  endAttempt,
  isOpen,
  leasedUntil,
  LONGEST_RETRY_AFTER_MS,
  mayHaveArrived,
  newMessage,
  PATIENCE_MS,
  repeatMessage,
  RETRIES,
  retryDelayMs,
  type ChannelReply,
  type Message,
} from '../../schema/delivery/message.ts';

const LEASE_MS = 20_000;
const START = new Date('2026-03-02T00:00:00Z');
const later = (ms: number): Date => new Date(START.getTime() + ms);
const reply = (outcome: ChannelReply['outcome'], retryAfterMs: number | null = null): ChannelReply => ({
  ...{ outcome, retryAfterMs, httpStatus: null, detail: 'x', receiptNumber: null, replyDigest: null },
});
const fresh = (): Message => newMessage({ id: 'm', kind: 'NOTICE', departmentId: 'ecology', eventId: 'e' }, START);
const tried = (
  message: Message,
  outcome: ChannelReply['outcome'],
  at: Date,
  retryAfterMs: number | null = null,
): Message => endAttempt(beginAttempt(message, 'webhook', at, LEASE_MS), reply(outcome, retryAfterMs), at, 1);

describe('a message', () => {
  it.each([
    ['ACCEPTED', 'SENT'],
    ['REFUSED', 'DEAD'],
    ['BROKEN', 'DEAD'],
    ['UNREACHABLE', 'PENDING'],
  ] as const)('that is %s is then %s', (outcome, state) => {
    expect(tried(fresh(), outcome, START).state).toBe(state);
  });

  it('is tried for five days, with longer and longer waits, and then given up', () => {
    let message = fresh();
    let now = START;
    const waits: number[] = [];
    while (isOpen(message)) {
      message = tried(message, 'UNREACHABLE', now);
      waits.push(message.nextAttemptAt.getTime() - now.getTime());
      now = message.nextAttemptAt;
    }
    expect(message.state).toBe('DEAD');
    expect(now.getTime() - START.getTime()).toBeLessThanOrEqual(PATIENCE_MS);
    expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(Math.max(...waits)).toBe(RETRIES.longestMs);
  });

  it('waits anywhere between nothing and the whole, but as long as the department asks, within bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(2 * LONGEST_RETRY_AFTER_MS),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, asked, random) => {
          const wait = retryDelayMs(failures, asked, random);
          expect(wait).toBeGreaterThanOrEqual(Math.min(asked, LONGEST_RETRY_AFTER_MS));
          expect(wait).toBeLessThanOrEqual(Math.max(RETRIES.longestMs, LONGEST_RETRY_AFTER_MS));
        },
      ),
    );
    expect([retryDelayMs(3, null, 0), retryDelayMs(3, null, 0.5)]).toEqual([0, 10_000]);
  });

  it('may have arrived as soon as a call has begun, and is nobody else’s while that call may run', () => {
    const begun = beginAttempt(fresh(), 'webhook', START, LEASE_MS);
    expect([mayHaveArrived(fresh()), mayHaveArrived(begun)]).toEqual([false, true]);
    expect(leasedUntil(begun)).toEqual(later(LEASE_MS));
    expect(leasedUntil(tried(fresh(), 'UNREACHABLE', START))).toBeNull();
  });

  it('keeps on record that a call was left without its end', () => {
    const again = beginAttempt(beginAttempt(fresh(), 'webhook', START, LEASE_MS), 'webhook', later(LEASE_MS), LEASE_MS);
    expect(again.attempts.map(({ outcome, endedAt }) => [outcome, endedAt])).toEqual([
      ['BROKEN', later(LEASE_MS)],
      [null, null],
    ]);
  });

  it('that was cancelled during the call stays cancelled, and keeps what the department said', () => {
    const cancelled = cancelMessage(beginAttempt(fresh(), 'webhook', START, LEASE_MS), later(1));
    const ended = endAttempt(cancelled, reply('ACCEPTED'), later(2), 0);
    expect([ended.state, ended.attempts[0]?.outcome]).toEqual(['CANCELLED', 'ACCEPTED']);
    expect(cancelMessage(tried(fresh(), 'ACCEPTED', START), later(1)).state).toBe('SENT');
  });

  it('has its whole patience again when a person repeats it', () => {
    const dead = tried(fresh(), 'REFUSED', START);
    const repeated = repeatMessage(dead, later(2 * PATIENCE_MS));
    expect(tried(repeated, 'UNREACHABLE', later(2 * PATIENCE_MS)).state).toBe('PENDING');
    expect(repeated.attempts).toHaveLength(1);
  });
});
