/** `hub credit publication`: which penalties departments have published in time, late, or not at all. */
import { knownDecisions } from '../../schema/credit/known-decisions.ts';
import { publicationReport, type PublicationSummary } from '../../schema/credit/publication-report.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import type { CreditCommandParts, CreditOptions } from './credit-parts.ts';
import { UsageError } from './usage-error.ts';
import { toCsv, writeReports } from './write-reports.ts';

const HEADING = ['department', 'read_until', 'on_time', 'late', 'missing', 'unknown', 'share_on_time'];
const PLACES = 4;

function cellsOf({ departmentId, counts, share, readAt }: PublicationSummary): (string | number)[] {
  if (readAt === null) return [departmentId, 'never read in full', '', '', '', '', ''];
  const { ON_TIME, LATE, MISSING, UNKNOWN } = counts;
  return [departmentId, formatInstant(readAt), ON_TIME, LATE, MISSING, UNKNOWN, share?.toFixed(PLACES) ?? ''];
}

/** @throws UsageError when no folder is named */
export async function publication(
  { connection, replica, departments, now, print }: CreditCommandParts,
  { out }: CreditOptions,
): Promise<number> {
  if (out === undefined) throw new UsageError('Say where the report goes: --out <folder>.');
  const { models, states } = replica;
  const [known, feeds] = await Promise.all([knownDecisions(connection), states.all()]);
  const report = await publicationReport({ models, states: feeds, departments, known }, calendarDateOf(now));
  const table = [HEADING, ...report.departments.map(cellsOf)];
  for (const line of alignColumns(table.map((row) => row.map(String)))) print(line);
  const rows = report.rows.map(({ departmentId, documentNumber, decidedOn, dueOn, publishedOn, state }) => [
    ...[departmentId, documentNumber, decidedOn, dueOn, publishedOn, state],
  ]);
  await writeReports(
    out,
    {
      'publication.csv': toCsv(table),
      'publication-late.csv': toCsv([
        ['department', 'decision', 'decided_on', 'due_on', 'published_on', 'state'],
        ...rows,
      ]),
    },
    print,
  );
  return 0;
}
