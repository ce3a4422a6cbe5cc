/**
 * Counts the serious thresholds over sliding windows. A window ends with a counted row, not today: what came together
 * within the window stays together however late it is learned. A window is shown as long as its last row lies within
 * the length of a window from today. Pure.
 */
import { addDays, addMonths, isWithin, type CalendarDate } from '../time/calendar-date.ts';
import type { CreditInputs } from './credit-inputs.ts';
import { countedRows, type CountedRow } from './threshold-rows.ts';
import { THRESHOLD_RULES, type ThresholdCriterion, type ThresholdRule } from './threshold-rules.ts';

export interface ThresholdCount extends Omit<ThresholdCriterion, 'id' | 'windowMonths' | 'area'> {
  readonly ruleId: string;
  readonly criterion: string;
  readonly basis: string;
  readonly counted: number;
  /** The first day that counts. */
  readonly windowFrom: CalendarDate;
  /** The last day of the window: that of its last row, else today. */
  readonly windowTo: CalendarDate;
  readonly reached: boolean;
  /** What was counted, oldest first. */
  readonly rows: readonly CountedRow[];
}

/** The earliest day from which a period of so many months still holds the last day (Civil Code art. 202). */
export function windowStart(lastDay: CalendarDate, months: number): CalendarDate {
  const start = addMonths(lastDay, -months);
  return addMonths(start, months) < lastDay ? addDays(start, 1) : start;
}

interface Window {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly rows: readonly CountedRow[];
  readonly counted: number;
}

function windowUpTo(rows: readonly CountedRow[], to: CalendarDate, { windowMonths, unit }: ThresholdCriterion): Window {
  const from = windowStart(to, windowMonths);
  const within = rows.filter(({ day }) => from <= day && day <= to);
  const amounts = within.map(({ amount }) => amount);
  const counted = unit === 'YUAN' ? Math.max(0, ...amounts) : amounts.reduce((sum, amount) => sum + amount, 0);
  return { from, to, rows: within, counted };
}

/** The fullest window that still matters today, of several the latest; an empty one when there is none. */
function fullestWindow(
  inputs: CreditInputs,
  today: CalendarDate,
  rule: ThresholdRule,
  criterion: ThresholdCriterion,
): Window {
  const rows = countedRows(inputs, rule, criterion).filter(({ day }) => day <= today);
  const ends = [...new Set(rows.map(({ day }) => day))].filter(
    (day) => isWithin(day, rule.validFrom, rule.validTo) && today <= addMonths(day, criterion.windowMonths),
  );
  const windows = ends.map((end) => windowUpTo(rows, end, criterion));
  const fullest = Math.max(0, ...windows.map(({ counted }) => counted));
  return windows.findLast(({ counted }) => counted === fullest) ?? windowUpTo([], today, criterion);
}

function countOf(rule: ThresholdRule, criterion: ThresholdCriterion, window: Window): ThresholdCount {
  const { id, label, labelZh, unit, threshold } = criterion;
  const { from, to, rows, counted } = window;
  return {
    ...{ ruleId: rule.id, criterion: id, basis: rule.basis, label, labelZh, unit, threshold },
    ...{ counted, windowFrom: from, windowTo: to, reached: counted >= threshold, rows },
  };
}

/** @returns one count per criterion for which anything is counted */
export function countThresholds(
  inputs: CreditInputs,
  today: CalendarDate,
  rules: readonly ThresholdRule[] = THRESHOLD_RULES,
): readonly ThresholdCount[] {
  return rules.flatMap((rule) =>
    rule.criteria
      .map((criterion) => countOf(rule, criterion, fullestWindow(inputs, today, rule, criterion)))
      .filter(({ counted }) => counted > 0),
  );
}

/** Beside what was counted on that day, every other criterion of the rules then in force, with nothing in it. */
export function withEmptyThresholds(
  counts: readonly ThresholdCount[],
  today: CalendarDate,
  rules: readonly ThresholdRule[] = THRESHOLD_RULES,
): readonly ThresholdCount[] {
  return rules.flatMap((rule) =>
    rule.criteria.flatMap((criterion) => {
      const known = counts.find((count) => count.ruleId === rule.id && count.criterion === criterion.id);
      if (known !== undefined) return [known];
      if (!isWithin(today, rule.validFrom, rule.validTo)) return [];
      return [countOf(rule, criterion, windowUpTo([], today, criterion))];
    }),
  );
}
