import { beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import type { Envelope, NoticeDoor } from '../../../schema/delivery/ports.ts';
import { HubError, type HubErrorCode } from '../../../schema/errors.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { sm3Hex } from '../../../schema/signing/sm3.ts';
import type { AdapterCall, AdapterNotices, DraftWord } from '../../../sources/kit/adapter.ts';
import { guardNotices } from '../../../sources/kit/guard-notices.ts';

const QUESTION = parse('{ answer }');
const ENVELOPE: Envelope = { id: 'm1', type: 'notice.issued', body: '{}', fields: {} };
const SIGNED: DraftWord = {
  wordId: 'w1',
  deliveryId: 'd1',
  kind: 'SIGNED',
  by: null,
  reason: null,
  feedback: [],
};
const scope = (timeoutMs = 2_000): CallScope => ({
  requestId: 'r1',
  signal: new AbortController().signal,
  deadlineAt: Date.now() + timeoutMs,
});

let calls = 0;
let told: string[] = [];
beforeEach(() => {
  calls = 0;
  told = [];
});

/** A department that replies with `reply` to everything and then does what is scripted. */
function doorOf(script: Partial<AdapterNotices>, reply: string | null = 'reply'): NoticeDoor {
  const notices: AdapterNotices = {
    channel: 'exchange-row',
    voice: 'EXCHANGE_ROW',
    deliver: () => Promise.resolve(null),
    words: () => Promise.resolve({ words: [], malformed: [], next: null }),
    noteHeard: () => Promise.resolve(),
    ...script,
  };
  return guardNotices(notices, {
    departmentName: 'Transport',
    timeoutMs: 1_000,
    concurrency: 8,
    failuresToOpen: 2,
    halfOpenAfterMs: 60_000,
    callWith: (signal, log): AdapterCall => ({
      signal,
      execute() {
        calls += 1;
        if (reply !== null) {
          log.receipts.push(sm3Hex(reply));
          log.httpStatus = 200;
        }
        return Promise.resolve({});
      },
    }),
    toHubError(error) {
      const failure = error instanceof HubError ? error : new HubError('INTERNAL', 'It went wrong.', { cause: error });
      told.push(failure.code);
      return failure;
    },
  });
}

/** Calls the department and fails. */
const failing =
  (code: HubErrorCode) =>
  async (...parts: readonly unknown[]): Promise<never> => {
    await (parts.at(-1) as AdapterCall).execute(QUESTION, {});
    throw new HubError(code, 'Transport did not take it.');
  };

describe('a delivery', () => {
  it('that is accepted has the receipt number, the digest of the reply and its status', async () => {
    const door = doorOf({
      async deliver(_envelope, call) {
        await call.execute(QUESTION, {});
        return 'R7';
      },
    });
    expect(await door.deliver(ENVELOPE, scope())).toEqual({
      outcome: 'ACCEPTED',
      httpStatus: 200,
      detail: null,
      receiptNumber: 'R7',
      replyDigest: sm3Hex('reply'),
      retryAfterMs: null,
    });
  });

  it.each([
    ['SOURCE_UNAVAILABLE', 'UNREACHABLE'],
    ['SOURCE_TIMEOUT', 'UNREACHABLE'],
    ['SOURCE_REFUSED', 'REFUSED'],
    ['SOURCE_MALFORMED', 'BROKEN'],
    ['UNSUPPORTED', 'BROKEN'],
    ['INTERNAL', 'BROKEN'],
  ] as const)('that fails with %s is %s, after one call, and whoever watches is told', async (code, outcome) => {
    const door = doorOf({ deliver: failing(code) });
    expect(await door.deliver(ENVELOPE, scope())).toMatchObject({
      outcome,
      detail: 'Transport did not take it.',
      receiptNumber: null,
      replyDigest: sm3Hex('reply'),
    });
    expect([calls, told]).toEqual([1, [code]]);
  });

  it('that fails in the adapter itself is BROKEN, in words that give nothing away', async () => {
    const door = doorOf({ deliver: () => Promise.reject(new TypeError('secret of the database')) });
    expect(await door.deliver(ENVELOPE, scope())).toMatchObject({
      outcome: 'BROKEN',
      detail: 'The answer of Transport could not be processed.',
      replyDigest: null,
    });
  });

  it('without a reply has no digest and no status', async () => {
    const door = doorOf({ deliver: failing('SOURCE_UNAVAILABLE') }, null);
    expect(await door.deliver(ENVELOPE, scope())).toMatchObject({ replyDigest: null, httpStatus: null });
  });

  it('ends with the time of its caller and not earlier than that, and then nobody knows what has arrived', async () => {
    const door = doorOf({ deliver: () => new Promise(() => undefined) });
    // Beyond the time limit of reads, which is one second here.
    const reply = await door.deliver(ENVELOPE, scope(1_300));
    expect(reply).toMatchObject({ outcome: 'UNREACHABLE', detail: expect.stringMatching(/within 1[0-3]\d\d ms/) });
  });

  it('is made whatever became of others before', async () => {
    let isWell = false;
    const door = doorOf({
      deliver: (...parts) => (isWell ? Promise.resolve(null) : failing('SOURCE_UNAVAILABLE')(...parts)),
    });
    for (let attempt = 0; attempt < 5; attempt += 1) await door.deliver(ENVELOPE, scope());
    isWell = true;
    expect(await door.deliver(ENVELOPE, scope())).toMatchObject({ outcome: 'ACCEPTED' });
  });

  it('is made though the words cannot be read, and the words are read though it is not taken', async () => {
    const wordless = doorOf({ words: failing('SOURCE_MALFORMED') });
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(wordless.words(null, 10, scope())).rejects.toBeInstanceOf(HubError);
    expect(await wordless.deliver(ENVELOPE, scope())).toMatchObject({ outcome: 'ACCEPTED' });
    const unwilling = doorOf({ deliver: failing('SOURCE_MALFORMED') });
    for (let attempt = 0; attempt < 3; attempt += 1) await unwilling.deliver(ENVELOPE, scope());
    await expect(unwilling.words(null, 10, scope())).resolves.toMatchObject({ words: [] });
  });
});

describe('words', () => {
  it('carry the receipt of the reply that brought them', async () => {
    const door = doorOf({
      async words(_after, _limit, call) {
        await call.execute(QUESTION, {});
        return { words: [SIGNED], malformed: [], next: 'n' };
      },
    });
    expect(await door.words(null, 10, scope())).toEqual({
      words: [{ ...SIGNED, receipt: sm3Hex('reply') }],
      malformed: [],
      next: 'n',
    });
  });

  it('are asked for once more when the department was not reached, and so is a mark', async () => {
    const door = doorOf({ words: failing('SOURCE_UNAVAILABLE'), noteHeard: failing('SOURCE_UNAVAILABLE') });
    await expect(door.words(null, 10, scope())).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(calls).toBe(2);
    await expect(door.noteHeard([{ wordId: 'w1', refusal: null }], scope())).rejects.toBeInstanceOf(HubError);
    expect(calls).toBe(4);
  });

  it('are not asked for while the department has failed several times in a row', async () => {
    const door = doorOf({ words: failing('SOURCE_MALFORMED') });
    for (let attempt = 0; attempt < 2; attempt += 1) await door.words(null, 10, scope()).catch(() => undefined);
    await expect(door.words(null, 10, scope())).rejects.toThrow('is not asked for a moment; it will be called again');
    expect(calls).toBe(2);
  });

  it('are not marked when there are none', async () => {
    await doorOf({ noteHeard: failing('SOURCE_REFUSED') }).noteHeard([], scope());
    expect(calls).toBe(0);
  });
});
