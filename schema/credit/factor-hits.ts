/** What each kind of rule finds in the facts: the rows that weigh, each with its points. Pure. */
import { qualificationsAt } from '../qualification/qualifications-at.ts';
import type { PenaltyRecord, ProvenanceRecord } from '../records.ts';
import { addMonths, calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import type { CreditInputs, CreditQualification } from './credit-inputs.ts';
import { FALSE_REPORT, isMeant } from './match-penalty.ts';
import { isInForce, overOn } from './notice-history.ts';
import { classOf, isPublicOn, publicityOf, standingOf } from './publicity.ts';
import type { FactorRule } from './risk-model.ts';

/** A row that weighs. */
export interface Hit {
  readonly points: number;
  readonly evidence: ProvenanceRecord;
}

type RuleOf<K extends FactorRule['kind']> = Extract<FactorRule, { readonly kind: K }>;

/** The time of computing, as an instant and as a day in China. */
export interface Moment {
  readonly at: Date;
  readonly day: CalendarDate;
}

export const momentOf = (at: Date): Moment => ({ at, day: calendarDateOf(at) });

/** The whole last day of the window counts: a period in months ends on the corresponding day (Civil Code art. 202). */
const isWithinMonths = (from: CalendarDate, months: number, day: CalendarDate): boolean =>
  from <= day && day <= addMonths(from, months);

/** Penalties of the window that have ended nowhere: neither repaired nor past their publicity. */
const standing = (
  { penalties, repairs }: CreditInputs,
  { day }: Moment,
  windowMonths: number,
): readonly PenaltyRecord[] =>
  penalties.filter((penalty) => {
    const { until } = publicityOf(penalty, repairs);
    return isWithinMonths(penalty.decidedOn, windowMonths, day) && isPublicOn({ from: penalty.decidedOn, until }, day);
  });

const hitOf = (points: number, { provenance }: { readonly provenance: ProvenanceRecord }): Hit => ({
  points,
  evidence: provenance,
});

/** Of each department and scheme the certificate that began last: an old one says nothing beside its successor. */
function newestOfScheme(versions: readonly CreditQualification[]): readonly CreditQualification[] {
  const newest = new Map<string, CreditQualification>();
  for (const version of versions) {
    const key = `${version.provenance.departmentId} ${version.scheme}`;
    const known = newest.get(key);
    if (known === undefined || (version.validFrom ?? '') > (known.validFrom ?? '')) newest.set(key, version);
  }
  return [...newest.values()];
}

type Finders = {
  readonly [K in FactorRule['kind']]: (rule: RuleOf<K>, inputs: CreditInputs, moment: Moment) => readonly Hit[];
};

const FINDERS: Finders = {
  STATUS: ({ points }, { description }) => [hitOf(points[description.status] ?? 0, description)],
  KINDS: ({ points }, { description }) => [
    hitOf(Math.max(0, ...description.kinds.map((kind) => points[kind] ?? 0)), description),
  ],
  PENALTIES: ({ severities, each, windowMonths }, inputs, moment) =>
    standing(inputs, moment, windowMonths)
      .filter((penalty) => severities.includes(classOf(penalty)))
      .map((penalty) => hitOf(each, penalty)),
  REPEATED: ({ each, windowMonths }, inputs, moment) =>
    standing(inputs, moment, windowMonths)
      .toSorted((a, b) => (a.decidedOn < b.decidedOn ? -1 : 1))
      .map((penalty, index) => hitOf(index === 0 ? 0 : each, penalty)),
  FALSE_REPORTS: ({ each, windowMonths }, inputs, moment) => [
    ...standing(inputs, moment, windowMonths)
      .filter((penalty) => isMeant(penalty, FALSE_REPORT))
      .map((penalty) => hitOf(each, penalty)),
    // What a decision punishes is counted with the decision.
    ...inputs.falseReports
      .filter(
        ({ documentNumber, confirmedOn }) =>
          documentNumber === null && isWithinMonths(confirmedOn, windowMonths, moment.day),
      )
      .map((report) => hitOf(each, report)),
  ],
  LIST_ENTRIES: ({ lists, standing: points, ended, endedWithinMonths }, { listEntries, repairs }, { day }) =>
    listEntries
      .filter(({ listType, listedOn }) => lists.includes(listType) && listedOn <= day)
      .map((entry) => {
        const { from, until, endsBy } = standingOf(entry, repairs);
        if (isPublicOn({ from, until }, day)) return hitOf(points, entry);
        // What has been repaired is used no more, also not as history.
        const weighs = endsBy !== 'REPAIR' && until !== null && isWithinMonths(until, endedWithinMonths, day);
        return hitOf(weighs ? ended : 0, entry);
      }),
  QUALIFICATIONS: ({ schemes, points }, { qualifications }, { at }) =>
    newestOfScheme(qualificationsAt(qualifications, at, at))
      .filter(({ scheme }) => schemes.includes(scheme))
      .map((qualification) => hitOf(points[qualification.status] ?? 0, qualification)),
  RECOGNITIONS: ({ codes, each, windowMonths }, { recognitions }, { day }) =>
    recognitions
      .filter(
        ({ codes: own, revokedOn }) =>
          own.some((code) => codes.includes(code)) && isWithinMonths(revokedOn, windowMonths, day),
      )
      .map((result) => hitOf(each, result)),
  PROFICIENCY: ({ points }, { proficiency }, { day }) =>
    proficiency
      .filter(({ evaluatedOn, closedOn }) => evaluatedOn <= day && (closedOn === null || day < closedOn))
      .map((result) => hitOf(points[result.grade] ?? 0, result)),
  NOTICES: ({ standing: points, ended, endedWithinMonths }, { notices }, { day }) =>
    notices.map((notice) => {
      if (isInForce(notice, day)) return hitOf(points[notice.severity], notice);
      const over = overOn(notice);
      const weighs = over !== null && isWithinMonths(over, endedWithinMonths, day);
      return hitOf(weighs ? ended : 0, notice);
    }),
};

/** @returns the rows that weigh something, in the order of the facts */
export function hitsOf<K extends FactorRule['kind']>(
  rule: RuleOf<K>,
  inputs: CreditInputs,
  moment: Moment,
): readonly Hit[] {
  const find: Finders[K] = FINDERS[rule.kind];
  return find(rule, inputs, moment).filter(({ points }) => points > 0);
}
