/**
 * Puts the versions of qualifications in order. Closing a version's valid time when the next one begins is no
 * correction; a correction keeps the wrong version and says until when it was believed.
 */
import { addDays, startOfDay } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { notAfterLastDay, secondsInto } from './clock.ts';
import type { WorldCapability, WorldQualification, WorldQualificationStatus, WorldSignatory } from './types.ts';

/** What stays the same through all versions of one certificate. */
export interface Certificate {
  readonly scheme: WorldQualification['scheme'];
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly validTo: CalendarDate;
  readonly issuer: string;
  readonly scope: readonly WorldCapability[];
  readonly signatories: readonly WorldSignatory[];
}

/** One entry of the register's history. */
export interface HistoryEntry {
  readonly certificate: Certificate;
  readonly status: WorldQualificationStatus;
  /** First and last day on which this version is in force; no last day while it is. */
  readonly from: CalendarDate;
  readonly until?: CalendarDate;
  /** When the register learnt it; five working hours after `from` began unless it says otherwise. */
  readonly recordedOn?: CalendarDate;
  /** When a correction replaced it. */
  readonly supersededOn?: CalendarDate;
  /** Replaces the certificate's own scope in this version. */
  readonly scope?: readonly WorldCapability[];
  /** Replaces the certificate's own end date in this version. */
  readonly validTo?: CalendarDate;
  readonly emergencyChannel?: boolean;
}

/** In the register's office changes are entered at this time of the day. */
const OFFICE_SECONDS = 14 * 3600 + 20 * 60;

/** The versions of one scheme, oldest first, numbered from 1. */
export function history(entries: readonly HistoryEntry[]): WorldQualification[] {
  return entries.map((entry, place) => {
    const { certificate, status, from, until, recordedOn = from, supersededOn } = entry;
    return {
      ...certificate,
      version: place + 1,
      status,
      validTo: entry.validTo ?? certificate.validTo,
      scope: entry.scope ?? certificate.scope,
      effectiveFrom: startOfDay(from),
      effectiveTo: until === undefined ? null : startOfDay(addDays(until, 1)),
      recordedAt: notAfterLastDay(secondsInto(recordedOn, OFFICE_SECONDS)),
      supersededAt: supersededOn === undefined ? null : secondsInto(supersededOn, OFFICE_SECONDS),
      emergencyChannel: entry.emergencyChannel ?? false,
    };
  });
}

/** Whether a version is the truth about an instant, as far as is known today. */
export function isBelievedAt(version: WorldQualification, instant: Date): boolean {
  const { supersededAt, effectiveFrom, effectiveTo } = version;
  return supersededAt === null && effectiveFrom <= instant && (effectiveTo === null || instant < effectiveTo);
}
