import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from '../../../jobs/commands/doctor.ts';
import type { QueueBackend } from '../../../jobs/queue/queue-backend.ts';
import { ApiKeys } from '../../../schema/access/api-keys.ts';
import { EndpointStore } from '../../../schema/delivery/endpoint-store.ts';
import { NoticeStore } from '../../../schema/notice/notice-store.ts';
import { RecognitionStore } from '../../../schema/recognition/recognition-store.ts';
import { openKeyRing } from '../../../schema/signing/key-ring.ts';
import { registryOf } from '../../schema/support/fake-departments.ts';
import { A, at } from '../../schema/support/records.ts';
import { openIndex, registered, type IndexUnderTest } from '../../search/held-records.ts';

let opened: IndexUnderTest;
/** A queue that has gone hides nothing of the rest. */
const backend = {
  queue: () => {
    throw new Error('no queue');
  },
} as unknown as QueueBackend;
beforeAll(async () => {
  opened = await openIndex(at('2026-03-05T12:00'));
});
afterAll(() => opened.close());

describe('the doctor', () => {
  const lookAtIndex = async () => {
    const { replica, states } = opened;
    const backing = {
      ...{ connection: replica.models.records.db, description: { store: 'a store', queue: 'a queue' } },
      ...{ queue: { kind: 'redis' as const, url: '' }, died: new Promise<never>(() => undefined) },
      ...{ announced: {}, announce: () => Promise.resolve(), close: () => Promise.resolve() },
    };
    const { connection } = backing;
    const ring = await openKeyRing({ connection, folder: '/nowhere' });
    const findings = await examine({
      ...{ backing, backend, replica, states, registry: registryOf([]), ring, keys: new ApiKeys(connection) },
      ...{ notices: new NoticeStore(connection), endpoints: new EndpointStore(connection) },
      recognitions: new RecognitionStore(connection),
      ...{ departmentIds: ['ecology'], areMadeAtStart: true },
    });
    expect(findings.map(({ subject, isGood }) => [subject, isGood])).toEqual([
      ['store', true],
      ['queue', false],
      ['clock', true],
      ['institutions', true],
      ['signing keys', true],
      ['notices', true],
      ['recognitions', true],
    ]);
    return findings.find(({ subject }) => subject === 'institutions');
  };

  it('says how many changes wait to be indexed, and as of when the index is complete', async () => {
    await opened.hear(registered(A));
    expect(await lookAtIndex()).toEqual({
      subject: 'institutions',
      isGood: true,
      detail: 'index not complete; changes that wait: 1',
    });
    await opened.replica.states.noteRead('market-regulation|institutions', at('2026-03-05T08:00'), null, true);
    await opened.projector().run();
    expect((await lookAtIndex())?.detail).toBe('index complete as of 2026-03-05T00:00:00.000Z; changes that wait: 0');
  });
});
