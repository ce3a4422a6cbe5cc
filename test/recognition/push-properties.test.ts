/** In whatever order messages arrive, and however often, a department ends with what it was told last. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyStanding } from '../../schema/recognition/case.ts';
import { begin, end } from '../../schema/recognition/dispatch.ts';
import { envelopeOf } from '../../schema/recognition/envelope.ts';
import type { Hold, Recognition, SyncTarget } from '../../schema/recognition/recognition.ts';
import { confirm } from '../../schema/recognition/targets.ts';
import { present } from '../hub/support.ts';
import { changed, HEARING, NOW, numbered, recognised } from './cases.ts';

const RUNS = { numRuns: 200 };
const LEASE_MS = 1_000;
const ACCEPTED = {
  outcome: 'ACCEPTED',
  httpStatus: 200,
  detail: null,
  receiptNumber: null,
  replyDigest: null,
} as const;

const hold = (consequence: Hold['consequence']): Hold => ({
  code: 'RJ03',
  cause: 'CMA_REVOKED',
  consequence,
  detail: 'CMA',
});
/** What stands against it after a change. */
const holds = fc.constantFrom<readonly Hold[]>([], [hold('SUSPEND')], [hold('REVOKE')]);
const targetOf = ({ targets }: Recognition): SyncTarget => present(targets[0]);

/** Every message is at least begun, so that the department may have heard of it. */
function callEach(recognition: Recognition, now: Date): Recognition {
  const placed = numbered(recognition, recognition.eventCount);
  return changed(
    placed,
    (change) => {
      for (const { id } of targetOf(placed).messages) begin(change, id, 'webhook', LEASE_MS);
    },
    now,
  );
}

function after(steps: readonly (readonly [readonly Hold[], skewMs: number])[]): Recognition {
  let recognition = callEach(recognised('r1', ['ecology']), NOW);
  for (const [standing, skewMs] of steps) {
    // Another process of the hub, whose clock is ahead or behind.
    const now = new Date(NOW.getTime() + skewMs);
    const seen = { holds: standing, flags: [], isSilent: false, seenChanges: recognition.changeCount };
    recognition = callEach(
      changed(recognition, (change) => applyStanding(change, seen), now),
      now,
    );
  }
  return recognition;
}
const steps = fc.array(fc.tuple(holds, fc.integer({ min: -5_000, max: 5_000 })), { maxLength: 10 });

describe('messages to a department', () => {
  it('amount to what it was told last, in any order and any number, by the rule of the guide', () => {
    fc.assert(
      fc.property(
        steps.chain((each) => {
          const recognition = after(each);
          const bodies = targetOf(recognition).messages.map((message) => envelopeOf(recognition, message).body);
          const doubled = fc.array(fc.constantFrom(...bodies), { maxLength: 5 });
          return fc.tuple(
            fc.constant(targetOf(recognition).told),
            doubled.chain((more) =>
              fc.shuffledSubarray([...bodies, ...more], { minLength: bodies.length + more.length }),
            ),
          );
        }),
        ([told, arriving]) => {
          let known: { readonly state: string; readonly createdAt: string } | null = null;
          for (const body of arriving) {
            const message = JSON.parse(body) as { readonly state: string; readonly createdAt: string };
            // Of two messages about one recognition the later `createdAt` counts.
            if (known === null || Date.parse(message.createdAt) > Date.parse(known.createdAt)) known = message;
          }
          expect(known?.state).toBe(told);
        },
      ),
      RUNS,
    );
  });

  it('and its replies, in any order and any number, amount to the same on record', () => {
    const moves = fc.array(fc.tuple(fc.constantFrom('call', 'reply', 'confirm'), fc.nat(10)), { maxLength: 20 });
    fc.assert(
      fc.property(steps, moves, (each, order) => {
        const told = after(each);
        const { messages } = targetOf(told);
        const later = new Date(NOW.getTime() + 60_000);
        const move = (recognition: Recognition, kind: string, index: number): Recognition =>
          changed(
            recognition,
            (change) => {
              const { id } = present(messages[index % messages.length]);
              if (kind === 'call') begin(change, id, 'webhook', LEASE_MS);
              if (kind === 'reply') end(change, id, { ...ACCEPTED, retryAfterMs: null }, 0);
              if (kind === 'confirm') confirm(change, 'ecology', present(targetOf(told).told), HEARING);
            },
            later,
          );
        const all = messages.map((_, index): [string, number] => ['reply', index]);
        const settle = (moved: readonly (readonly [string, number])[]): Recognition =>
          [...moved, ...all, ['confirm', 0] as const].reduce(
            (recognition, [kind, index]) => move(recognition, kind, index),
            told,
          );
        const amounts = (recognition: Recognition) => {
          const { state, told: last, acts } = targetOf(recognition);
          return { recognition: recognition.state, state, last, acts: acts.length, hasOpen: recognition.hasOpen };
        };
        expect(amounts(settle(order))).toEqual(amounts(settle([])));
      }),
      RUNS,
    );
  });
});
