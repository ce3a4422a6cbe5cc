/** The jobs of notices together, on a store and a queue; what each does by itself is tested beside it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startNoticeJobs } from '../../jobs/notice/notice-jobs.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import type { NoticeDoor, WordsPage } from '../../schema/delivery/ports.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { HubError } from '../../schema/errors.ts';
import type { CallScope } from '../../schema/ports.ts';
import { startEmbedded, type QueueServer } from '../queue/servers.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

let store: StoreUnderTest;
let queue: QueueServer;
let backend: QueueBackend;
beforeAll(async () => {
  [store, queue] = await Promise.all([openStore(), startEmbedded()]);
  backend = openQueueBackend(queue.address);
});
afterAll(async () => {
  await backend.close();
  await Promise.all([store.close(), queue.close()]);
});

const doorWith = (words: (scope: CallScope) => Promise<WordsPage>): NoticeDoor => ({
  channel: 'exchange-row',
  voice: 'EXCHANGE_ROW',
  deliver: () => Promise.reject(new Error('nothing is to be delivered')),
  words: (_after, _limit, scope) => words(scope),
  noteHeard: () => Promise.resolve(),
});

it('a department that never answers keeps no other from being heard', async () => {
  const { connection } = store;
  let heardOften: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (heardOften = resolve));
  const asked = { silent: 0, speaking: 0 };
  const silent = doorWith((scope) => {
    asked.silent += 1;
    return new Promise((_, reject) => {
      scope.signal.addEventListener('abort', () => reject(new HubError('SOURCE_TIMEOUT', 'no answer')));
    });
  });
  const speaking = doorWith(() => {
    asked.speaking += 1;
    if (asked.speaking === 3) heardOften();
    return Promise.resolve({ words: [], malformed: [], next: null });
  });
  const registry = registryOf([
    { ...fakeDepartment('transport'), notices: silent },
    { ...fakeDepartment('public-security'), notices: speaking },
  ]);
  const clock = { now: () => new Date() };
  const signer = { sign: () => Promise.reject(new Error('nothing is to be signed')) };
  const service = new NoticeService({
    ...{ store: new NoticeStore(connection), numbers: new NoticeNumbers(connection), signer, registry, clock },
  });
  const failures: unknown[] = [];
  const jobs = await startNoticeJobs({
    ...{ connection, notices: { service, log: noticeLog(connection) }, registry, backend, clock },
    doorbell: localDoorbell(),
    delivery: { enqueue: () => Promise.reject(new Error('nothing is to be sent')) },
    hearEverySeconds: 1,
    onFailure: (error) => failures.push(error),
  });
  await heard;
  expect(asked.silent).toBe(1);
  await jobs.close();
  expect(failures).toEqual([]);
});
