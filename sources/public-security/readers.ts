/** How each kind of row becomes a draft: the same for the answer to a question and for a page of changes. */
import { z } from 'zod';
import type { InstitutionRecord, QualificationRecord, VehicleSafetyInspectionRecord } from '../../schema/records.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import type { Draft } from '../kit/adapter.ts';
import { readRow, type RowReader } from '../kit/read-rows.ts';
import { inspectionIdOf, toFiling, toInspection, toInstitution } from './map.ts';
import { InspectionKeyWire, InspectionWire, StationWire } from './wire.ts';

/** Reads one field of a row that may be malformed elsewhere; null when it is not there or empty. */
export function textAt(name: string): (row: unknown) => string | null {
  const shape = z.object({ [name]: z.string().trim().min(1) });
  return (row) => shape.safeParse(row).data?.[name] ?? null;
}

export const institutionReader: RowReader<StationWire, Draft<InstitutionRecord>> = {
  wire: StationWire,
  toDraft: toInstitution,
  recordIdOf: textAt('jczbh'),
};

/** @param today the day in China, see {@link toFiling} */
export function filingReader(today: CalendarDate): RowReader<StationWire, Draft<QualificationRecord>> {
  return { wire: StationWire, toDraft: (row) => toFiling(row, today), recordIdOf: textAt('jczbh') };
}

/** @param province the character that the police leave off plates */
export function inspectionReader(province: string): RowReader<InspectionWire, Draft<VehicleSafetyInspectionRecord>> {
  return { wire: InspectionWire, toDraft: (row) => toInspection(row, province), recordIdOf: verdictIdOf };
}

function verdictIdOf(row: unknown): string | null {
  const read = readRow(row, { wire: InspectionKeyWire, toDraft: inspectionIdOf, recordIdOf: () => null });
  return 'draft' in read ? read.draft : null;
}
