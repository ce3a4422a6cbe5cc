/** The process's jobs: following the departments, matching numbers, numbering and delivering what the hub tells them. */
import { startCreditJobs } from '../../jobs/credit/credit-jobs.ts';
import { channelsOf } from '../../jobs/delivery/channels.ts';
import { startDeliveryService } from '../../jobs/delivery/delivery-service.ts';
import { WebhookChannel } from '../../jobs/delivery/webhook/webhook-channel.ts';
import { startAliasService } from '../../jobs/identity/alias-service.ts';
import { startNoticeJobs } from '../../jobs/notice/notice-jobs.ts';
import { startRecognitionJobs } from '../../jobs/recognition/recognition-jobs.ts';
import { startProjectionService } from '../../jobs/projection/projection-service.ts';
import type { FeedBars } from '../../jobs/sync/feed-bars.ts';
import { watchFirstLoad, type FirstLoad } from '../../jobs/sync/first-load.ts';
import { feedsOf, startSyncService } from '../../jobs/sync/sync-service.ts';
import { aggregateIdOf, HUB_ACTOR } from '../../schema/aggregate/aggregate.ts';
import type { HubServices } from '../../schema/context.ts';
import { tellEndpointDisabled as tellNoticeEndpointDisabled } from '../../schema/notice/dispatch.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { tellEndpointDisabled } from '../../schema/recognition/dispatch.ts';
import { recognitionMessages } from '../../schema/recognition/recognition-store.ts';
import { tellEndpointDisabled as tellRepairEndpointDisabled } from '../../schema/credit/repair-dispatch.ts';
import { repairMessages } from '../../schema/credit/repair-messages.ts';
import { feedOf } from '../../schema/replica/facts.ts';
import type { Closing } from './closing.ts';
import type { OpenedHub } from './open-hub.ts';

/** All kinds of aggregates name their messages by their own ids. */
const tellDisabled =
  ({ notices, recognitions, credit, clock }: HubServices) =>
  async (_departmentId: string, reason: string, messageId: string): Promise<void> => {
    const id = aggregateIdOf(messageId);
    const repairs = credit?.repairs.store;
    if (repairs !== undefined && (await repairs.find(id)) !== null) {
      await repairs.update(id, (repair) => tellRepairEndpointDisabled(repair, messageId, reason, clock.now()));
      return;
    }
    const noticeStore = notices?.service.store;
    if (noticeStore !== undefined && (await noticeStore.find(id)) !== null) {
      await noticeStore.change(id, HUB_ACTOR, (change) => tellNoticeEndpointDisabled(change, messageId, reason));
    } else {
      await recognitions?.service.store.change(id, HUB_ACTOR, (change) =>
        tellEndpointDisabled(change, messageId, reason),
      );
    }
  };

/** One machine sends the messages of all kinds. */
async function startDelivery({ config, services, backend, notices: opened, log }: OpenedHub, closing: Closing) {
  const { notices, recognitions, credit, registry } = services;
  const { endpoints, secrets, guard } = opened;
  const webhook = new WebhookChannel({
    ...{ store: endpoints, secrets, guard, redisUrl: config.redisUrl },
    onDisabled: tellDisabled(services),
    onFailure: (error) => log.error({ err: error }, 'a webhook could not be prepared or recorded'),
  });
  closing.add(() => webhook.close());
  const delivery = await startDeliveryService({
    keepers: [
      ...(notices === null ? [] : [noticeMessages(notices.service.store)]),
      ...(recognitions === null ? [] : [recognitionMessages(recognitions.service.store)]),
      ...(credit === null ? [] : [repairMessages(credit.repairs.store)]),
    ],
    channelOf: channelsOf({ departments: registry, endpoints, webhook }),
    backend,
    concurrency: config.deliveriesAtOnce,
    onFailure: (error) => log.error({ err: error }, 'delivery failed'),
  });
  closing.add(() => delivery.close());
  return delivery;
}

async function workOnCases(hub: OpenedHub, closing: Closing): Promise<void> {
  const { config, services, backing, backend, doorbell, log } = hub;
  const { notices, recognitions, credit, registry, clock } = services;
  const delivery = await startDelivery(hub, closing);
  const shared = { connection: backing.connection, backend, doorbell, delivery };
  if (notices !== null) {
    const jobs = await startNoticeJobs({
      ...shared,
      ...{ notices, registry, clock },
      hearEverySeconds: config.hearSeconds,
      onFailure: (error, what) => log.error({ err: error }, `${what} of notices failed`),
    });
    closing.add(() => jobs.close());
  }
  if (recognitions !== null) {
    const jobs = await startRecognitionJobs({
      ...shared,
      ...{ services, recognitions },
      onFailure: (error, what) => log.error({ err: error }, `${what} of recognitions failed`),
    });
    closing.add(() => jobs.close());
  }
  if (credit !== null) {
    const jobs = await startCreditJobs({
      ...shared,
      ...{ credit, notices: notices?.service ?? null, clock },
      onNumbered: () => hub.projecting.soon(),
      onFailure: (error) => log.error({ err: error }, 'events or clocks of the credit side failed'),
    });
    closing.add(() => jobs.close());
  }
}

async function firstLoadOn(bars: FeedBars, { services, replica }: OpenedHub): Promise<FirstLoad> {
  const { registry, clock } = services;
  return await watchFirstLoad({
    feeds: feedsOf(registry).map(({ source, read }) => feedOf(source.department.id, read)),
    states: () => replica.states.all(),
    bars,
    clock,
  });
}

/** @returns how the first reading of the departments is shown on `bars` */
export async function work(hub: OpenedHub, bars: FeedBars, closing: Closing): Promise<FirstLoad> {
  const { config, services, replica, projecting, backend, log } = hub;
  const { registry, clock, aliases } = services;
  if (aliases !== null) {
    await startAliasService({
      ...{ desk: aliases, backend, everySeconds: config.syncSeconds },
      onRun: (outcome) => log.info(outcome, 'local numbers that wait for a person'),
      onFailure: (error) => log.warn({ err: error }, 'the list of local numbers that wait could not be refreshed'),
    });
  }
  await workOnCases(hub, closing);
  await startProjectionService(backend, projecting);
  const firstLoad = await firstLoadOn(bars, hub);
  const sync = await startSyncService({
    ...{ registry, replica, clock, backend, everySeconds: config.syncSeconds, reconcileAt: config.reconcileAt },
    project: () => projecting.run(),
    onProgress: (departmentId, read, done, total) => firstLoad.progress(departmentId, read, done, total),
    onRun: (run) => {
      log.info(run, 'a feed is in step');
      firstLoad
        .ended(run.departmentId, run.read, run.outcome)
        .catch((error: unknown) => log.warn({ err: error }, 'the first load cannot be followed'));
    },
    onFailure: (error, { departmentId, read }) =>
      log.warn({ department: departmentId, read, err: error }, 'sync failed'),
  });
  closing.add(() => {
    bars.stop();
    sync.close();
    return Promise.resolve();
  });
  return firstLoad;
}
