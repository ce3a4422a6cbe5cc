/** What a profile knows of a joint-punishment notice. */
import type { Notice, NoticeState } from '../notice/notice.ts';
import { currentVersion } from '../notice/notice.ts';
import type { ProvenanceRecord, Severity } from '../records.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';

export interface MeasureOutcome {
  readonly number: string;
  readonly severity: Severity;
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
  /** The day on which it was lifted or ran out; null while it stands. */
  readonly endedOn: CalendarDate | null;
  /** The determining department's; the receipt is the notice's own chain. */
  readonly provenance: ProvenanceRecord;
}

/** Before publication nothing has been said of anybody; what was withdrawn is as if it had never been. */
const TOLD: ReadonlySet<NoticeState> = new Set([
  ...(['PUBLISHED', 'PUSHED', 'SIGNED', 'RETURNED', 'EXECUTING', 'FED_BACK', 'EFFECTIVE'] as const),
  ...(['REPAIR_PENDING', 'LIFTED', 'ARCHIVED'] as const),
]);

/** @returns null for a notice that does not count */
export function outcomeOf(notice: Notice): MeasureOutcome | null {
  const { state, ending, number, determinerId } = notice;
  if (!TOLD.has(state) || ending?.kind === 'WITHDRAWN') return null;
  const { content, issuedAt, version } = currentVersion(notice);
  return {
    number,
    severity: content.severity,
    startDate: content.startDate,
    endDate: content.endDate,
    endedOn: ending === null ? null : calendarDateOf(ending.at),
    provenance: {
      departmentId: determinerId,
      sourceRecordId: number,
      asOf: ending?.at ?? issuedAt,
      fetchedAt: ending?.at ?? issuedAt,
      receipt: notice.lastChain,
      adapterVersion: `notice ${version}`,
    },
  };
}

/** Whether its measures stand on a day. */
export const isInForce = ({ startDate, endDate, endedOn }: MeasureOutcome, day: CalendarDate): boolean =>
  startDate <= day && day <= endDate && (endedOn === null || day < endedOn);

/** The first day on which it holds no more. */
export const overOn = ({ endDate, endedOn }: MeasureOutcome): CalendarDate | null =>
  endedOn !== null && endedOn <= endDate ? endedOn : null;
