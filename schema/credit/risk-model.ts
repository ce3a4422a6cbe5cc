/** The credit-risk model: dated editions of weights, windows, caps and class borders; see risk-model.json. */
import { z } from 'zod';
import {
  INSTITUTION_KINDS,
  INSTITUTION_STATUSES,
  LIST_TYPES,
  QUALIFICATION_SCHEMES,
  QUALIFICATION_STATUSES,
  SEVERITIES,
} from '../records.ts';
import { REASON_CODES } from '../recognition/check.ts';
import { PROFICIENCY_GRADES } from '../recognition/finding.ts';
import { RISK_CLASSES, type RiskClass } from '../search/institution-entry.model.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { DateText, parseRuleFile, readRuleFile } from './rule-file.ts';

/** Points never reduce a score: what is on record can only weigh. */
const Points = z.int().min(0).max(1_000);
const Months = z.int().min(1).max(120);

const FactorRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('STATUS'), points: z.partialRecord(z.enum(INSTITUTION_STATUSES), Points) }),
  z.strictObject({ kind: z.literal('KINDS'), points: z.partialRecord(z.enum(INSTITUTION_KINDS), Points) }),
  z.strictObject({
    kind: z.literal('PENALTIES'),
    severities: z.array(z.enum(SEVERITIES)).nonempty(),
    each: Points,
    windowMonths: Months,
  }),
  /** For every penalty after the first within the window. */
  z.strictObject({ kind: z.literal('REPEATED'), each: Points, windowMonths: Months }),
  z.strictObject({ kind: z.literal('FALSE_REPORTS'), each: Points, windowMonths: Months }),
  z.strictObject({
    kind: z.literal('LIST_ENTRIES'),
    lists: z.array(z.enum(LIST_TYPES)).nonempty(),
    standing: Points,
    ended: Points,
    endedWithinMonths: Months,
  }),
  /** Of each scheme the newest certificate counts. */
  z.strictObject({
    kind: z.literal('QUALIFICATIONS'),
    schemes: z.array(z.enum(QUALIFICATION_SCHEMES)).nonempty(),
    points: z.partialRecord(z.enum(QUALIFICATION_STATUSES), Points),
  }),
  /** Results whose recognition was revoked because of one of these checks. */
  z.strictObject({
    kind: z.literal('RECOGNITIONS'),
    codes: z.array(z.enum(REASON_CODES)).nonempty(),
    each: Points,
    windowMonths: Months,
  }),
  /** For every result of a proficiency test that is open. */
  z.strictObject({ kind: z.literal('PROFICIENCY'), points: z.partialRecord(z.enum(PROFICIENCY_GRADES), Points) }),
  z.strictObject({
    kind: z.literal('NOTICES'),
    standing: z.record(z.enum(SEVERITIES), Points),
    ended: Points,
    endedWithinMonths: Months,
  }),
]);
export type FactorRule = z.output<typeof FactorRule>;

/** Domain reference 3.7: basic information, operation, enforcement, capability, history of recognition and notices. */
export const INDICATORS = ['BASIC', 'OPERATION', 'ENFORCEMENT', 'CAPABILITY', 'HISTORY'] as const;
export type Indicator = (typeof INDICATORS)[number];

const Factor = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z-]+$/),
  indicator: z.enum(INDICATORS),
  label: z.string().min(1),
  labelZh: z.string().min(1),
  basis: z.string().min(1),
  /** The most that the factor may weigh. */
  cap: Points,
  rule: FactorRule,
});

const Borders = z
  .record(z.enum(RISK_CLASSES), z.int().min(0).max(1_000))
  .refine(({ A, B, C, D }) => A === 0 && A < B && B < C && C < D, 'classes begin at 0 and rise');

const Model = z.strictObject({
  edition: z.string().regex(/^[\w.-]{1,40}$/),
  title: z.string().min(1),
  titleZh: z.string().min(1),
  validFrom: DateText,
  /** The lowest score of each class. */
  classes: Borders,
  factors: z
    .array(Factor)
    .nonempty()
    .refine((factors) => new Set(factors.map(({ id }) => id)).size === factors.length, 'a factor is named twice'),
});
export type RiskModel = z.output<typeof Model>;

const File = z.strictObject({ about: z.string(), editions: z.array(Model).nonempty() });

export const MODELS: readonly RiskModel[] = readRuleFile(File, 'risk-model.json').editions;

/** The edition in force on a day: the last that has begun; before the first, the first. */
export function modelOn(day: CalendarDate, models: readonly RiskModel[] = MODELS): RiskModel {
  const [first] = models;
  const begun = models
    .filter(({ validFrom }) => validFrom <= day)
    .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const model = begun.at(-1) ?? first;
  if (model === undefined) throw new Error('there is no credit-risk model');
  return model;
}

export const findModel = (edition: string, models: readonly RiskModel[] = MODELS): RiskModel | undefined =>
  models.find((model) => model.edition === edition);

/** Editions of a file that is not in force, for a comparison. @throws ZodError, Error when it cannot be read */
export const readModels = (path: string): readonly RiskModel[] => parseRuleFile(File, path).editions;

export function classOfScore(score: number, { classes }: Pick<RiskModel, 'classes'>): RiskClass {
  return RISK_CLASSES.toReversed().find((each) => score >= classes[each]) ?? 'A';
}
