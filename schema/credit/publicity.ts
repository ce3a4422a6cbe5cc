/** What is public from when to when, and what ends it: the department's own word, the longest time, or a repair. Pure. */
import type { ListEntryRecord, PenaltyRecord } from '../records.ts';
import { addDays, addMonths, type CalendarDate } from '../time/calendar-date.ts';
import { listRuleFor, penaltyRuleFor } from './publicity-rules.ts';
import { listEntryTarget, penaltyTarget, repairedOn, type Repaired } from './repaired.ts';
import { severityOf } from './severity.ts';

/** SOURCE: by the department's own word. TERM: the longest time is over. REPAIR: the repair was approved. */
export type PublicityEnd = 'SOURCE' | 'TERM' | 'REPAIR';

export interface Publicity {
  readonly from: CalendarDate;
  /** The first day on which it is not public any more; null = open. */
  readonly until: CalendarDate | null;
  readonly endsBy: PublicityEnd | null;
  /** Edition of the rule. */
  readonly edition: string;
}

/** The earliest end, the first named among equals. */
function earliest(
  ends: readonly (readonly [PublicityEnd, CalendarDate | null])[],
): Pick<Publicity, 'until' | 'endsBy'> {
  let end: Pick<Publicity, 'until' | 'endsBy'> = { until: null, endsBy: null };
  for (const [endsBy, until] of ends) {
    if (until !== null && (end.until === null || until < end.until)) end = { until, endsBy };
  }
  return end;
}

/** The class of a penalty: the department's own, else by category and amount under the rule of its day. */
export const classOf = (penalty: PenaltyRecord): NonNullable<PenaltyRecord['severity']> =>
  penalty.severity ?? severityOf(penalty);

/** Months count from the day on which the document determined the fact; the corresponding day is the last one. */
export function publicityOf(penalty: PenaltyRecord, repairs: readonly Repaired[]): Publicity {
  const { decidedOn, publishedFrom, publishedTo } = penalty;
  const { edition, classes } = penaltyRuleFor(penalty);
  const { longestMonths } = classes[classOf(penalty)];
  return {
    from: publishedFrom ?? decidedOn,
    edition,
    ...earliest([
      ['REPAIR', repairedOn(penaltyTarget(penalty), repairs)],
      ['SOURCE', publishedTo === null ? null : addDays(publishedTo, 1)],
      ['TERM', addDays(addMonths(decidedOn, longestMonths), 1)],
    ]),
  };
}

/** An entry stands until the day on which it is removed or repaired, or its term is over; on that day no longer. */
export function standingOf(
  entry: Pick<ListEntryRecord, 'listType' | 'listedOn' | 'removedOn'>,
  repairs: readonly Repaired[],
): Publicity {
  const { edition, termMonths } = listRuleFor(entry.listType);
  return {
    from: entry.listedOn,
    edition,
    ...earliest([
      ['REPAIR', repairedOn(listEntryTarget(entry), repairs)],
      ['SOURCE', entry.removedOn],
      ['TERM', termMonths === null ? null : addMonths(entry.listedOn, termMonths)],
    ]),
  };
}

export const isPublicOn = ({ from, until }: Pick<Publicity, 'from' | 'until'>, day: CalendarDate): boolean =>
  from <= day && (until === null || day < until);
