import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { lookAtRecognitions } from '../../../jobs/commands/recognition-checks.ts';
import { begin, end } from '../../../schema/recognition/dispatch.ts';
import { RecognitionStore } from '../../../schema/recognition/recognition-store.ts';
import { at, changed, NOW, numbered, recognised } from '../../recognition/cases.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';

let opened: StoreUnderTest;
let recognitions: RecognitionStore;
beforeAll(async () => {
  opened = await openStore();
  recognitions = new RecognitionStore(opened.connection);
});
afterAll(() => opened.close());
beforeEach(() => recognitions.model.deleteMany({}));

const look = (now = NOW) => lookAtRecognitions({ recognitions, now });

describe('recognitions, the doctor says', () => {
  it('are well when nothing is dead or waits', async () => {
    await recognitions.insert(numbered(recognised()));
    expect(await look()).toBe('none dead, all events numbered, all looked at in time');
  });

  it('have events that nobody numbers, once they have waited for more than a minute', async () => {
    await recognitions.insert(recognised());
    expect(await look(at('2026-03-31T10:01:00+08:00'))).toContain('all events numbered');
    await expect(look(at('2026-03-31T10:01:01+08:00'))).rejects.toThrow(
      'recognitions whose events nobody has numbered for more than a minute: 1; does a worker run?',
    );
  });

  it('have not been looked at, once it has been time for more than ten minutes', async () => {
    await recognitions.insert(numbered(recognised()));
    await recognitions.markChanged([recognised().institution.creditCode], NOW);
    expect(await look(at('2026-03-31T10:10:00+08:00'))).toContain('looked at in time');
    await expect(look(at('2026-03-31T10:10:01+08:00'))).rejects.toThrow(
      'recognitions that nobody has looked at though it was time: 1',
    );
  });

  it('could not be delivered, counted by department', async () => {
    const recognition = numbered(recognised());
    const messageId = `${recognition.targets[0]?.messages[0]?.id}`;
    const reply = { outcome: 'REFUSED', httpStatus: 403, detail: 'no', receiptNumber: null } as const;
    const dead = changed(recognition, (change) => {
      begin(change, messageId, 'webhook', 60_000);
      end(change, messageId, { ...reply, replyDigest: null, retryAfterMs: null }, 0);
    });
    await recognitions.insert(numbered(dead));
    await expect(look()).rejects.toThrow('what could not be delivered: ecology 1 (resendRecognition)');
  });
});
