import type { HubContext } from '../context.ts';
import type { Connection } from '../relay/connection.ts';
import { dayToContinueFrom, newestFirstPage, newestFirstQuery } from '../relay/newest-first.ts';
import type { ReportRecord } from '../records.ts';
import { reportOf, type Report } from '../report/report.type.ts';
import { compareCalendarDates, type CalendarDate } from '../time/calendar-date.ts';
import type { ReportFilter } from './institution.input.ts';
import type { InstitutionNode } from './institution-node.ts';

function earlier(a: CalendarDate | null, b: CalendarDate | null): CalendarDate | null {
  if (a === null || b === null) return a ?? b;
  return compareCalendarDates(a, b) < 0 ? a : b;
}

/** A register keeps one row per version of a report; different registers keep their own rows. */
function idOf(report: ReportRecord): string {
  return `${report.provenance.departmentId} ${report.provenance.sourceRecordId} ${report.version}`;
}

export async function reportsOf(
  institution: InstitutionNode,
  filter: ReportFilter,
  first: number,
  after: string | null,
  { loaders }: HubContext,
): Promise<Connection<Report>> {
  const query = newestFirstQuery(first, after);
  const answers = await loaders.facet('reports', institution.creditCode, {
    from: filter.from ?? null,
    to: earlier(filter.to ?? null, dayToContinueFrom(query)),
    number: filter.number ?? null,
    limit: query.limit,
  });
  const page = newestFirstPage(
    query,
    answers.flatMap((answer) => answer.records),
    (record) => [record.issuedOn, idOf(record)],
    null,
  );
  return {
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: reportOf(node, institution, node.provenance) })),
  };
}
