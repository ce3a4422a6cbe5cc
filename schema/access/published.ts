/** What is published of a department's answer: all that those see of it who do not see the rest. Pure. */
import { isPublicOn, publicityOf, standingOf } from '../credit/publicity.ts';
import type { DepartmentAnswer } from '../department-answer.ts';
import type { ReadName, SourceReads } from '../ports.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

/**
 * Whether a record is public on a day, by its department's word and by its term; what ends by a repair is for
 * schema/credit/shown-to.ts. A read that is not here has nothing published.
 */
type Publicity = { readonly [K in ReadName]?: (record: SourceReads[K]['record'], today: CalendarDate) => boolean };

const PUBLICITY: Publicity = {
  /** A penalty for which no first day of publicity is named was never published. */
  penalties: (penalty, today) => penalty.publishedFrom !== null && isPublicOn(publicityOf(penalty, []), today),
  listEntries: (entry, today) => isPublicOn(standingOf(entry, []), today),
};

const ONLY_PUBLISHED = 'FORBIDDEN: only what is published is shown';

export const hasPublished = (read: ReadName): boolean => PUBLICITY[read] !== undefined;

/**
 * The same answer with what is published. It is PARTIAL whether or not anything was left out, and says nothing of
 * records that cannot be read: that there is something unpublished is not public either.
 */
export function publishedOf<K extends ReadName>(
  read: K,
  answer: DepartmentAnswer<SourceReads[K]['record']>,
  today: CalendarDate,
): DepartmentAnswer<SourceReads[K]['record']> {
  const { coverage, records } = answer;
  if (coverage.status === 'UNAVAILABLE' || coverage.status === 'UNSUPPORTED') return answer;
  const isPublished: Publicity[K] = PUBLICITY[read];
  return {
    coverage: { ...coverage, status: 'PARTIAL', reason: ONLY_PUBLISHED },
    records: records.filter((record) => isPublished?.(record, today) ?? false),
  };
}
