/** Notices and recognitions go to departments by one machine, and neither is lost with the queue. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { channelsOf } from '../../jobs/delivery/channels.ts';
import { startDeliveryService, type DeliveryService } from '../../jobs/delivery/delivery-service.ts';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { takeTo } from '../../schema/notice/case.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NOTICE_TOPIC, noticeMessages } from '../../schema/notice/notice-messages.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { revoke } from '../../schema/recognition/case.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import {
  RECOGNITION_TOPIC,
  recognitionLog,
  recognitionMessages,
  recognitionOutbox,
  RecognitionStore,
} from '../../schema/recognition/recognition-store.ts';
import { confirm } from '../../schema/recognition/targets.ts';
import { answer, Opened, startPartner, type Partner } from '../delivery/support/partner.ts';
import { startWebhook, type WebhookUnderTest } from '../delivery/support/webhook.ts';
import { blankNotice, changed as changedNotice } from '../notice/cases.ts';
import { startEmbedded, type QueueServer } from '../queue/servers.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { HEARING, recognised } from './cases.ts';

const fail = (error: unknown): never => {
  throw error;
};

let server: StoreUnderTest;
let queue: QueueServer;
let webhook: WebhookUnderTest;
let backend: QueueBackend;
let delivery: DeliveryService;
let notices: NoticeStore;
let recognitions: RecognitionStore;
let number: () => Promise<void>;
let partner: Partner;
let partnerId: string;
let secret: string;
const opened = new Opened();

beforeAll(async () => {
  [server, queue, webhook] = await Promise.all([openStore(), startEmbedded(), startWebhook()]);
  const { connection } = server;
  notices = new NoticeStore(connection);
  recognitions = new RecognitionStore(connection);
  const [ofNotices, ofRecognitions] = [noticeLog(connection), recognitionLog(connection)];
  await Promise.all([notices.open(), recognitions.open(), ofNotices.open(), ofRecognitions.open()]);
  partner = await opened.keep(startPartner(answer(200)));
  ({ departmentId: partnerId, secret } = await webhook.endpointAt(partner.url));
  backend = openQueueBackend(queue.address);
  delivery = await startDeliveryService({
    keepers: [noticeMessages(notices), recognitionMessages(recognitions)],
    channelOf: channelsOf({
      departments: registryOf([fakeDepartment('transport')]),
      endpoints: webhook.store,
      webhook: webhook.channel,
    }),
    backend,
    concurrency: 4,
    onFailure: fail,
  });
  const shared = { doorbell: localDoorbell(), onFailure: fail };
  const sequencers = [
    new Sequencer({
      ...{ ...shared, outbox: noticeOutbox(notices), log: ofNotices },
      lease: new Lease(connection, 'sequencer:notices', 5_000),
      onNumbered: (ids) => delivery.enqueue(NOTICE_TOPIC, ids),
    }),
    new Sequencer({
      ...{ ...shared, outbox: recognitionOutbox(recognitions), log: ofRecognitions },
      lease: new Lease(connection, 'sequencer:recognitions', 5_000),
      onNumbered: (ids) => delivery.enqueue(RECOGNITION_TOPIC, ids),
    }),
  ] as const;
  number = async () => {
    for (const sequencer of sequencers) await sequencer.run();
  };
}, 120_000);
afterAll(async () => {
  await delivery.close();
  await backend.close();
  await opened.close();
  await webhook.close();
  await Promise.all([server.close(), queue.close()]);
});

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
const arrived = (type: string): readonly Record<string, unknown>[] =>
  partner.received
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    .filter((each) => each['type'] === type);
const targetOf = (recognition: Recognition) => recognition.targets[0];

describe('one machine', () => {
  it('takes a recognition and a notice to the same department, each signed', async () => {
    await recognitions.insert(recognised('both', [partnerId], new Date()));
    const notice = changedNotice(
      blankNotice({ recipients: [{ departmentId: partnerId, mandatory: true }] }, 'n7'),
      (change) => {
        change.emit('DRAFT');
        takeTo(change, 'PUBLISHED');
      },
    );
    await notices.insert(notice);
    await number();
    await until(() => arrived('recognition.recognized').length === 1 && arrived('notice.issued').length === 1);
    for (const { headers, body } of partner.received) new Webhook(secret).verify(body, headers);
    expect(arrived('recognition.recognized')[0]).toMatchObject({
      recognitionId: 'both',
      state: 'RECOGNIZED',
      recipient: partnerId,
    });
    await until(async () => targetOf(await recognitions.get('both'))?.state === 'SENT');
  });

  it('is told by the department itself that it relies on it; the revocation goes the same way', async () => {
    const synced = await recognitions.change('both', { name: 'partner' }, (change) =>
      confirm(change, partnerId, 'RECOGNIZED', HEARING),
    );
    expect(synced.state).toBe('SYNCED');
    await recognitions.change('both', { name: 'clerk' }, (change) => revoke(change, 'recognised by mistake'));
    await number();
    await until(() => arrived('recognition.revoked').length === 1);
    await until(async () => targetOf(await recognitions.get('both'))?.state === 'SENT');
    expect(arrived('recognition.recognized')).toHaveLength(1);
  });

  it('finds again what the queue has forgotten', async () => {
    await recognitions.insert(recognised('forgotten', [partnerId], new Date()));
    const numbersOnly = new Sequencer({
      outbox: recognitionOutbox(recognitions),
      log: recognitionLog(server.connection),
      lease: new Lease(server.connection, 'sequencer:of-nobody', 5_000),
      doorbell: localDoorbell(),
      onNumbered: () => Promise.resolve(),
      onFailure: fail,
    });
    await numbersOnly.run();
    expect(await delivery.reconcile()).toBeGreaterThan(0);
    await until(() => arrived('recognition.recognized').some((each) => each['recognitionId'] === 'forgotten'));
  });

  it('keeps a message for a department that has no way yet, says so, and sends it at once when it has one', async () => {
    await recognitions.insert(recognised('waiting', ['transport'], new Date()));
    await number();
    await until(async () => (targetOf(await recognitions.get('waiting'))?.messages[0]?.attempts.length ?? 0) > 0);
    await until(async () => targetOf(await recognitions.get('waiting'))?.messages[0]?.attempts[0]?.endedAt !== null);
    const target = targetOf(await recognitions.get('waiting'));
    expect(target).toMatchObject({
      state: 'PENDING',
      messages: [{ state: 'PENDING', attempts: [{ outcome: 'UNREACHABLE', channel: 'none' }] }],
    });
    await webhook.endpointAt(partner.url, { departmentId: 'transport' });
    await backend.queue('message-hurry').add({ v: 1, departmentId: 'transport' });
    await until(async () => targetOf(await recognitions.get('waiting'))?.state === 'SENT');
  });
});
