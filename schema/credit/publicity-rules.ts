/** How long penalties are public and list entries stand, and from when they may be repaired: dated data, see the file. */
import { z } from 'zod';
import { LIST_TYPES, SEVERITIES, type ListType, type PenaltyRecord } from '../records.ts';
import { isWithin } from '../time/calendar-date.ts';
import { DateText, readRuleFile, Words } from './rule-file.ts';

const Months = z.int().min(0).max(120);
const ClassRule = z.strictObject({ shortestMonths: Months, longestMonths: Months });
const PenaltyRule = z.strictObject({
  edition: z.string().min(1),
  title: z.string().min(1),
  /** Ids of the departments whose penalties it is for; null = of all others. */
  departments: z.array(z.string()).nullable(),
  validFrom: DateText.nullable(),
  validTo: DateText.nullable(),
  datesVerified: z.boolean(),
  classes: z.record(z.enum(SEVERITIES), ClassRule),
  /** Areas in which the shortest time is longer. */
  areas: z.strictObject({ words: Words, shortestMonths: Months }).nullable(),
});
export type PenaltyRule = z.output<typeof PenaltyRule>;

const ListRule = z.strictObject({
  edition: z.string().min(1),
  title: z.string().min(1),
  listType: z.enum(LIST_TYPES),
  /** The entry ends by itself so long after the day of listing; null = it stands until it is removed. */
  termMonths: Months.nullable(),
  repairFromMonths: Months,
  /** An entry is not repaired while a later penalty of one of these classes is public. */
  notWhilePenalised: z.array(z.enum(SEVERITIES)),
  repairable: z.boolean(),
});
export type ListRule = z.output<typeof ListRule>;

const WorkingDays = z.int().min(1).max(60);
const File = z.strictObject({
  about: z.string(),
  authorities: z.record(z.string(), Words),
  penalties: z.array(PenaltyRule).nonempty(),
  lists: z.array(ListRule),
  clocks: z.strictObject({
    forwardWorkingDays: WorkingDays,
    decideWorkingDays: WorkingDays,
    extensionWorkingDays: WorkingDays,
    synchroniseWorkingDays: WorkingDays,
  }),
});

const { authorities, penalties, lists, clocks } = readRuleFile(File, 'publicity-rules.json');

/** All that decides how long something is public. */
export const PUBLICITY_RULES = { authorities, penalties, lists };

/** Handling times of a repair. */
export const REPAIR_CLOCKS = clocks;

type Decision = Pick<PenaltyRecord, 'authority' | 'provenance'>;

/** Id of the department that made a decision, also where another one has published it since. */
export function determinerOf({ authority, provenance }: Decision): string {
  const named = Object.entries(authorities).find(([, words]) => words.some((word) => authority.includes(word)));
  return named?.[0] ?? provenance.departmentId;
}

/** The rule for a penalty: that of its department, else the general one, of the day of its decision. */
export function penaltyRuleFor(penalty: Decision & Pick<PenaltyRecord, 'decidedOn'>): PenaltyRule {
  const { decidedOn } = penalty;
  const determinerId = determinerOf(penalty);
  const inForce = penalties.filter(({ validFrom, validTo }) => isWithin(decidedOn, validFrom, validTo));
  const own = inForce.find(({ departments }) => departments?.includes(determinerId) === true);
  const rule = own ?? inForce.find(({ departments }) => departments === null);
  if (rule === undefined) throw new Error(`no publicity rule is in force on ${decidedOn}`);
  return rule;
}

/** The rule for entries of a list. */
export function listRuleFor(listType: ListType): ListRule {
  const rule = lists.find((each) => each.listType === listType);
  if (rule === undefined) throw new Error(`there is no rule for the list ${listType}`);
  return rule;
}
