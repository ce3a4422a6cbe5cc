/** A report that has been found to be false, by a department that says so. */
import type { ProvenanceRecord } from '../records.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

export interface ConfirmedFalseReport {
  readonly reportNumber: string;
  /** By what a vehicle is counted once, e.g. a digest of its VIN; null for reports that are about none. */
  readonly vehicle: string | null;
  readonly confirmedOn: CalendarDate;
  /** What it is about, in words; decides whether it is in a key area. */
  readonly subject: string;
  /** The decision that punishes it: then it is counted there. */
  readonly documentNumber: string | null;
  readonly provenance: ProvenanceRecord;
}
