/**
 * The catalogue of punishment measures: dated editions of the national basic list (全国失信惩戒措施基础清单). A notice may
 * contain only what the edition in force on the day of its decision has, for subjects that the measure's basis covers
 * (国办发〔2020〕49号; domain reference 3.6).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { projectRoot } from '../project-root.ts';
import { INSTITUTION_KINDS, SEVERITIES, type InstitutionKind, type Severity } from '../records.ts';
import { isWithin, parseCalendarDate, type CalendarDate } from '../time/calendar-date.ts';

export interface CatalogueMeasure {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  /** 1 reduces rights or adds duties; 2 management by departments; 3 left to other organisations. */
  readonly group: 1 | 2 | 3;
  readonly basis: string;
  readonly edition: string;
  /** For decisions of these severities. */
  readonly severities: readonly Severity[];
  /** For institutions of these kinds; null = of any. */
  readonly kinds: readonly InstitutionKind[] | null;
  /** Department ids that carry it out; empty = every recipient. */
  readonly responsible: readonly string[];
}

const DateText = z.string().transform(parseCalendarDate);
const Catalogue = z.object({
  editions: z.array(
    z.object({
      edition: z.string().min(1),
      title: z.string().min(1),
      validFrom: DateText,
      validTo: DateText.nullable(),
      measures: z.array(
        z.object({
          id: z.string().regex(/^M[1-3]\d{2}$/),
          name: z.string().min(1),
          nameZh: z.string().min(1),
          group: z.union([z.literal(1), z.literal(2), z.literal(3)]),
          basis: z.string().min(1),
          severities: z.array(z.enum(SEVERITIES)).nonempty(),
          kinds: z.array(z.enum(INSTITUTION_KINDS)).nullable(),
          responsible: z.array(z.string()),
        }),
      ),
    }),
  ),
});

/** Read and not imported, as with the divisions: JSON modules are still experimental in the supported Node. */
const { editions } = Catalogue.parse(
  JSON.parse(readFileSync(join(projectRoot, 'schema/measure/catalogue.json'), 'utf8')),
);

/** @returns the measures of an edition; [] when there is no such edition */
export const measuresOfEdition = (edition: string): readonly CatalogueMeasure[] =>
  editions
    .filter((each) => each.edition === edition)
    .flatMap((each) => each.measures.map((one) => ({ ...one, edition })));

/** The edition that was in force on a day; null before the first one. */
export const editionOn = (day: CalendarDate): string | null =>
  editions.findLast(({ validFrom, validTo }) => isWithin(day, validFrom, validTo))?.edition ?? null;

export interface MeasureUse {
  readonly measureId: string;
  readonly decidedOn: CalendarDate;
  readonly severity: Severity;
  /** Of the subject; empty where the register does not say. */
  readonly kinds: readonly InstitutionKind[];
}

/** @throws HubError MEASURE_NOT_IN_LIST saying what stands against it */
export function measureFor({ measureId, decidedOn, severity, kinds }: MeasureUse): CatalogueMeasure {
  const refuse = (why: string): never => {
    throw new HubError('MEASURE_NOT_IN_LIST', `Measure ${measureId} ${why}.`, { details: { measureId } });
  };
  const edition = editionOn(decidedOn);
  if (edition === null) return refuse(`is in no catalogue that was in force on ${decidedOn}`);
  const measure = measuresOfEdition(edition).find(({ id }) => id === measureId);
  if (measure === undefined) return refuse(`is not in edition ${edition} of the catalogue`);
  if (!measure.severities.includes(severity)) return refuse(`is not for decisions of severity ${severity}`);
  if (measure.kinds !== null && !measure.kinds.some((kind) => kinds.includes(kind))) {
    return refuse('is not for institutions of this kind');
  }
  return measure;
}
