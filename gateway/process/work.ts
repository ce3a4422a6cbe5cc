/** The process's jobs: following the departments, matching numbers, numbering, delivering and hearing of notices. */
import { startCreditJobs } from '../../jobs/credit/credit-jobs.ts';
import { channelsOf } from '../../jobs/delivery/channels.ts';
import { WebhookChannel } from '../../jobs/delivery/webhook/webhook-channel.ts';
import { startAliasService } from '../../jobs/identity/alias-service.ts';
import { startNoticeJobs } from '../../jobs/notice/notice-jobs.ts';
import { startProjectionService } from '../../jobs/projection/projection-service.ts';
import type { FeedBars } from '../../jobs/sync/feed-bars.ts';
import { watchFirstLoad, type FirstLoad } from '../../jobs/sync/first-load.ts';
import { feedsOf, startSyncService } from '../../jobs/sync/sync-service.ts';
import { tellEndpointDisabled } from '../../schema/notice/dispatch.ts';
import { noticeIdOf, type NoticeService } from '../../schema/notice/notice-service.ts';
import { HUB_ACTOR } from '../../schema/notice/notice-store.ts';
import { feedOf } from '../../schema/replica/facts.ts';
import type { Closing } from './closing.ts';
import type { OpenedHub } from './open-hub.ts';

async function workOnNotices(
  { config, services, backing, backend, doorbell, notices: opened, log }: OpenedHub,
  closing: Closing,
) {
  const { notices, registry, clock } = services;
  if (notices === null) return;
  const onDisabled = (service: NoticeService) => async (_departmentId: string, reason: string, messageId: string) => {
    await service.store.change(noticeIdOf(messageId), HUB_ACTOR, (change) =>
      tellEndpointDisabled(change, messageId, reason),
    );
  };
  const { endpoints, secrets, guard } = opened;
  const webhook = new WebhookChannel({
    ...{ store: endpoints, secrets, guard, redisUrl: config.redisUrl },
    onDisabled: onDisabled(notices.service),
    onFailure: (error) => log.error({ err: error }, 'a webhook could not be prepared or recorded'),
  });
  closing.add(() => webhook.close());
  const jobs = await startNoticeJobs({
    ...{ connection: backing.connection, notices, registry, backend, doorbell, clock },
    channelOf: channelsOf({ departments: registry, endpoints, webhook }),
    deliveriesAtOnce: config.deliveriesAtOnce,
    hearEverySeconds: config.hearSeconds,
    onFailure: (error, what) => log.error({ err: error }, `${what} of notices failed`),
  });
  closing.add(() => jobs.close());
}

async function workOnCredit(
  { services, backing, backend, doorbell, projecting, log }: OpenedHub,
  closing: Closing,
): Promise<void> {
  const { credit, notices, clock } = services;
  if (credit === null) return;
  const jobs = await startCreditJobs({
    ...{ connection: backing.connection, credit, notices: notices?.service ?? null, backend, doorbell, clock },
    onNumbered: () => projecting.soon(),
    onFailure: (error) => log.error({ err: error }, 'events or clocks of the credit side failed'),
  });
  closing.add(() => jobs.close());
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
  await workOnNotices(hub, closing);
  await workOnCredit(hub, closing);
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
