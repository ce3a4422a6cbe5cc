/** Whether something on record may be repaired, from when, and by which rule (domain reference 3.5). Pure. */
import { addMonths, type CalendarDate } from '../time/calendar-date.ts';
import type { ListEntryRecord } from '../records.ts';
import type { CreditInputs } from './credit-inputs.ts';
import { classOf, isPublicOn, publicityOf, standingOf, type Publicity } from './publicity.ts';
import { determinerOf, listRuleFor, penaltyRuleFor } from './publicity-rules.ts';
import { isAbout, listEntryTarget, penaltyTarget, type RepairTarget } from './repaired.ts';

export interface Eligibility {
  /** The first day on which it may be applied for. */
  readonly from: CalendarDate;
  /** Edition and title of the rule, with what else decides the day. */
  readonly edition: string;
  readonly title: string;
  /** What stands against it, whatever the day; null = nothing. */
  readonly obstacle: string | null;
  /** The department whose record it is, and who decides: "who determines repairs" (国办发〔2025〕22号). */
  readonly determinerId: string;
}

type OnRecord = Pick<CreditInputs, 'penalties' | 'listEntries' | 'repairs'>;

function ended({ until, endsBy }: Publicity, day: CalendarDate): string | null {
  if (isPublicOn({ from: day, until }, day)) return null;
  return endsBy === 'REPAIR' ? 'It has been repaired.' : `It has ended on ${until ?? day}: nothing is left to repair.`;
}

/** The day on which the last of the penalties ends that keep the entry on its list, and why; null = there are none. */
function heldBy(entry: ListEntryRecord, { penalties, repairs }: OnRecord, day: CalendarDate) {
  const { notWhilePenalised } = listRuleFor(entry.listType);
  const ends = penalties.flatMap((penalty) => {
    const { until } = publicityOf(penalty, repairs);
    const counts = penalty.decidedOn > entry.listedOn && notWhilePenalised.includes(classOf(penalty));
    return counts && until !== null && day < until
      ? [{ until, why: `${penalty.documentNumber} ${penalty.decidedOn}` }]
      : [];
  });
  return ends.toSorted((a, b) => (a.until < b.until ? -1 : 1)).at(-1) ?? null;
}

/** @returns null when nothing of the kind is on record */
export function eligibilityOf(target: RepairTarget, onRecord: OnRecord, day: CalendarDate): Eligibility | null {
  const penalty = onRecord.penalties.find((each) => isAbout(penaltyTarget(each), target));
  if (penalty !== undefined) {
    const { edition, title, classes, areas } = penaltyRuleFor(penalty);
    const text = `${penalty.reason} ${penalty.basis ?? ''}`;
    const longer = areas !== null && areas.words.some((word) => text.includes(word)) ? areas.shortestMonths : 0;
    const months = Math.max(classes[classOf(penalty)].shortestMonths, longer);
    return {
      ...{ edition, title, from: addMonths(penalty.decidedOn, months) },
      obstacle: ended(publicityOf(penalty, onRecord.repairs), day),
      determinerId: determinerOf(penalty),
    };
  }
  const entry = onRecord.listEntries.find((each) => isAbout(listEntryTarget(each), target));
  if (entry === undefined) return null;
  const { edition, title, repairable, repairFromMonths } = listRuleFor(entry.listType);
  const from = addMonths(entry.listedOn, repairFromMonths);
  const held = heldBy(entry, onRecord, day);
  return {
    ...(held !== null && from < held.until
      ? { edition, from: held.until, title: `${title}; penalised again 又受处罚: ${held.why}` }
      : { edition, from, title }),
    obstacle: repairable
      ? ended(standingOf(entry, onRecord.repairs), day)
      : 'Entries of this list are not ended by credit repair.',
    determinerId: entry.provenance.departmentId,
  };
}
