import { workingDaysAfter } from '../notice/time-limits.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { rulesOn, type STEPS } from './rules.ts';

/** The last moment of a step's time, by the rules of the day; null when no rule limits it. */
export function dueAfter(step: (typeof STEPS)[number], from: Date): Date | null {
  const rule = rulesOn(calendarDateOf(from))
    .of('TIME_LIMIT')
    .find((each) => each.step === step);
  return rule === undefined ? null : workingDaysAfter(from, rule.workingDays);
}
