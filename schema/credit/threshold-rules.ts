/** When a case may be serious (情节严重): dated rules, see threshold-rules.json and domain reference 3.2. */
import { z } from 'zod';
import { LIST_TYPES } from '../records.ts';
import { Area, PenaltyMatch } from './match-penalty.ts';
import { DateText, readRuleFile } from './rule-file.ts';

export const THRESHOLD_UNITS = ['PENALTIES', 'VEHICLES', 'REPORTS', 'YUAN'] as const;
export type ThresholdUnit = (typeof THRESHOLD_UNITS)[number];

const Criterion = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z_]*$/),
  label: z.string().min(1),
  labelZh: z.string().min(1),
  /** YUAN: the gains of one decision; all others are added up over the window. */
  unit: z.enum(THRESHOLD_UNITS),
  threshold: z.int().min(1),
  windowMonths: z.int().min(1).max(120),
  /** Only rows that are about this. */
  area: Area.optional(),
});
export type ThresholdCriterion = z.output<typeof Criterion>;

const Rule = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z-]+$/),
  title: z.string().min(1),
  titleZh: z.string().min(1),
  /** Act and article. */
  basis: z.string().min(1),
  validFrom: DateText,
  validTo: DateText.nullable(),
  datesVerified: z.boolean(),
  /** The department that would determine it; null where it is none of those that the hub joins. */
  determiner: z.string().nullable(),
  match: PenaltyMatch,
  /** What a notice would be drafted of; a person decides. Absent where a notice is not what follows. */
  draft: z
    .strictObject({
      listType: z.enum(LIST_TYPES),
      measures: z.array(z.string()).nonempty(),
      recipients: z.array(z.string()).nonempty(),
    })
    .optional(),
  criteria: z.array(Criterion).nonempty(),
});
export type ThresholdRule = z.output<typeof Rule>;

export const THRESHOLD_RULES: readonly ThresholdRule[] = readRuleFile(
  z.strictObject({ about: z.string(), rules: z.array(Rule).nonempty() }),
  'threshold-rules.json',
).rules;
