/** What every process of the hub opens: store, queue, departments, and what it keeps of them. */
import { openBacking, type Backing } from '../../jobs/backing.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { assemble, type Hub } from '../assemble.ts';
import type { HubConfig } from '../config.ts';
import { type Logger } from '../logging.ts';
import type { Closing } from './closing.ts';
import { openNotices, type OpenedNotices } from './open-notices.ts';
import { announceStandIns, findStandIns, startStandIns, type StandIns } from './stand-ins.ts';

/** ALL: one process does everything. A WORKER beside an embedded hub uses that hub's servers and stand-ins. */
export type ProcessRole = 'ALL' | 'GATEWAY' | 'WORKER';

export interface OpenedHub extends Hub {
  readonly config: HubConfig;
  readonly log: Logger;
  readonly backing: Backing;
  readonly backend: QueueBackend;
  readonly doorbell: Doorbell;
  readonly replica: Replica;
  readonly keys: ApiKeys;
  readonly notices: OpenedNotices;
  /** null in a worker, and when every department is the real one. */
  readonly standIns: StandIns | null;
}

export async function openHub(config: HubConfig, role: ProcessRole, log: Logger, closing: Closing): Promise<OpenedHub> {
  const isWorker = role === 'WORKER';
  const opening = openBacking({ ...config, mayShare: isWorker });
  closing.add(() =>
    opening.then(
      (backing) => backing.close(),
      () => undefined,
    ),
  );
  const standIns = isWorker ? null : await startStandIns(config, closing);
  const backing = await opening;
  void backing.died.then((reason) => closing.stop(1, `${reason.message}; the hub stops.`));
  if (standIns !== null) await announceStandIns(backing, standIns);
  const { environments, webhooks } = standIns?.report ?? findStandIns(config, backing);
  const backend = openQueueBackend(backing.queue);
  closing.add(() => backend.close());
  const doorbell = localDoorbell();
  const replica = new Replica(backing.connection);
  await replica.open();
  const aliasStore = await openAliasStore(backing.connection, (error) =>
    log.error({ err: error }, 'decisions on local numbers cannot be read'),
  );
  const clock = { now: () => new Date() };
  const notices = await openNotices({ config, backing, doorbell, clock, log, webhooks: Object.values(webhooks) });
  const hub = await assemble(
    config.departments,
    environments,
    log,
    replica,
    (parts) => notices.partsFor(parts),
    aliasStore,
  );
  closing.add(() => hub.close());
  const keys = new ApiKeys(backing.connection);
  return { ...hub, config, log, backing, backend, doorbell, replica, keys, notices, standIns };
}
