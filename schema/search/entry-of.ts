/** What the search index says of an institution: made of everything that departments are known to hold of it. Pure. */
import { institutionNode } from '../institution/institution-node.ts';
import { isPublicOn, standingOf } from '../credit/publicity.ts';
import type { Repaired } from '../credit/repaired.ts';
import { qualificationsAt, type QualificationVersion } from '../qualification/qualifications-at.ts';
import { turnsOfQualification } from '../qualification/turns.ts';
import type { ListEntryRecord } from '../records.ts';
import type { InstitutionFacts } from '../replica/institution-facts.ts';
import { calendarDateOf, startOfDay } from '../time/calendar-date.ts';
import type { InstitutionEntry } from './institution-entry.model.ts';

/** The facts that an entry is made of. */
export interface EntryFacts extends Pick<InstitutionFacts, 'creditCode' | 'description' | 'changedAt'> {
  readonly qualifications: readonly QualificationVersion[];
  readonly listEntries: readonly Pick<ListEntryRecord, 'listType' | 'listedOn' | 'removedOn'>[];
}

/** What the credit side says of it. */
export interface Risk extends Pick<InstitutionEntry, 'riskClass' | 'riskScore'> {
  readonly repairs: readonly Repaired[];
}

export const UNRATED_RISK: Risk = { riskClass: null, riskScore: null, repairs: [] };

const turnsOfListEntry = (entry: EntryFacts['listEntries'][number], repairs: readonly Repaired[]): (Date | null)[] => {
  const { from, until } = standingOf(entry, repairs);
  return [startOfDay(from), until === null ? null : startOfDay(until)];
};

function nextTurn({ qualifications, listEntries }: EntryFacts, repairs: readonly Repaired[], now: Date): Date | null {
  const turns = [
    ...qualifications.flatMap(turnsOfQualification),
    ...listEntries.flatMap((entry) => turnsOfListEntry(entry, repairs)),
  ];
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
    listed: listEntries.some((entry) => isPublicOn(standingOf(entry, risk.repairs), today)),
    qualificationStatuses: [...new Set(qualificationsAt(qualifications, now, now).map((each) => each.status))].sort(),
    cmaNumbers: description.cmaNumbers,
    riskClass: risk.riskClass,
    riskScore: risk.riskScore,
    updatedAt: changedAt,
    changesAt: nextTurn(facts, risk.repairs, now),
  };
}
