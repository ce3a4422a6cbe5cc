/** Notices, the keys with which they are signed, and the endpoints to which they go. */
import type { Backing } from '../../jobs/backing.ts';
import { secretsKeyIn } from '../../jobs/embedded/secrets-key.ts';
import type { HubServices } from '../../schema/context.ts';
import { AddressGuard } from '../../schema/delivery/address/address-guard.ts';
import { AllowListText } from '../../schema/delivery/address/allow-list.ts';
import { EndpointService } from '../../schema/delivery/endpoint-service.ts';
import { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import { SecretBox } from '../../schema/delivery/secret-box.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { EventTail } from '../../schema/events/tail.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { Clock } from '../../schema/ports.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { HUB_OWNER } from '../../schema/signing/public-key.ts';
import type { HubConfig } from '../config.ts';
import type { Logger } from '../logging.ts';

export interface NoticesOptions {
  readonly config: HubConfig;
  readonly backing: Backing;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where stand-ins of departments take webhooks: on this machine, which no other address may be. */
  readonly webhooks: readonly { readonly url: string }[];
  /** Told when a department can be reached again. */
  readonly onCallable: (departmentId: string) => void;
}

export interface OpenedNotices {
  readonly endpoints: EndpointStore;
  /** null while no key is set: endpoints can then not be registered. */
  readonly secrets: SecretBox | null;
  readonly guard: AddressGuard;
  partsFor(parts: Pick<HubServices, 'registry' | 'clock'>): Pick<HubServices, 'notices' | 'endpoints'>;
  /** Before the store is closed. */
  readonly close: () => Promise<void>;
}

const placeOf = ({ url }: { readonly url: string }): string => new URL(url).host;

export async function openNotices({
  config,
  backing: { connection },
  doorbell,
  clock,
  log: logger,
  webhooks,
  onCallable,
}: NoticesOptions): Promise<OpenedNotices> {
  const isEmbedded = config.mongodbUri === null;
  const key = config.secretsKey ?? (isEmbedded ? await secretsKeyIn(config.dataFolder, 'secrets') : null);
  const secrets = key === null ? null : new SecretBox(key);
  const standIns = webhooks.length === 0 ? [] : AllowListText.parse(webhooks.map(placeOf).join(','));
  const guard = new AddressGuard({ allow: [...config.callbackAllow, ...standIns] });
  const endpoints = new EndpointStore(connection);
  const store = new NoticeStore(connection, { now: () => clock.now(), onPending: () => doorbell.ring('pending') });
  const log = noticeLog(connection);
  const tail = new EventTail(log, {
    doorbell,
    onFailure: (error) => logger.error({ err: error }, 'the log of notices could not be read'),
  });
  const signer = await openKeyRing({ connection, folder: config.signingKeysFolder });
  await Promise.all([store.open(), log.open(), endpoints.open()]);
  if (isEmbedded) {
    await signer.ensureKeys([...config.departments.map(({ definition }) => definition.department.id), HUB_OWNER]);
  }
  return {
    endpoints,
    secrets,
    guard,
    partsFor: ({ registry }) => ({
      notices: {
        service: new NoticeService({ store, numbers: new NoticeNumbers(connection), signer, registry, clock }),
        log,
        tail,
      },
      endpoints: new EndpointService({ store: endpoints, secrets, guard, departments: registry, clock, onCallable }),
    }),
    close: () => tail.close(),
  };
}
