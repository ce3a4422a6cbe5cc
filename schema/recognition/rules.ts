/**
 * The rules of mutual recognition as data. A rule is never edited: a new row takes its place and the old one gets its last
 * day, so that a decision can be made again by the very rules by which it was made.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root.ts';
import { INSPECTION_RESULTS, LIST_TYPES, SAMPLING_KINDS } from '../records.ts';
import { isWithin, parseCalendarDate, type CalendarDate } from '../time/calendar-date.ts';
import { same } from '../verification/report-checks.ts';
import { CAUSES } from './check.ts';

/** What a result is adopted for (domain reference 4.5). */
export const PURPOSES = ['MARKET_SURVEILLANCE', 'LICENCE', 'INSPECTION_WAIVER', 'PROCUREMENT', 'BIDDING'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Kinds of inspections, by the names of their types in the graph. */
export const INSPECTION_KINDS = [
  'VehicleSafetyInspection',
  'VehicleEmissionTest',
  'RoadVehicleTest',
  'LaboratoryTest',
] as const;
export type InspectionKind = (typeof INSPECTION_KINDS)[number];

export const STEPS = ['DECIDE', 'SYNC', 'CONFIRM'] as const;

const DateText = z.string().transform(parseCalendarDate);
const row = {
  id: z.string().regex(/^[A-Z][A-Za-z0-9.-]+$/),
  validFrom: DateText,
  validTo: DateText.nullable(),
  basis: z.string().min(1),
  /** No authority has set it yet. */
  proposed: z.boolean(),
};
const purpose = z.enum(PURPOSES);

const Rule = z.discriminatedUnion('kind', [
  /** How old a report may be on the day on which it is to be recognised. */
  z.strictObject({ ...row, kind: z.literal('FRESHNESS'), purpose, months: z.int().positive() }),
  /** Which ways of sampling, and which conclusions, serve the purpose. */
  z.strictObject({
    ...row,
    kind: z.literal('SUITABILITY'),
    purpose,
    samplingKinds: z.array(z.enum(SAMPLING_KINDS)),
    conclusions: z.array(z.enum(INSPECTION_RESULTS)),
  }),
  /** Lists that keep a result from being recognised, and those on which a person decides. */
  z.strictObject({
    ...row,
    kind: z.literal('LISTING'),
    barring: z.array(z.enum(LIST_TYPES)),
    forReview: z.array(z.enum(LIST_TYPES)),
  }),
  /** What a signatory's field covers beyond the object of its own name. */
  z.strictObject({ ...row, kind: z.literal('SIGNATORY_FIELD'), field: z.string(), objects: z.array(z.string()) }),
  z.strictObject({
    ...row,
    kind: z.literal('OBSOLETE_STANDARD'),
    standard: z.string(),
    obsoleteFrom: DateText,
    successor: z.string().nullable(),
  }),
  /** Who needs the one inspection may rest on the other. */
  z.strictObject({
    ...row,
    kind: z.literal('EQUIVALENCE'),
    asked: z.enum(INSPECTION_KINDS),
    satisfiedBy: z.array(z.enum(INSPECTION_KINDS)),
  }),
  z.strictObject({ ...row, kind: z.literal('TIME_LIMIT'), step: z.enum(STEPS), workingDays: z.int().positive() }),
  /** What stands against a result only for a time; whatever else stands against it revokes the recognition. */
  z.strictObject({ ...row, kind: z.literal('CONSEQUENCE'), suspending: z.array(z.enum(CAUSES)) }),
]);
export type Rule = z.output<typeof Rule>;
export type RuleKind = Rule['kind'];
export type RuleOf<K extends RuleKind> = Extract<Rule, { kind: K }>;

const Ruleset = z.object({ edition: z.string().min(1), rules: z.array(Rule) });

/** @throws Error for rules that cannot be used: two of one id */
export function parseRuleset(json: unknown): z.output<typeof Ruleset> {
  const ruleset = Ruleset.parse(json);
  const ids = ruleset.rules.map(({ id }) => id);
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  if (doubled !== undefined) throw new Error(`two rules of recognition have the id ${doubled}`);
  return ruleset;
}

/** Read and not imported, as with the divisions: JSON modules are still experimental in the supported Node. */
const RULESET = parseRuleset(JSON.parse(readFileSync(join(projectRoot, 'schema/recognition/rules.json'), 'utf8')));

/** Rules from which decisions are made, with the edition in which they were published. */
export class Rules {
  readonly edition: string;
  readonly #rules: readonly Rule[];

  constructor(edition: string, rules: readonly Rule[]) {
    this.edition = edition;
    this.#rules = rules;
  }

  /** Rules of one kind, in the order of the ruleset. */
  of<K extends RuleKind>(kind: K): readonly RuleOf<K>[] {
    return this.#rules.filter((rule): rule is RuleOf<K> => rule.kind === kind);
  }

  /** Those that name one of these standards, whatever its spelling. */
  obsoleteAmong(standards: readonly string[]): readonly RuleOf<'OBSOLETE_STANDARD'>[] {
    return this.of('OBSOLETE_STANDARD').filter((rule) => standards.some((standard) => same(rule.standard, standard)));
  }

  freshnessFor(purpose: Purpose): RuleOf<'FRESHNESS'> | undefined {
    return this.of('FRESHNESS').find((rule) => rule.purpose === purpose);
  }

  suitabilityFor(purpose: Purpose): RuleOf<'SUITABILITY'> | undefined {
    return this.of('SUITABILITY').find((rule) => rule.purpose === purpose);
  }
}

/** The rules in force on a day. */
export const rulesOn = (day: CalendarDate): Rules =>
  new Rules(
    RULESET.edition,
    RULESET.rules.filter(({ validFrom, validTo }) => isWithin(day, validFrom, validTo)),
  );

/**
 * The rules by which a decision was made.
 * @throws Error when the ruleset does not have one of them any more, which must never happen
 */
export function rulesOfIds(edition: string, ids: readonly string[]): Rules {
  const rules = ids.map((id) => {
    const rule = RULESET.rules.find((each) => each.id === id);
    if (rule === undefined) throw new Error(`there is no rule ${id} of recognition any more`);
    return rule;
  });
  return new Rules(edition, rules);
}
