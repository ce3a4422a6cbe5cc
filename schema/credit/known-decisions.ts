/** Decisions of departments that the hub knows of from elsewhere than their own publication. */
import type { Connection } from 'mongoose';
import { currentVersion, type Notice } from '../notice/notice.ts';
import { noticeModel } from '../notice/notice.model.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import { CaseStore } from './case-store.ts';
import type { FalseReportCase } from './false-reports.ts';

export interface KnownDecision {
  readonly departmentId: string;
  readonly documentNumber: string;
  /** The day of the decision, or the first day on which it was known that there is one. */
  readonly decidedBy: CalendarDate;
}

/** Of a notice about a list it is not known whether its decision is a penalty. */
const decisionOf = (notice: Notice): KnownDecision[] => {
  const { listType, decisionNumber, decidedOn } = currentVersion(notice).content;
  if (listType !== null) return [];
  return [{ departmentId: notice.determinerId, documentNumber: decisionNumber, decidedBy: decidedOn }];
};

/** Those by which notices were determined, and those that findings of false reports name; withdrawn ones are none. */
export async function knownDecisions(connection: Connection): Promise<readonly KnownDecision[]> {
  const known: KnownDecision[] = [];
  const notices = noticeModel(connection)
    .find({ state: { $nin: ['DRAFT', 'CANCELLED', 'WITHDRAWN'] } }, { deliveries: 0, pendingEvents: 0 })
    .lean<Notice>()
    .cursor();
  for await (const notice of notices) {
    if (notice.ending?.kind !== 'WITHDRAWN') known.push(...decisionOf(notice));
  }
  const findings = new CaseStore<FalseReportCase>(connection, 'FALSE_REPORT').model
    .find({ type: 'FALSE_REPORT', withdrawnAt: null } as Record<string, unknown>)
    .lean<FalseReportCase>()
    .cursor();
  for await (const { finding, openedAt } of findings) {
    const { documentNumber, provenance } = finding;
    if (documentNumber === null) continue;
    known.push({ departmentId: provenance.departmentId, documentNumber, decidedBy: calendarDateOf(openedAt) });
  }
  return known;
}
