/** The class of an infringement where the department gives none: dated data, see the file and domain reference 3.5. */
import { z } from 'zod';
import type { PenaltyRecord, Severity } from '../records.ts';
import { isWithin } from '../time/calendar-date.ts';
import { DateText, readRuleFile, Words } from './rule-file.ts';

const SeverityRule = z.strictObject({
  edition: z.string().min(1),
  title: z.string().min(1),
  validFrom: DateText.nullable(),
  validTo: DateText.nullable(),
  datesVerified: z.boolean(),
  serious: Words,
  general: Words,
  /** A fine above this is not "small". */
  generalAboveFen: z.int().positive(),
});
export type SeverityRule = z.output<typeof SeverityRule>;

const File = z.strictObject({ about: z.string(), editions: z.array(SeverityRule).nonempty() });

export const SEVERITY_RULES: readonly SeverityRule[] = readRuleFile(File, 'severity-rules.json').editions;

const holdsAny = (categories: readonly string[], words: readonly string[]): boolean =>
  categories.some((category) => words.some((word) => category.includes(word)));

/**
 * By the rule in force on the day of the decision.
 * @throws Error when none was
 */
export function severityOf(
  { categories, fineFen, decidedOn }: Pick<PenaltyRecord, 'categories' | 'fineFen' | 'decidedOn'>,
  rules = SEVERITY_RULES,
): Severity {
  const rule = rules.find(({ validFrom, validTo }) => isWithin(decidedOn, validFrom, validTo));
  if (rule === undefined) throw new Error(`no rule of severity is in force on ${decidedOn}`);
  if (holdsAny(categories, rule.serious)) return 'SERIOUS';
  if (holdsAny(categories, rule.general) || (fineFen ?? 0) > rule.generalAboveFen) return 'GENERAL';
  return 'MINOR';
}
