/** Notices on a real store, with a sequencer that numbers their events, and the real graph before them. */
import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import type { Connection } from 'mongoose';
import { createHttpServer } from '../../gateway/http-server.ts';
import { createLogger } from '../../gateway/logging.ts';
import type { Auditor } from '../../gateway/audit/auditor.ts';
import type { LiveSettings } from '../../gateway/transports/live-options.ts';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import type { Role } from '../../schema/access/caller.ts';
import type { AuditReading } from '../../schema/audit/audit-entry-list.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { createHubContext, type RecognitionParts } from '../../schema/context.ts';
import { localDoorbell, type Doorbell } from '../../schema/events/doorbell.ts';
import type { EventLog } from '../../schema/events/event-log.ts';
import { Lease } from '../../schema/events/lease.ts';
import { EventTail } from '../../schema/events/tail.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { DepartmentSource } from '../../schema/ports.ts';
import type { NoticeEvent } from '../../schema/notice/notice.ts';
import { fakeDepartment, servicesOf } from '../schema/support/fake-departments.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { SIGNATURE } from './cases.ts';

const LIVE: LiveSettings = { maxConnections: 200, maxSubscriptions: 20, heartbeatMs: 1_000, patienceMs: 30_000 };
const DEPARTMENTS = ['market-regulation', 'ecology', 'transport', 'public-security'] as const;

const fail = (error: unknown): never => {
  throw error;
};

export interface Gateway {
  readonly port: number;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly doorbell: Doorbell;
  /** By default any free one. */
  readonly port?: number;
  /** Events in memory. */
  readonly kept?: number;
  readonly recognitions?: RecognitionParts;
  /** By default four that know nothing. */
  readonly departments?: readonly DepartmentSource[];
  /** By default nothing is put on record. */
  readonly auditorFor?: (schema: GraphQLSchema) => Auditor;
  readonly audit?: AuditReading;
}

/** A front door over the notices of a database, with its own tail of the log. */
export async function openGateway(
  connection: Connection,
  { doorbell, port = 0, kept = 4_096, departments: own, auditorFor, audit, recognitions }: GatewayOptions,
): Promise<Gateway> {
  const log = noticeLog(connection);
  const tail = new EventTail(log, { doorbell, kept, onFailure: fail });
  const departments = servicesOf(own ?? DEPARTMENTS.map((id) => fakeDepartment(id)));
  const schema = await buildHubSchema();
  const { registry, clock } = departments;
  const store = new NoticeStore(connection);
  const signer = { sign: () => Promise.resolve(SIGNATURE) };
  const service = new NoticeService({ store, numbers: new NoticeNumbers(connection), signer, registry, clock });
  const services = {
    ...departments,
    notices: { service, log, tail },
    ...(recognitions && { recognitions }),
    ...(audit !== undefined && { audit }),
  };
  const keys = new ApiKeys(connection);
  const server = await createHttpServer({
    schema,
    contextFor: (scope, caller, grounds) => createHubContext(services, scope, caller, grounds),
    callerOf: (token) => keys.callerOf(token),
    stillHolds: async ({ credentialId }) => credentialId === null || (await keys.stillHolds(credentialId)),
    auditor: auditorFor?.(schema) ?? null,
    readiness: () => Promise.reject(new Error('nobody asks')),
    log: createLogger('silent'),
    readTimeoutMs: 2_000,
    bodyLimitBytes: 65_536,
    live: LIVE,
  });
  return {
    port: await server.listen({ host: '127.0.0.1', port }),
    close: () => server.close().then(() => tail.close()),
  };
}

export interface NoticeWorld {
  readonly server: StoreUnderTest;
  readonly store: NoticeStore;
  readonly log: EventLog<NoticeEvent>;
  readonly doorbell: Doorbell;
  readonly keys: ApiKeys;
  /** A token for a caller of these roles. */
  token(roles: readonly Role[], departmentId?: string | null, regions?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export async function openNoticeWorld(): Promise<NoticeWorld> {
  const server = await openStore();
  const { connection } = server;
  const doorbell = localDoorbell();
  const store = new NoticeStore(connection, { onPending: () => doorbell.ring('pending') });
  const log = noticeLog(connection);
  await Promise.all([store.open(), log.open()]);
  const sequencer = new Sequencer({
    outbox: noticeOutbox(store),
    log,
    lease: new Lease(connection, 'sequencer:notices', 10_000),
    doorbell,
    onNumbered: () => Promise.resolve(),
    onFailure: fail,
  });
  sequencer.start();
  const keys = new ApiKeys(connection);
  return {
    server,
    store,
    log,
    doorbell,
    keys,
    async token(roles, departmentId = null, regions = ['52']) {
      const key = { subject: roles.join('-'), departmentId, roles, regions, expiresAt: null };
      return (await keys.create(key)).token;
    },
    async close() {
      await sequencer.close();
      await server.close();
    },
  };
}
