/**
 * What the hub asks of a department, and in what form the answers come. `schema` knows departments only through
 * this file; the source kit implements it over each folder's adapter.
 */
import type { CreditCode } from './codes/credit-code.ts';
import type { HubErrorCode } from './errors.ts';
import type {
  CertificateRecord,
  Facet,
  FacilityRecord,
  InspectionRecord,
  InspectionResult,
  InstitutionKind,
  InstitutionRecord,
  ListEntryRecord,
  PenaltyRecord,
  ProcessSeriesRecord,
  QualificationRecord,
  QualificationStatus,
  ReportRecord,
} from './records.ts';
import type { CalendarDate } from './time/calendar-date.ts';

/** An institution as one department must be asked for it. */
export interface SubjectReference {
  readonly creditCode: CreditCode;
  /** The department's own numbers for it; empty for departments that are keyed by the credit code. */
  readonly localIds: readonly string[];
}

export interface InspectionRequest extends SubjectReference {
  /** Bounds on the start of the inspection, inclusive; null = open. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly vin: string | null;
  /** With this verdict only; null or absent = any. */
  readonly result?: InspectionResult | null;
  /** At most this many, the newest first. */
  readonly limit: number;
}

export interface ReportRequest extends SubjectReference {
  /** Bounds on the day of issue, inclusive; null = open. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly number: string | null;
  /** At most this many, the newest first. */
  readonly limit: number;
}

/**
 * The reads that a department may offer: what is asked for one item, and what one record of the answer is.
 * Every read takes many requests in one upstream call and answers in the same order.
 */
export interface SourceReads {
  institutions: { request: SubjectReference; record: InstitutionRecord };
  qualifications: { request: SubjectReference; record: QualificationRecord };
  facilities: { request: SubjectReference; record: FacilityRecord };
  inspections: { request: InspectionRequest; record: InspectionRecord };
  /** Request: the department's own record id of an emission test. */
  processSeries: { request: string; record: ProcessSeriesRecord };
  reports: { request: ReportRequest; record: ReportRecord };
  /** Request: a report number; several records when bodies share a number. */
  reportsByNumber: { request: string; record: ReportRecord };
  penalties: { request: SubjectReference; record: PenaltyRecord };
  listEntries: { request: SubjectReference; record: ListEntryRecord };
  /** Request: a certificate number. */
  certificates: { request: string; record: CertificateRecord };
}
export type ReadName = keyof SourceReads;

/** The facet under which each read is offered, counted and reported. */
export const FACET_OF_READ: Readonly<Record<ReadName, Facet>> = {
  institutions: 'INSTITUTIONS',
  qualifications: 'QUALIFICATIONS',
  facilities: 'FACILITIES',
  inspections: 'INSPECTIONS',
  processSeries: 'INSPECTIONS',
  reports: 'REPORTS',
  reportsByNumber: 'REPORTS',
  penalties: 'PENALTIES',
  listEntries: 'LIST_ENTRIES',
  certificates: 'QUALIFICATIONS',
};

/** The operation on whose behalf a department is asked. */
export interface CallScope {
  readonly requestId: string;
  /** Fires when the operation's time is up or its caller has gone. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  readonly deadlineAt: number;
}

/** A record that a department sent and that could not be read; the others of the same reply are kept. */
export interface MalformedRecord {
  /** The department's record id where it could be read. */
  readonly recordId: string | null;
  /** Name of the department's own field. */
  readonly field: string;
  /** What was wrong with it, without its value. */
  readonly problem: string;
}

/** The answer to one request. `records: []` and nothing malformed means: asked, and nothing is on record. */
export interface RecordSet<T> {
  readonly records: readonly T[];
  readonly malformed: readonly MalformedRecord[];
}

/** A department's answer to one call. It never rejects: failure is data. */
export type SourceAnswer<T> =
  | {
      readonly status: 'LIVE';
      readonly asOf: Date;
      /** One per request, same order. */
      readonly sets: readonly RecordSet<T>[];
    }
  | { readonly status: 'UNAVAILABLE'; readonly code: HubErrorCode; readonly reason: string }
  | { readonly status: 'UNSUPPORTED' };

/** A department's list of the institutions it knows: what local numbers are matched with. */
export interface DirectoryEntry {
  readonly localId: string;
  readonly name: string;
  /** GB/T 2260 six digits as received. */
  readonly regionCode: string | null;
  readonly cmaNumbers: readonly string[];
  readonly creditCode: CreditCode | null;
}

export interface DirectoryAnswer {
  readonly asOf: Date;
  readonly entries: readonly DirectoryEntry[];
  readonly malformed: readonly MalformedRecord[];
}

export type InstitutionOrder = 'NAME' | 'RISK_DESC' | 'UPDATED_DESC';

export interface InstitutionListQuery {
  readonly text: string | null;
  /** Significant digits of a GB/T 2260 code, e.g. "5201". */
  readonly regionPrefix: string | null;
  readonly kinds: readonly InstitutionKind[] | null;
  readonly listed: boolean | null;
  readonly qualification: QualificationStatus | null;
  readonly orderBy: Exclude<InstitutionOrder, 'RISK_DESC'>;
  readonly first: number;
  /** A cursor of an earlier answer. */
  readonly after: string | null;
}

export interface InstitutionListPage {
  readonly asOf: Date;
  /** In the order asked for; each with the cursor that continues after it. */
  readonly rows: readonly { readonly cursor: string; readonly institution: InstitutionRecord }[];
  readonly hasNextPage: boolean;
  readonly totalCount: number | null;
  readonly malformed: readonly MalformedRecord[];
}

export type CircuitState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';
export type SourceState = 'UP' | 'DEGRADED' | 'DOWN';

export interface SourceHealthReport {
  readonly state: SourceState;
  readonly circuit: CircuitState;
  readonly lastSuccessAt: Date | null;
  readonly lastErrorCode: HubErrorCode | null;
}

export interface DepartmentDescriptor {
  /** Equals the folder name under sources/. */
  readonly id: string;
  /** Department code of the domain, e.g. "01". */
  readonly code: string;
  readonly name: string;
  readonly nameZh: string;
  /** One line for people: "REST (OpenAPI 3.1)". */
  readonly protocol: string;
  /**
   * How the department identifies institutions: by the credit code, or by its own local number, in which case the
   * hub matches numbers through the department's directory.
   */
  readonly keyedBy: 'CREDIT_CODE' | 'LOCAL_NUMBER';
  /** The facts for which this department's word wins when departments disagree. */
  readonly authoritativeFor: readonly string[];
}

export interface DepartmentSource {
  readonly department: DepartmentDescriptor;
  readonly reads: ReadonlySet<ReadName>;
  readonly facets: readonly Facet[];
  /** Where calls go, without credentials; for people. */
  readonly address: string;
  read<K extends ReadName>(
    name: K,
    requests: readonly SourceReads[K]['request'][],
    scope: CallScope,
  ): Promise<SourceAnswer<SourceReads[K]['record']>>;
  /** Present where the department uses local numbers. @throws HubError when the department fails. */
  directory?(scope: CallScope): Promise<DirectoryAnswer>;
  /** Present at the one department that keeps the register of institutions. @throws HubError when it fails. */
  listInstitutions?(query: InstitutionListQuery, scope: CallScope): Promise<InstitutionListPage>;
  health(): SourceHealthReport;
  /** Resolves when the department answers a small read. Used by readiness, never by queries. */
  ping(scope: CallScope): Promise<void>;
}

export interface SourceRegistry {
  /** In order of department code. */
  all(): readonly DepartmentSource[];
  /** @returns undefined for an id that is no folder under sources/ */
  find(departmentId: string): DepartmentSource | undefined;
}

export interface Clock {
  now(): Date;
}
