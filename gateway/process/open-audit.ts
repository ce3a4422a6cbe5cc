/** The audit trail of a process that serves callers. */
import { secretsKeyIn } from '../../jobs/embedded/secrets-key.ts';
import { AuditAnchors, ANCHOR_EVERY_MS } from '../../schema/audit/audit-anchors.ts';
import type { AuditReading } from '../../schema/audit/audit-entry-list.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { personKeys, type PersonKeys } from '../../schema/audit/subject-key.ts';
import { Lease } from '../../schema/events/lease.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { Auditor } from '../audit/auditor.ts';
import type { HubConfig } from '../config.ts';
import type { Closing } from './closing.ts';
import type { OpenedHub } from './open-hub.ts';

/** @returns null where no key is set beside MongoDB: persons and vehicles are then not on record */
export async function personKeysOf(config: HubConfig): Promise<PersonKeys | null> {
  const isEmbedded = config.mongodbUri === null;
  const key = config.auditKey ?? (isEmbedded ? await secretsKeyIn(config.dataFolder, 'audit') : null);
  return key === null ? null : personKeys(key);
}

export async function openAudit(
  { config, backing: { connection }, schema, log }: OpenedHub,
  closing: Closing,
): Promise<{ readonly auditor: Auditor; readonly reading: AuditReading }> {
  const store = new AuditStore(connection);
  await store.open();
  const keys = await personKeysOf(config);
  if (keys === null) log.warn('persons and vehicles are not put on record: HUB_AUDIT_KEY is not set');
  const trail = new AuditTrail({
    store,
    patienceMs: config.readTimeoutMs,
    onFailure: (error) =>
      log.error({ err: error }, 'the audit trail cannot be written: all but public reads are refused'),
  });
  const anchors = new AuditAnchors({
    ...{ store, trail },
    signer: await openKeyRing({ connection, folder: config.signingKeysFolder }),
    lease: new Lease(connection, 'audit-anchors', 2 * ANCHOR_EVERY_MS),
    onFailure: (error) => log.error({ err: error }, 'the audit trail could not be anchored'),
  });
  anchors.start();
  closing.add(async () => {
    await trail.close();
    await anchors.close();
  });
  return {
    auditor: new Auditor({ trail, schema, personKeys: keys }),
    reading: { store, personKeys: keys },
  };
}
