/** Entries of lists that stand no more, and the one that a notice rests on. Pure. */
import type { NoticeContent } from '../notice/notice.ts';
import type { ListType } from '../records.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { CreditInputs } from './credit-inputs.ts';
import { isPublicOn, standingOf, type PublicityEnd } from './publicity.ts';

export interface EndedEntry {
  readonly listType: ListType;
  readonly listedOn: CalendarDate;
  /** The first day on which it does not stand. */
  readonly endedOn: CalendarDate;
  readonly endsBy: PublicityEnd;
}

type OnRecord = Pick<CreditInputs, 'listEntries' | 'repairs'>;

/** What two departments hold of one listing is one entry: it has ended when it stands in nobody's books. */
export function endedEntries({ listEntries, repairs }: OnRecord, day: CalendarDate): readonly EndedEntry[] {
  const ended = new Map<string, EndedEntry | null>();
  for (const entry of listEntries) {
    const { listType, listedOn } = entry;
    const key = `${listType} ${listedOn}`;
    const { from, until, endsBy } = standingOf(entry, repairs);
    const known = ended.get(key);
    if (known === null || until === null || endsBy === null || day < from || isPublicOn({ from, until }, day)) {
      ended.set(key, null);
    } else if (known === undefined || known.endedOn < until) {
      ended.set(key, { listType, listedOn, endedOn: until, endsBy });
    }
  }
  return [...ended.values()].flatMap((entry) => entry ?? []);
}

/**
 * The day of listing of the entry that a notice is about: the first one on its list after the decision, so that an entry
 * after a new decision is not taken for the old one.
 * @returns null when the notice is about no list, or nothing of the kind is on record yet
 */
export function listingOf(
  { listType, decidedOn }: Pick<NoticeContent, 'listType' | 'decidedOn'>,
  { listEntries }: Pick<CreditInputs, 'listEntries'>,
): CalendarDate | null {
  const days = listEntries
    .filter((entry) => entry.listType === listType && decidedOn <= entry.listedOn)
    .map(({ listedOn }) => listedOn);
  return days.sort()[0] ?? null;
}
