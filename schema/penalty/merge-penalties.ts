/** One decision is one penalty, whichever departments publish it. Pure. */
import { normaliseCaseNumber } from '../codes/case-number.ts';
import { comparableName } from '../identity/institution-name.ts';
import type { PenaltyRecord } from '../records.ts';
import { compareCalendarDates } from '../time/calendar-date.ts';

/** Natural key: document number and authority (wire formats F). */
function keyOf(penalty: PenaltyRecord): string {
  return `${normaliseCaseNumber(penalty.documentNumber)} ${comparableName(penalty.authority)}`;
}

/** @returns each decision once (the newest word on it), latest decision first, ties by id */
export function mergePenalties(records: readonly PenaltyRecord[]): readonly PenaltyRecord[] {
  const byKey = new Map<string, PenaltyRecord>();
  for (const record of records) {
    const known = byKey.get(keyOf(record));
    if (known === undefined || record.provenance.asOf > known.provenance.asOf) byKey.set(keyOf(record), record);
  }
  return [...byKey.values()].sort(
    (a, b) => compareCalendarDates(b.decidedOn, a.decidedOn) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}
