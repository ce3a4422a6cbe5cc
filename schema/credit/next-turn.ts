/** When a profile becomes another one though nothing has been said: a window ends, a certificate runs out. Pure. */
import { turnsOfQualification } from '../qualification/turns.ts';
import {
  addDays,
  addMonths,
  calendarDateOf,
  parseCalendarDate,
  startOfDay,
  type CalendarDate,
} from '../time/calendar-date.ts';
import type { CreditInputs } from './credit-inputs.ts';
import { publicityOf, standingOf } from './publicity.ts';
import { MODELS, type RiskModel } from './risk-model.ts';
import { THRESHOLD_RULES } from './threshold-rules.ts';

/** The day after a period of so many months from each of these days. */
const afterMonths = (day: CalendarDate, months: readonly number[]): readonly CalendarDate[] =>
  months.map((each) => addDays(addMonths(day, each), 1));

/** The lengths of all windows of the model, each once. */
function windowsOf({ factors }: RiskModel): readonly number[] {
  const months = factors.flatMap(({ rule }) => {
    switch (rule.kind) {
      case 'PENALTIES':
      case 'REPEATED':
      case 'FALSE_REPORTS':
      case 'RECOGNITIONS':
        return [rule.windowMonths];
      case 'LIST_ENTRIES':
      case 'NOTICES':
        return [rule.endedWithinMonths];
      default:
        return [];
    }
  });
  return [...new Set(months)];
}

const THRESHOLD_WINDOWS = [
  ...new Set(THRESHOLD_RULES.flatMap(({ criteria }) => criteria.map(({ windowMonths }) => windowMonths))),
];

/** Profiles are made anew with the first day of each month, whatever happens (国市监信发〔2022〕6号: monthly). */
export const firstOfNextMonth = (day: CalendarDate): CalendarDate =>
  addMonths(parseCalendarDate(`${day.slice(0, 7)}-01`), 1);

/** @returns the first instant after `at` at which the profile may be another one; at the latest the next month begins */
export function nextTurn(inputs: CreditInputs, at: Date, model: RiskModel): Date {
  const windows = windowsOf(model);
  const { penalties, listEntries, repairs, notices, falseReports, qualifications, recognitions, proficiency } = inputs;
  const days = [
    ...penalties.flatMap((penalty) => [
      penalty.decidedOn,
      publicityOf(penalty, repairs).until,
      ...afterMonths(penalty.decidedOn, [...windows, ...THRESHOLD_WINDOWS]),
    ]),
    ...listEntries.flatMap((entry) => {
      const { from, until } = standingOf(entry, repairs);
      return [from, until, ...(until === null ? [] : afterMonths(until, windows))];
    }),
    ...notices.flatMap(({ startDate, endDate, endedOn }) => [
      startDate,
      addDays(endDate, 1),
      ...(endedOn === null ? [] : afterMonths(endedOn, windows)),
    ]),
    ...recognitions.flatMap(({ revokedOn }) => afterMonths(revokedOn, windows)),
    ...proficiency.flatMap(({ evaluatedOn, closedOn }) => [evaluatedOn, closedOn]),
    ...falseReports.flatMap(({ confirmedOn }) => [
      confirmedOn,
      ...afterMonths(confirmedOn, [...windows, ...THRESHOLD_WINDOWS]),
    ]),
    ...repairs.map(({ approvedOn }) => approvedOn),
    ...MODELS.map(({ validFrom }) => validFrom),
  ];
  const turns = [
    ...days.flatMap((day) => (day === null ? [] : [startOfDay(day)])),
    ...qualifications.flatMap(turnsOfQualification),
  ];
  const monthly = startOfDay(firstOfNextMonth(calendarDateOf(at)));
  return turns.reduce<Date>((next, turn) => (turn !== null && turn > at && turn < next ? turn : next), monthly);
}
