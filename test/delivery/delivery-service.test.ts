/** Messages of a real store in a real queue, to a partner's endpoint. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { startDeliveryService, type DeliveryService } from '../../jobs/delivery/delivery-service.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import { takeTo } from '../../schema/notice/case.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { blankNotice, changed, numbered } from '../notice/cases.ts';
import { startEmbedded, type QueueServer } from '../queue/servers.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { startPartner, type Partner } from './support/partner.ts';
import { startWebhook, type WebhookUnderTest } from './support/webhook.ts';

let queueServer: QueueServer;
let documents: StoreUnderTest;
let webhook: WebhookUnderTest;
let partner: Partner;
let store: NoticeStore;
let backend: QueueBackend;
let service: DeliveryService;
let departmentId: string;
const failures: unknown[] = [];
beforeAll(async () => {
  [queueServer, documents, webhook, partner] = await Promise.all([
    startEmbedded(),
    openStore(),
    startWebhook(),
    startPartner(),
  ]);
});
afterAll(() => Promise.all([queueServer.close(), documents.close(), webhook.close(), partner.close()]));

let tests = 0;
beforeEach(async () => {
  await documents.connection.dropDatabase();
  store = new NoticeStore(documents.connection);
  await store.open();
  ({ departmentId } = await webhook.endpointAt(partner.url));
  partner.received.length = 0;
  failures.length = 0;
  backend = openQueueBackend(queueServer.address, `delivery${(tests += 1)}`);
  service = await startDeliveryService({
    ...{ keepers: [noticeMessages(store)], backend, concurrency: 4 },
    channelOf: () => Promise.resolve(webhook.channel),
    onFailure: (error) => failures.push(error),
  });
});
afterEach(async () => {
  await service.close();
  await backend.close();
});

/** A published notice, whose message waits until then. */
async function publish(id: string, nextAttemptAt: Date): Promise<void> {
  const published = changed(
    blankNotice({ recipients: [{ departmentId, mandatory: true }] }, id),
    (change) => {
      change.emit('DRAFT');
      takeTo(change, 'PUBLISHED');
    },
    new Date(),
  );
  const waiting = numbered(published);
  await store.insert({
    ...waiting,
    hasPending: false,
    subject: { ...waiting.subject, creditCode: id },
    deliveries: waiting.deliveries.map((delivery) => ({
      ...delivery,
      messages: delivery.messages.map((message) => ({ ...message, nextAttemptAt })),
    })),
  });
}

const inHours = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);
const jobs = () => backend.queue('message-deliver').bull.count();
const sent = async (count: number): Promise<void> => {
  while ((await store.model.countDocuments({ hasOpen: false })) < count) await delay(50);
};

it('holds each open message in the queue once, however often the reconciler runs, and again when the queue has lost it', async () => {
  for (const id of ['n1', 'n2', 'n3']) await publish(id, inHours(4));
  await Promise.all([service.reconcile(), service.reconcile()]);
  await service.enqueue('notice', ['n1', 'n2']);
  expect([await service.reconcile(), await jobs()]).toEqual([3, 3]);
  await backend.queue('message-deliver').bull.remove('n2.1.' + departmentId + '.NOTICE');
  expect(await jobs()).toBe(2);
  await service.reconcile();
  expect(await jobs()).toBe(3);
  expect(partner.received).toEqual([]);
});

it('sends what waits for a department at once when that can be reached again', async () => {
  for (const id of ['n1', 'n2', 'n3']) await publish(id, inHours(4));
  await service.reconcile();
  expect(await jobs()).toBe(3);
  await backend.queue('message-hurry').add({ v: 1, departmentId });
  await sent(3);
  expect(partner.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(
    ['n1', 'n2', 'n3'].map((id) => `${id}.1.${departmentId}.NOTICE`),
  );
});

it('leaves alone what waits for others', async () => {
  await publish('n1', inHours(4));
  await service.reconcile();
  const { departmentId: other } = await webhook.endpointAt(partner.url);
  await backend.queue('message-hurry').add({ v: 1, departmentId: other });
  while ((await backend.queue('message-hurry').bull.getCompletedCount()) === 0) await delay(50);
  expect([await jobs(), partner.received]).toEqual([1, []]);
});

it('says when a job has failed', async () => {
  await backend.queue('message-deliver').add({ v: 1, topic: 'recognition', aggregateId: 'r1', messageId: 'm1' });
  while (failures.length === 0) await delay(50);
  expect(String(failures[0])).toContain('nobody keeps messages of "recognition"');
});
