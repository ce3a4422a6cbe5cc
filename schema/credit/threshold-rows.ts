/** The rows that a serious threshold counts, each with what it counts for. Pure. */
import type { PenaltyRecord, ProvenanceRecord } from '../records.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { CreditInputs } from './credit-inputs.ts';
import type { ConfirmedFalseReport } from './false-report.ts';
import { isInArea, isMeant } from './match-penalty.ts';
import type { ThresholdCriterion, ThresholdRule, ThresholdUnit } from './threshold-rules.ts';

export interface CountedRow {
  readonly day: CalendarDate;
  readonly amount: number;
  /** Number of the decision or of the report. */
  readonly number: string;
  readonly evidence: ProvenanceRecord;
}

const FEN_PER_YUAN = 100;
const VEHICLES = /(\d+)\s*(?:辆|台)/gu;
const REPORTS = /报告\s*(\d+)\s*份|(\d+)\s*份[^,，。;；]*报告/gu;
/** A report's own number, as decisions cite it. */
const REPORT_NUMBER = /报告(?:编号)?[::]?\s*([0-9A-Z][0-9A-Z-]{7,})/gu;

const textOf = ({ reason, facts }: PenaltyRecord): string => `${reason} ${facts ?? ''}`;

/** The largest number that the decision gives; a decision about false reports is about one at least. */
function namedIn(text: string, pattern: RegExp): number {
  const numbers = [...text.matchAll(pattern)].map(([, first, second]) => Number(first ?? second));
  return Math.max(1, ...numbers);
}

const AMOUNT_OF: Readonly<Record<ThresholdUnit, (penalty: PenaltyRecord) => number>> = {
  PENALTIES: () => 1,
  VEHICLES: (penalty) => namedIn(textOf(penalty), VEHICLES),
  REPORTS: (penalty) =>
    Math.max(
      namedIn(textOf(penalty), REPORTS),
      new Set([...textOf(penalty).matchAll(REPORT_NUMBER)].map(([, number]) => number)).size,
    ),
  // What was confiscated is what was gained, as far as the record says.
  YUAN: ({ confiscatedFen }) => Math.floor((confiscatedFen ?? 0) / FEN_PER_YUAN),
};

const isAbout = (text: string, inputs: CreditInputs, { area }: ThresholdCriterion): boolean =>
  area === undefined || isInArea(text, inputs.description.kinds, area);

/** Confirmed reports count where reports and vehicles do, unless a decision has them. */
function confirmedRows(
  inputs: CreditInputs,
  criterion: ThresholdCriterion,
  rule: ThresholdRule,
): readonly CountedRow[] {
  const { unit } = criterion;
  if (unit !== 'VEHICLES' && unit !== 'REPORTS') return [];
  const seen = new Set<string>();
  const isNew = ({ vehicle, reportNumber }: ConfirmedFalseReport): boolean => {
    const key = unit === 'VEHICLES' ? vehicle : reportNumber;
    if (key === null || seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  return inputs.falseReports
    .filter(({ provenance, documentNumber }) => documentNumber === null && provenance.departmentId === rule.determiner)
    .toSorted((a, b) => (a.confirmedOn < b.confirmedOn ? -1 : a.confirmedOn > b.confirmedOn ? 1 : 0))
    .filter((report) => isAbout(report.subject, inputs, criterion) && isNew(report))
    .map(({ confirmedOn, reportNumber, provenance }) => ({
      ...{ day: confirmedOn, amount: 1, number: reportNumber, evidence: provenance },
    }));
}

/** @returns oldest first */
export function countedRows(
  inputs: CreditInputs,
  rule: ThresholdRule,
  criterion: ThresholdCriterion,
): readonly CountedRow[] {
  const penalties = inputs.penalties
    .filter((penalty) => isMeant(penalty, rule.match) && isAbout(textOf(penalty), inputs, criterion))
    .map((penalty): CountedRow => ({
      day: penalty.decidedOn,
      amount: AMOUNT_OF[criterion.unit](penalty),
      number: penalty.documentNumber,
      evidence: penalty.provenance,
    }));
  return [...penalties, ...confirmedRows(inputs, criterion, rule)]
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.number < b.number ? -1 : 1));
}
