/**
 * The part of a worker process that handles notices (gateway/process/work.ts), without the departments' replicas, so that
 * it starts in a second and can be killed hundreds of times. Told by its parent what to work on.
 */
import mongoose from 'mongoose';
import { z } from 'zod';
import { channelsOf } from '../../jobs/delivery/channels.ts';
import { startDeliveryService } from '../../jobs/delivery/delivery-service.ts';
import { WebhookChannel } from '../../jobs/delivery/webhook/webhook-channel.ts';
import { startNoticeJobs } from '../../jobs/notice/notice-jobs.ts';
import { openDoorbell } from '../../jobs/queue/doorbell.ts';
import { openQueueBackend, type QueueAddress } from '../../jobs/queue/queue-backend.ts';
import { aggregateIdOf } from '../../schema/aggregate/aggregate.ts';
import { AddressGuard } from '../../schema/delivery/address/address-guard.ts';
import { AllowListText } from '../../schema/delivery/address/allow-list.ts';
import { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import { SecretBox, SecretsKey } from '../../schema/delivery/secret-box.ts';
import { tellEndpointDisabled } from '../../schema/notice/dispatch.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { HUB_ACTOR, NoticeStore } from '../../schema/notice/notice-store.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { createRegistry } from '../../sources/kit/registry.ts';

const Order = z.object({
  storeUri: z.string(),
  databaseName: z.string(),
  queue: z.object({ kind: z.enum(['redis', 'postgres']), url: z.string() }),
  prefix: z.string(),
  secretsKey: SecretsKey,
  signingKeysFolder: z.string(),
  callTimeoutMs: z.number(),
  deliveriesAtOnce: z.number(),
});

/** What the process is sent; the key in base64. */
export type WorkerOrder = z.input<typeof Order>;

async function work(order: z.output<typeof Order>): Promise<void> {
  const connection = await mongoose.createConnection(order.storeUri, { dbName: order.databaseName }).asPromise();
  const clock = { now: () => new Date() };
  const address: QueueAddress = order.queue;
  const doorbell = openDoorbell(address, order.prefix);
  const registry = createRegistry([]);
  const store = new NoticeStore(connection, { onPending: () => doorbell.ring('pending') });
  const signer = await openKeyRing({ connection, folder: order.signingKeysFolder });
  const service = new NoticeService({ store, numbers: new NoticeNumbers(connection), signer, registry, clock });
  const endpoints = new EndpointStore(connection);
  const webhook = new WebhookChannel({
    store: endpoints,
    secrets: new SecretBox(order.secretsKey),
    guard: new AddressGuard({ allow: AllowListText.parse('127.0.0.1') }),
    redisUrl: order.queue.kind === 'redis' ? order.queue.url : null,
    onDisabled: async (_departmentId, reason, messageId) => {
      await store.change(aggregateIdOf(messageId), HUB_ACTOR, (change) =>
        tellEndpointDisabled(change, messageId, reason),
      );
    },
    onFailure: (error) => console.error('webhook', error),
  });
  const backend = openQueueBackend(address, order.prefix);
  const delivery = await startDeliveryService({
    keepers: [noticeMessages(store)],
    channelOf: channelsOf({ departments: registry, endpoints, webhook }),
    backend,
    concurrency: order.deliveriesAtOnce,
    callTimeoutMs: order.callTimeoutMs,
    onFailure: (error) => console.error('delivery', error),
  });
  await startNoticeJobs({
    ...{ connection, notices: { service, log: noticeLog(connection) }, registry, doorbell, clock, backend, delivery },
    hearEverySeconds: 3_600,
    onFailure: (error, what) => console.error(what, error),
  });
  process.send?.('started');
}

process.once('message', (message) => void work(Order.parse(message)));
process.once('disconnect', () => process.exit(0));
