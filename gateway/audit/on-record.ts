/** Commands of the hub's operator on record, as operations of callers are. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Connection } from 'mongoose';
import { AuditAnchors } from '../../schema/audit/audit-anchors.ts';
import type { AuditEntry } from '../../schema/audit/audit-record.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { OperationTrace } from '../../schema/audit/operation-trace.ts';
import { HubError } from '../../schema/errors.ts';
import type { KeyRing } from '../../schema/signing/key-ring.ts';

export interface CommandOnRecord {
  /** E.g. ["keys", "revoke"]; no personal data. */
  readonly words: readonly string[];
  /** Whom it is about: see subject-key.ts. */
  readonly subjects?: readonly string[];
}

/** The user of the machine: who may do what there is the machine's own affair. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

const entryOf = ({ words, subjects = [] }: CommandOnRecord): AuditEntry => ({
  kind: 'OPENED',
  operationId: randomUUID(),
  caller: {
    ...{ subject: `command-line:${userName()}`, credentialId: null, departmentId: null },
    ...{ roles: ['OPERATOR'], address: null },
  },
  purpose: null,
  caseNumber: null,
  operation: { kind: 'COMMAND', name: words.join(' '), digest: null, fields: words, subjects },
  outcome: null,
});

/**
 * Runs a command between its two records. What cannot be put on record is not done.
 * @param run may note what it touches
 * @param ring the command's own chain is anchored at once where the hub's key is at hand; else a gateway does it later
 * @throws HubError AUDIT_UNAVAILABLE, and whatever the command throws
 */
export async function onRecord<T>(
  connection: Connection,
  ring: KeyRing,
  command: CommandOnRecord,
  run: (trace: OperationTrace) => Promise<T>,
): Promise<T> {
  const store = new AuditStore(connection);
  await store.open();
  const trail = new AuditTrail({ store, onFailure: () => undefined });
  const entry = entryOf(command);
  const trace = new OperationTrace();
  const begunAt = performance.now();
  await trail.open(entry);
  const close = async (result: 'OK' | 'FAILED', codes: readonly string[]): Promise<void> => {
    const durationMs = Math.round(performance.now() - begunAt);
    const traced = trace.take();
    const subjects = [...new Set([...(command.subjects ?? []), ...traced.subjects])];
    const outcome = { ...traced, result, codes, subjects, events: 0, durationMs };
    trail.note({ ...entry, kind: 'CLOSED', outcome });
    await trail.close();
    const anchors = new AuditAnchors({ store, trail, signer: ring, lease: null, onFailure: () => undefined });
    await anchors.close();
  };
  try {
    const value = await run(trace);
    await close('OK', []);
    return value;
  } catch (error) {
    await close('FAILED', [error instanceof HubError ? error.code : 'INTERNAL']);
    throw error;
  }
}
