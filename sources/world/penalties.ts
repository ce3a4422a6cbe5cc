/** Administrative penalties against generated institutions. */
import { addDays, addMonths } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { AUTHORITIES } from './authorities.ts';
import { day, daysBetween, LAST_DAY, later } from './clock.ts';
import { Dice } from './random.ts';
import type { WorldInstitution, WorldPenalty } from './types.ts';
import { VIOLATIONS } from './violations.ts';
import type { Violation } from './violations.ts';

/** Share of generated institutions with one penalty or more. */
export const PENALISED_RATE = 0.12;
const ANOTHER_RATE = 0.25;
const MOST_PENALTIES = 3;
/** Rows of the older layout are found among market regulation's penalties. */
const OLD_LAYOUT_RATE = 0.3;
const FIRST_DECISION = day('2022-04-01');
/** Publicity begins up to nine days later. */
const LAST_DECISION = day('2026-03-18');
const DAYS_WITHOUT_PENALTY = 120;
/** Of some decisions publicity begins after the statutory seven working days; holidays pardon a few of them. */
const LATE_RATE = 0.15;
const LATE_DAYS = 12;
/** Some rows lack the end of publicity. */
const OPEN_ENDED_RATE = 0.05;

const DOCUMENT_WORDS: Readonly<Record<WorldPenalty['heldBy'], string>> = {
  'market-regulation': '示市监处罚',
  ecology: '示环罚',
  transport: '示交罚',
};

/** The penalties that dice give to an institution, newest first. */
export function drawPenalties(seed: number, institution: WorldInstitution): readonly WorldPenalty[] {
  const dice = new Dice(seed, institution.index, 'penalties');
  if (!dice.chance(PENALISED_RATE)) return [];
  // Dice of their own: who is late moves nothing else.
  const tardiness = new Dice(seed, institution.index, 'late publicity');
  const possible = VIOLATIONS.filter((violation) => isPossible(violation, institution));
  const penalties: WorldPenalty[] = [];
  do {
    penalties.push(drawPenalty(dice, tardiness, institution, penalties.length, dice.pick(possible)));
  } while (penalties.length < MOST_PENALTIES && dice.chance(ANOTHER_RATE));
  return penalties.sort(latestFirst);
}

/** Latest decision first. */
export function latestFirst(one: WorldPenalty, other: WorldPenalty): number {
  return one.decidedOn < other.decidedOn ? 1 : -1;
}

/** Number of a decision, e.g. 示市监处罚〔2026〕12号: unique for each institution and ordinal below ten. */
export function documentNumber(
  heldBy: WorldPenalty['heldBy'],
  decidedOn: CalendarDate,
  index: number,
  ordinal: number,
): string {
  return `${DOCUMENT_WORDS[heldBy]}〔${decidedOn.slice(0, 4)}〕${index * 10 + ordinal + 1}号`;
}

/** Last day of publicity by the gravest category (domain reference 3.5). */
export function publishedTo(decidedOn: CalendarDate, categories: readonly string[], fineFen: number | null) {
  if (categories.some((category) => category.startsWith('吊销') || category === '限制从业')) {
    return addMonths(decidedOn, 36);
  }
  if (fineFen === null) return addMonths(decidedOn, 3);
  return addMonths(decidedOn, fineFen >= 10_000_000 ? 36 : 12);
}

/** What the operative part of the decision says. */
export function contentOf(categories: readonly string[], fineFen: number | null, confiscatedFen: number | null) {
  const parts = categories.filter((category) => category !== '罚款' && !category.startsWith('没收'));
  if (confiscatedFen !== null) parts.push(`没收违法所得${yuan(confiscatedFen)}元`);
  if (fineFen !== null) parts.push(`罚款${yuan(fineFen)}元`);
  return `${parts.join('；')}。`;
}

function drawPenalty(
  dice: Dice,
  tardiness: Dice,
  { index, establishedOn }: WorldInstitution,
  ordinal: number,
  violation: Violation,
): WorldPenalty {
  const { heldBy, categories, fineYuan, confiscates, facts, basis } = violation;
  const since = later(FIRST_DECISION, addDays(establishedOn, DAYS_WITHOUT_PENALTY));
  const decidedOn = addDays(since, dice.int(0, daysBetween(since, LAST_DECISION)));
  const fineFen = fineYuan === null ? null : dice.int(fineYuan[0] / 100, fineYuan[1] / 100) * 10_000;
  const confiscatedFen = confiscates ? dice.int(80_000, 6_000_000) : null;
  const { name: authority, code: authorityCode } = AUTHORITIES[heldBy];
  const old = heldBy === 'market-regulation' && dice.chance(OLD_LAYOUT_RATE);
  const publishedFrom = addDays(decidedOn, dice.int(1, 9));
  const lateFrom = addDays(publishedFrom, LATE_DAYS);
  const isLate = tardiness.chance(LATE_RATE) && lateFrom <= LAST_DAY;
  return {
    documentNumber: documentNumber(heldBy, decidedOn, index, ordinal),
    heldBy,
    authority,
    authorityCode,
    categories,
    violation: violation.violation,
    facts,
    basis,
    content: contentOf(categories, fineFen, confiscatedFen),
    fineFen,
    confiscatedFen,
    decidedOn,
    publishedFrom: isLate ? lateFrom : publishedFrom,
    publishedTo: dice.chance(OPEN_ENDED_RATE) ? null : publishedTo(decidedOn, categories, fineFen),
    layout: old ? '2015' : '2021',
  };
}

function isPossible({ heldBy, kinds }: Violation, institution: WorldInstitution): boolean {
  if (heldBy === 'ecology' && institution.localNumbers.ecology === null) return false;
  if (heldBy === 'transport' && institution.localNumbers.transport === null) return false;
  return kinds.length === 0 || institution.kinds.some((kind) => kinds.includes(kind));
}

function yuan(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);
}
