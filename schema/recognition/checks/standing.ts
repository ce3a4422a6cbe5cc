/** RJ08, RJ09 and RJ11: did anything stand against the institution, or against this item, on the day of the report? */
import type { CalendarDate } from '../../time/calendar-date.ts';
import { same } from '../../verification/report-checks.ts';
import { failed, passed, unsettled, type Check } from '../check.ts';
import {
  dayOfLook,
  recordsIn,
  silentIn,
  type Evidence,
  type SeenClue,
  type SeenListEntry,
  type SeenProficiency,
  type SeenReport,
} from '../evidence.ts';
import type { Rules } from '../rules.ts';
import { cmaNow, standingOnDay } from './qualification.ts';

const stoodOn = ({ listedOn, removedOn }: SeenListEntry, day: CalendarDate): boolean =>
  listedOn <= day && (removedOn === null || day < removedOn);

/** Something that stands now and of which the report's day knew nothing. */
function sinceThen(evidence: Evidence, day: CalendarDate, listTypes: readonly string[]): string | null {
  const { listEntries, institution } = evidence;
  const today = dayOfLook(evidence);
  const entry = recordsIn(listEntries).find((each) => listTypes.includes(each.listType) && stoodOn(each, today));
  if (entry !== undefined) return `on the list ${entry.listType} since ${entry.listedOn}`;
  const rectifying = cmaNow(evidence).find(({ status }) => status === 'RECTIFYING');
  if (rectifying !== undefined) {
    return `ordered to rectify${rectifying.since === null ? '' : ` since ${rectifying.since}`}`;
  }
  const ended = recordsIn(institution).find(({ status }) => status === 'REVOKED' || status === 'DEREGISTERED');
  return ended === undefined ? null : `registered as ${ended.status} now, the report is of ${day}`;
}

export function notListed(evidence: Evidence, day: CalendarDate, rules: Rules): Check {
  const { listEntries } = evidence;
  const [rule] = rules.of('LISTING');
  if (rule === undefined) return unsettled('RJ08', 'MISSING', 'no rule says which lists count');
  const coverage = listEntries.find((answer) => answer.coverage.status !== 'UNSUPPORTED')?.coverage ?? null;
  const entries = recordsIn(listEntries);
  const barring = entries.find((entry) => rule.barring.includes(entry.listType) && stoodOn(entry, day));
  if (barring !== undefined) {
    return failed('RJ08', 'LISTED', `on the list ${barring.listType} since ${barring.listedOn}`, coverage);
  }
  const rectifying = standingOnDay(evidence);
  if (rectifying.length > 0 && rectifying.every(({ status }) => status === 'RECTIFYING')) {
    return failed('RJ08', 'RECTIFYING', `ordered to rectify on ${day}: no reports may be issued`, coverage);
  }
  const silent = silentIn(listEntries) ?? silentIn(evidence.institution);
  if (silent !== null) return unsettled('RJ08', 'SILENT', 'a list that counts could not be read in full', silent);
  const doubtful = entries.find((entry) => rule.forReview.includes(entry.listType) && stoodOn(entry, day));
  if (doubtful !== undefined) {
    return unsettled('RJ08', 'REVIEW', `on the list ${doubtful.listType} since ${doubtful.listedOn}`, coverage);
  }
  const since = sinceThen(evidence, day, rule.barring);
  if (since !== null) return unsettled('RJ08', 'REVIEW', `not listed on ${day}, but ${since}`, coverage);
  return passed('RJ08', `on no list that counts on ${day}`, coverage);
}

function concerns({ reportNumber, concernsFrom }: SeenClue, number: string, day: CalendarDate): 'YES' | 'LATER' | 'NO' {
  if (reportNumber !== null) return reportNumber === number ? 'YES' : 'NO';
  return concernsFrom === null || concernsFrom <= day ? 'YES' : 'LATER';
}

export function noClue({ clues, question }: Evidence, day: CalendarDate): Check {
  const live = clues.filter(({ state }) => state !== 'DISMISSED');
  const own = live.filter((clue) => concerns(clue, question.number, day) === 'YES');
  const confirmed = own.find(({ state }) => state === 'CONFIRMED');
  if (confirmed !== undefined) return failed('RJ09', 'CONFIRMED_CLUE', `clue ${confirmed.id} has been confirmed`);
  const [open] = own;
  if (open !== undefined) return failed('RJ09', 'OPEN_CLUE', `clue ${open.id} is open`);
  const later = live.find((clue) => concerns(clue, question.number, day) === 'LATER');
  if (later !== undefined) {
    return unsettled('RJ09', 'REVIEW', `clue ${later.id} concerns reports from ${later.concernsFrom ?? ''} on`);
  }
  return passed('RJ09', `none among the ${clues.length} clues that the hub holds of the institution`);
}

const isOpenOn = ({ evaluatedOn, closedOn }: SeenProficiency, day: CalendarDate): boolean =>
  evaluatedOn <= day && (closedOn === null || day < closedOn);

export function proficient(evidence: Evidence, { parameters, issuedOn }: SeenReport): Check {
  const { proficiency } = evidence;
  const bad = proficiency.filter(
    ({ grade, parameter, standard }) =>
      grade === 'UNSATISFACTORY' &&
      parameters.some((own) => same(own.parameter, parameter) && (standard === null || same(own.standard, standard))),
  );
  const then = bad.find((result) => isOpenOn(result, issuedOn));
  if (then !== undefined) {
    const since = `${then.parameter} was unsatisfactory from ${then.evaluatedOn} on (${then.id})`;
    return failed('RJ11', 'PROFICIENCY_OPEN', since);
  }
  const now = bad.find((result) => isOpenOn(result, dayOfLook(evidence)));
  if (now !== undefined) {
    return unsettled('RJ11', 'REVIEW', `${now.parameter} has been unsatisfactory since ${now.evaluatedOn} (${now.id})`);
  }
  return passed('RJ11', `no unsatisfactory item among the ${proficiency.length} results that the hub holds`);
}
