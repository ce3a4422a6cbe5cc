/** A trail on a real store, with the hub's key to anchor and seal it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { AuditAnchors } from '../../schema/audit/audit-anchors.ts';
import type { AuditEntry, AuditOutcome, AuditRecord } from '../../schema/audit/audit-record.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { exportAudit } from '../../schema/audit/export-audit.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

export const ACME = '91520115MAYDM00198';

export const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  kind: 'OPENED',
  operationId: 'op-1',
  caller: {
    subject: 'police-desk',
    credentialId: 'key-1',
    departmentId: 'public-security',
    roles: ['PUBLIC', 'ENFORCER'],
    address: null,
  },
  purpose: 'JOINT_ENFORCEMENT',
  caseNumber: '黔示例案〔2026〕7号',
  operation: { kind: 'QUERY', name: 'Look', digest: 'a'.repeat(64), fields: ['institution'], subjects: [] },
  outcome: null,
  ...over,
});

export const outcome = (over: Partial<AuditOutcome> = {}): AuditOutcome => ({
  result: 'OK',
  codes: [],
  subjects: [`institution:${ACME}`],
  moreSubjects: 0,
  records: 3,
  denied: 0,
  events: 0,
  upstreamCalls: { ecology: 1 },
  durationMs: 12,
  ...over,
});

/** Tests run on slow machines too. */
const PATIENCE_MS = 30_000;

const fail = (error: unknown): never => {
  throw error;
};

export interface AuditWorld {
  readonly server: StoreUnderTest;
  readonly store: AuditStore;
  readonly keys: KeyRing;
  /** As a process that starts. */
  newTrail(onFailure?: (error: unknown) => void): AuditTrail;
  anchorsOf(trail: AuditTrail): AuditAnchors;
  /** All records as they lie in the store, in order. */
  records(): Promise<readonly AuditRecord[]>;
  /** The whole trail as a file. */
  file(): Promise<Buffer>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openAuditWorld(): Promise<AuditWorld> {
  const server = await openStore();
  const folder = await mkdtemp(join(tmpdir(), 'hub-audit-keys-'));
  const { connection } = server;
  const store = new AuditStore(connection);
  await store.open();
  const keys = await openKeyRing({ connection, folder });
  // Quicker than SM2, where a thousand files are checked.
  await keys.create('hub', 'ED25519');
  return {
    server,
    store,
    keys,
    newTrail: (onFailure = fail) => new AuditTrail({ store, onFailure, patienceMs: PATIENCE_MS }),
    anchorsOf: (trail) => new AuditAnchors({ store, trail, signer: keys, lease: null, onFailure: fail }),
    records: () => recordsIn(connection),
    async file() {
      const parts: string[] = [];
      await exportAudit({ store, keys }, { from: null, to: null }, (text) => {
        parts.push(text);
        return Promise.resolve();
      });
      return Buffer.from(parts.join(''));
    },
    async clear() {
      for (const name of ['audit_records', 'audit_anchors', 'audit_chains']) {
        await connection.collection(name).deleteMany({});
      }
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function recordsIn(connection: Connection): Promise<readonly AuditRecord[]> {
  return await connection.collection<AuditRecord>('audit_records').find().sort({ _id: 1 }).toArray();
}
