/** A serious threshold that was reached: what was counted, the draft that is prepared, and what a person made of it. Pure. */
import { addMonths, type CalendarDate } from '../time/calendar-date.ts';
import type { IssueRequest } from '../notice/issue.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { NEW_CASE, withEvent, type CreditCase } from './credit-case.ts';
import type { ThresholdCount } from './count-thresholds.ts';
import type { CreditProfile } from './credit-profile.ts';
import type { CountedRow } from './threshold-rows.ts';
import { THRESHOLD_RULES, type ThresholdRule } from './threshold-rules.ts';

export const THRESHOLD_STATES = ['OPEN', 'PROCEEDED', 'DISMISSED'] as const;
export type ThresholdState = (typeof THRESHOLD_STATES)[number];

export interface ThresholdCase extends CreditCase {
  readonly type: 'THRESHOLD';
  readonly name: string;
  readonly state: ThresholdState;
  /** As it was when it was reached last. */
  readonly count: ThresholdCount;
  /** Prepared for the determining department; null where a notice is not what follows. Never issued by the hub. */
  readonly draft: Omit<IssueRequest, 'stage'> | null;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  /** The notice that was drafted of it. */
  readonly noticeId: string | null;
}

const ACTOR = 'hub';
const SERIOUS_MONTHS = 36;
const KEY_DIGITS = 32;

export const thresholdCaseId = (creditCode: string, { ruleId, criterion }: ThresholdCount): string =>
  `threshold.${creditCode}.${ruleId}.${criterion}`;

const numbersOf = (rows: readonly CountedRow[]): string[] => rows.map(({ number }) => number).sort();

const ruleOf = ({ ruleId }: ThresholdCount): ThresholdRule | undefined =>
  THRESHOLD_RULES.findLast(({ id }) => id === ruleId);

/** What the determining department may start from; everything in it is for a person to check and change. */
function draftOf(
  { creditCode }: Pick<CreditProfile, 'creditCode'>,
  count: ThresholdCount,
  today: CalendarDate,
): ThresholdCase['draft'] {
  const draft = ruleOf(count)?.draft;
  const last = count.rows.at(-1);
  if (draft === undefined || last === undefined) return null;
  const { listType, measures, recipients } = draft;
  const rows = count.rows.map(({ day, number, amount }) => `${day} ${number} (${amount})`).join('; ');
  return {
    idempotencyKey: `threshold-${sm3Hex(`${thresholdCaseId(creditCode, count)} ${numbersOf(count.rows).join()}`).slice(0, KEY_DIGITS)}`,
    subjectCode: creditCode,
    decisionNumber: last.number,
    decidedOn: last.day,
    listType,
    severity: 'SERIOUS',
    factsSummary: `${count.labelZh}: ${count.counted}/${count.threshold}, ${count.windowFrom} - ${count.windowTo}. ${rows}`,
    measures: measures.map((measureId) => ({ measureId, basis: count.basis })),
    startDate: today,
    endDate: addMonths(today, SERIOUS_MONTHS),
    recipients: recipients.map((departmentId) => ({ departmentId, mandatory: true })),
  };
}

/** Whose matter it is: the department that would determine it, else those whose rows were counted. */
function concernedBy(count: ThresholdCount): readonly string[] {
  const determiner = ruleOf(count)?.determiner ?? null;
  return determiner === null ? [...new Set(count.rows.map(({ evidence }) => evidence.departmentId))] : [determiner];
}

const detailOf = ({ ruleId, criterion, counted, threshold, rows }: ThresholdCount): string =>
  `${ruleId} ${criterion} ${counted}/${threshold}: ${numbersOf(rows).join(', ')}`;

/** What is known of the threshold now; the event tells of the counted rows. */
function reached(
  known: ThresholdCase,
  count: ThresholdCount,
  profile: Pick<CreditProfile, 'creditCode' | 'name'>,
  now: Date,
  today: CalendarDate,
): ThresholdCase {
  const raised: ThresholdCase = {
    ...known,
    ...{ name: profile.name, state: 'OPEN', count, draft: draftOf(profile, count, today) },
    ...{ departmentIds: concernedBy(count), decidedAt: null, decidedBy: null, reason: null, noticeId: null },
  };
  return withEvent(raised, { kind: 'SERIOUS_THRESHOLD_REACHED', at: now, actor: ACTOR, detail: detailOf(count) });
}

/** @param today in China, of `now` */
export function openThreshold(
  profile: Pick<CreditProfile, 'creditCode' | 'name' | 'regionCode'>,
  count: ThresholdCount,
  now: Date,
  today: CalendarDate,
): ThresholdCase {
  const { creditCode, regionCode, name } = profile;
  const empty: ThresholdCase = {
    ...NEW_CASE,
    ...{ _id: thresholdCaseId(creditCode, count), type: 'THRESHOLD', creditCode, regionCode, name, count },
    ...{ openedAt: now, departmentIds: [], nextClockAt: null, state: 'OPEN', draft: null },
    ...{ decidedAt: null, decidedBy: null, reason: null, noticeId: null },
  };
  return reached(empty, count, profile, now, today);
}

/** Raised anew only when rows are counted of which nobody has been told: then a person must look again. */
export function reachAgain(
  known: ThresholdCase,
  profile: Pick<CreditProfile, 'creditCode' | 'name'>,
  count: ThresholdCount,
  now: Date,
  today: CalendarDate,
): ThresholdCase {
  const told = new Set(numbersOf(known.count.rows));
  return count.rows.every(({ number }) => told.has(number)) ? known : reached(known, count, profile, now, today);
}
