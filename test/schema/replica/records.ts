/** Records as a department's adapter gives them, for tests of the replica. */
import type { PenaltyRecord, ProvenanceRecord } from '../../../schema/records.ts';
import { parseCalendarDate } from '../../../schema/time/calendar-date.ts';

export const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 2, 0, minute));

function provenance(recordId: string, asOf: Date, fetchedAt: Date): ProvenanceRecord {
  return {
    departmentId: 'transport',
    sourceRecordId: recordId,
    asOf,
    fetchedAt,
    receipt: '0'.repeat(64),
    adapterVersion: '1',
  };
}

export function penalty(recordId: string, reason: string, asOf = at(0), fetchedAt = at(1_000)): PenaltyRecord {
  return {
    id: `transport~${recordId}`,
    documentNumber: `黔示交罚〔2026〕${recordId}号`,
    authority: '示例市交通运输局',
    categories: ['罚款'],
    reason,
    basis: null,
    fineFen: 100_000,
    confiscatedFen: null,
    decidedOn: parseCalendarDate('2026-03-02'),
    severity: null,
    publishedFrom: null,
    publishedTo: null,
    provenance: provenance(recordId, asOf, fetchedAt),
  };
}
