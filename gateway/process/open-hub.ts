/** What every process of the hub opens: store, queue, departments, and what it keeps of them. */
import { openBacking, type Backing } from '../../jobs/backing.ts';
import { openProjection } from '../../jobs/projection/open-projection.ts';
import { ProjectionRunner } from '../../jobs/projection/projection-runner.ts';
import { openDoorbell } from '../../jobs/queue/doorbell.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { assemble, type Hub } from '../assemble.ts';
import type { HubConfig } from '../config.ts';
import { type Logger } from '../logging.ts';
import type { Closing } from './closing.ts';
import { openNotices, type OpenedNotices } from './open-notices.ts';
import { openRecognitions } from './open-recognitions.ts';
import { announceStandIns, awaitStandIns, findStandIns, startStandIns, type StandIns } from './stand-ins.ts';

/**
 * ALL: one process does everything. Of a GATEWAY and a WORKER on one data folder the first one owns it, the other uses its
 * servers; a WORKER without departments of its own waits for the gateway that has stand-ins of them.
 */
export type ProcessRole = 'ALL' | 'GATEWAY' | 'WORKER';

export interface OpenedHub extends Hub {
  readonly config: HubConfig;
  readonly log: Logger;
  readonly backing: Backing;
  readonly backend: QueueBackend;
  readonly doorbell: Doorbell;
  readonly replica: Replica;
  readonly projecting: ProjectionRunner;
  readonly keys: ApiKeys;
  readonly notices: OpenedNotices;
  /** null in a worker, and when every department is the real one. */
  readonly standIns: StandIns | null;
}

export async function openHub(config: HubConfig, role: ProcessRole, log: Logger, closing: Closing): Promise<OpenedHub> {
  const isWorker = role === 'WORKER';
  if (isWorker) await awaitStandIns(config);
  const opening = openBacking({ ...config, mayShare: role !== 'ALL' });
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
  const doorbell = openDoorbell(backing.queue);
  closing.add(() => doorbell.close());
  const replica = new Replica(backing.connection);
  await replica.open();
  const aliasStore = await openAliasStore(backing.connection, (error) =>
    log.error({ err: error }, 'decisions on local numbers cannot be read'),
  );
  const clock = { now: () => new Date() };
  const notices = await openNotices({
    ...{ config, backing, doorbell, clock, log, webhooks: Object.values(webhooks) },
    // The queue may be away; the answer to whoever enables an endpoint does not wait for it.
    onCallable: (departmentId) =>
      void backend
        .queue('message-hurry')
        .add({ v: 1, departmentId })
        .catch((error: unknown) => log.error({ err: error }, 'what waits for a department could not be hurried')),
  });
  closing.add(() => notices.close());
  const recognitions = await openRecognitions({
    ...{ connection: backing.connection, doorbell, clock, log },
    onNews: () => projecting.soon(),
  });
  closing.add(() => recognitions.close());
  const projection = await openProjection({
    ...{ connection: backing.connection, replica, clock, decisions: aliasStore.decisions },
    departments: config.departments.map(({ definition }) => definition.department),
  });
  const projecting = new ProjectionRunner(projection.projector, (error) =>
    log.error({ err: error }, 'what rests on the replica could not be computed'),
  );
  const hub = await assemble(config.departments, environments, log, {
    ...{ replica, projection, aliasStore, onLearned: () => projecting.soon() },
    noticesOf: (parts) => ({ ...notices.partsFor(parts), recognitions: recognitions.partsFor(parts) }),
  });
  closing.add(() => hub.close());
  closing.add(() => projecting.close());
  const keys = new ApiKeys(backing.connection);
  return { ...hub, config, log, backing, backend, doorbell, replica, projecting, keys, notices, standIns };
}
