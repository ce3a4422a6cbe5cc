/** The service repeats rows and promises no order outside of lists; answers have neither fault. */
import type { MalformedRecord } from '../../schema/ports.ts';
import type {
  CertificateRecord,
  ListEntryRecord,
  PenaltyRecord,
  QualificationRecord,
  ReportRecord,
} from '../../schema/records.ts';
import type { Draft, DraftSet } from '../kit/adapter.ts';
import { withoutDuplicates } from '../kit/read-rows.ts';

type Comparison<D> = (left: D, right: D) => number;
type SortKey = string | number;

/** Sorts by the first key that differs; every kind of record ends with its record id, so no two are equal. */
function by<D>(keysOf: (draft: D) => readonly SortKey[]): Comparison<D> {
  return (left, right) => {
    const keys = keysOf(right);
    for (const [index, key] of keysOf(left).entries()) {
      const other = keys[index] ?? key;
      if (key !== other) return key < other ? -1 : 1;
    }
    return 0;
  };
}

function reversed<D>(comparison: Comparison<D>): Comparison<D> {
  return (left, right) => comparison(right, left);
}

const time = (date: Date | null): number => date?.getTime() ?? 0;

/** By scheme and number, then from the oldest version to the newest. */
export const oldestVersionFirst = by<Draft<QualificationRecord>>((each) => [
  each.scheme,
  time(each.effectiveFrom),
  time(each.recordedAt),
  each.number,
  each.sourceRecordId,
]);

export const newestPenaltyFirst = reversed(
  by<Draft<PenaltyRecord>>((each) => [each.decidedOn, each.documentNumber, each.sourceRecordId]),
);

export const newestEntryFirst = reversed(
  by<Draft<ListEntryRecord>>((each) => [each.listedOn, each.listType, each.sourceRecordId]),
);

/** The service's own order for reports, by which it also counts their limit. */
export const newestReportFirst = reversed(
  by<Draft<ReportRecord>>((each) => [each.issuedOn, each.number, each.version, each.sourceRecordId]),
);

export const byRecordId = by<Draft<CertificateRecord>>((each) => [each.sourceRecordId]);

/** Each fault once. Faults of rows that carry no id may be of different rows, so they all stay. */
export function withoutRepetition(malformed: readonly MalformedRecord[]): MalformedRecord[] {
  const seen = new Set<string>();
  return malformed.filter(({ recordId, field, problem }) => {
    if (recordId === null) return true;
    const identity = JSON.stringify([recordId, field, problem]);
    return !seen.has(identity) && seen.add(identity);
  });
}

/** Each record once, in order. A malformed row that came twice is reported once. */
export function tidied<D extends { readonly sourceRecordId: string }>(
  set: DraftSet<D>,
  order?: Comparison<D>,
): DraftSet<D> {
  const { drafts, malformed } = withoutDuplicates(set, (draft) => draft.sourceRecordId);
  return {
    drafts: order === undefined ? drafts : [...drafts].sort(order),
    malformed: withoutRepetition(malformed),
  };
}
