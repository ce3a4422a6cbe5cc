/** What the search index says of an institution: made of everything that departments are known to hold of it. Pure. */
import type { CreditCode } from '../codes/credit-code.ts';
import { institutionNode } from '../institution/institution-node.ts';
import { standsOn } from '../list-entry/stands-on.ts';
import { qualificationsAt, type QualificationVersion } from '../qualification/qualifications-at.ts';
import { turnsOfQualification } from '../qualification/turns.ts';
import type { InstitutionRecord, ListEntryRecord } from '../records.ts';
import { calendarDateOf, startOfDay } from '../time/calendar-date.ts';
import type { InstitutionEntry } from './institution-entry.model.ts';

export interface InstitutionFacts {
  readonly creditCode: CreditCode;
  /** The description that is shown. */
  readonly description: InstitutionRecord;
  /** Of all departments, as are the list entries. */
  readonly qualifications: readonly QualificationVersion[];
  readonly listEntries: readonly Pick<ListEntryRecord, 'listedOn' | 'removedOn'>[];
  /** Of the latest change of any record, those that are gone included. */
  readonly changedAt: Date;
}

const turnsOfListEntry = ({ listedOn, removedOn }: InstitutionFacts['listEntries'][number]): (Date | null)[] => [
  startOfDay(listedOn),
  removedOn === null ? null : startOfDay(removedOn),
];

function nextTurn({ qualifications, listEntries }: InstitutionFacts, now: Date): Date | null {
  const turns = [...qualifications.flatMap(turnsOfQualification), ...listEntries.flatMap(turnsOfListEntry)];
  return turns.reduce<Date | null>(
    (next, turn) => (turn !== null && turn > now && (next === null || turn < next) ? turn : next),
    null,
  );
}

/** @param now decides which qualifications have run out and which list entries stand */
export function entryOf(facts: InstitutionFacts, now: Date): InstitutionEntry {
  const { creditCode, description, qualifications, listEntries, changedAt } = facts;
  const today = calendarDateOf(now);
  const { name, kinds, status, regionCode } = institutionNode(creditCode, description);
  return {
    ...{ creditCode, name, kinds, status, regionCode },
    listed: listEntries.some((entry) => standsOn(entry, today)),
    qualificationStatuses: [...new Set(qualificationsAt(qualifications, now, now).map((each) => each.status))].sort(),
    cmaNumbers: description.cmaNumbers,
    riskClass: null,
    riskScore: null,
    updatedAt: changedAt,
    changesAt: nextTurn(facts, now),
  };
}
