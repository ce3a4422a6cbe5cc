/** What the search index says of an institution: made of everything that departments are known to hold of it. Pure. */
import { institutionNode } from '../institution/institution-node.ts';
import { standsOn } from '../list-entry/stands-on.ts';
import { qualificationsAt, type QualificationVersion } from '../qualification/qualifications-at.ts';
import { turnsOfQualification } from '../qualification/turns.ts';
import type { ListEntryRecord } from '../records.ts';
import type { InstitutionFacts } from '../replica/institution-facts.ts';
import { calendarDateOf, startOfDay } from '../time/calendar-date.ts';
import type { InstitutionEntry } from './institution-entry.model.ts';

/** The facts that an entry is made of. */
export interface EntryFacts extends Pick<InstitutionFacts, 'creditCode' | 'description' | 'changedAt'> {
  readonly qualifications: readonly QualificationVersion[];
  readonly listEntries: readonly Pick<ListEntryRecord, 'listedOn' | 'removedOn'>[];
}

export type Risk = Pick<InstitutionEntry, 'riskClass' | 'riskScore'>;

export const UNRATED_RISK: Risk = { riskClass: null, riskScore: null };

const turnsOfListEntry = ({ listedOn, removedOn }: EntryFacts['listEntries'][number]): (Date | null)[] => [
  startOfDay(listedOn),
  removedOn === null ? null : startOfDay(removedOn),
];

function nextTurn({ qualifications, listEntries }: EntryFacts, now: Date): Date | null {
  const turns = [...qualifications.flatMap(turnsOfQualification), ...listEntries.flatMap(turnsOfListEntry)];
  return turns.reduce<Date | null>(
    (next, turn) => (turn !== null && turn > now && (next === null || turn < next) ? turn : next),
    null,
  );
}

/** @param now decides which qualifications have run out and which list entries stand */
export function entryOf(facts: EntryFacts, now: Date, risk: Risk = UNRATED_RISK): InstitutionEntry {
  const { creditCode, description, qualifications, listEntries, changedAt } = facts;
  const today = calendarDateOf(now);
  const { name, kinds, status, regionCode } = institutionNode(creditCode, description);
  return {
    ...{ creditCode, name, kinds, status, regionCode },
    listed: listEntries.some((entry) => standsOn(entry, today)),
    qualificationStatuses: [...new Set(qualificationsAt(qualifications, now, now).map((each) => each.status))].sort(),
    cmaNumbers: description.cmaNumbers,
    ...risk,
    updatedAt: changedAt,
    changesAt: nextTurn(facts, now),
  };
}
