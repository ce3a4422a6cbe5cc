/** The trail as auditors page through it, newest first. */
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { checkPageSize } from '../relay/page-size.ts';
import { parseInstant } from '../time/instant.ts';
import type { AuditEntryType, AuditFilter } from './audit-entry.type.ts';
import type { AuditStore, StoredAuditRecord } from './audit-store.ts';
import { writtenRange } from './export-audit.ts';
import type { PersonKeys } from './subject-key.ts';
import { keysOf } from './subject-report.ts';

/** What of the trail can be read by the graph. */
export interface AuditReading {
  readonly store: AuditStore;
  /** null: persons and vehicles are not on record. */
  readonly personKeys: PersonKeys | null;
}

const AuditCursor = z.tuple([z.literal('audit'), z.string().max(64), z.string().max(64)]);

function nodeOf({ at, caller, operation, outcome, ...record }: StoredAuditRecord): AuditEntryType {
  const { kind, operationId, purpose, caseNumber, chain, sequence, hash } = record;
  return {
    ...{ kind, operationId, purpose, caseNumber, chain, sequence, hash },
    at: parseInstant(at),
    caller: caller.subject,
    department: caller.departmentId,
    roles: caller.roles,
    operation: operation.name,
    fields: operation.fields,
    subjects: [...new Set([...operation.subjects, ...(outcome?.subjects ?? [])])],
    result: outcome?.result ?? null,
    codes: outcome?.codes ?? [],
    records: outcome?.records ?? null,
    upstreamCalls: Object.entries(outcome?.upstreamCalls ?? {}).map(([department, count]) => ({ department, count })),
    durationMs: outcome?.durationMs ?? null,
  };
}

/** @throws HubError INPUT_INVALID for a page, a cursor or a subject that cannot be used */
export async function listAuditEntries(
  { store, personKeys }: AuditReading,
  { subject, caller, department, result, from, to }: AuditFilter,
  first: number,
  after: string | null,
): Promise<Connection<AuditEntryType>> {
  const size = checkPageSize(first);
  const [, at, id] = after === null ? [] : decodeCursor(after, AuditCursor);
  const subjects = subject == null ? null : keysOf(subject, personKeys);
  if (subjects?.length === 0) {
    throw new HubError('INPUT_INVALID', 'The subject is no number, and persons and vehicles are not on record here.');
  }
  const found = await store.newest({
    ...{ subjects, caller: caller ?? null, departmentId: department ?? null, results: result ?? null },
    range: writtenRange(from ?? null, to ?? null),
    after: at === undefined || id === undefined ? null : { at, id },
    limit: size + 1,
  });
  const edges = found
    .slice(0, size)
    .map((record) => ({ cursor: encodeCursor(['audit', record.at, record._id]), node: nodeOf(record) }));
  return connectionOf(edges, { hasNextPage: found.length > size, hasPreviousPage: after !== null, totalCount: null });
}
