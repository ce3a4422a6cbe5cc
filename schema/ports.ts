/**
 * What the hub asks of a department, and in what form the answers come. `schema` knows departments only through
 * this file; the source kit implements it over each folder's adapter.
 */
import type { OperationTrace } from './audit/operation-trace.ts';
import type { CreditCode } from './codes/credit-code.ts';
import type { NoticeDoor } from './delivery/ports.ts';
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
  /** How old the answer may be; absent or null = the department's own default for the facet. 0 = live only. */
  readonly maxAgeSeconds?: number | null;
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

/** Reads whose records the replica keeps; per-second data stays with its department. */
export const REPLICATED_READS = [
  'institutions',
  'qualifications',
  'facilities',
  'inspections',
  'reports',
  'penalties',
  'listEntries',
  'certificates',
] as const satisfies readonly ReadName[];
export type ReplicatedRead = (typeof REPLICATED_READS)[number];

/**
 * Under what a department files a record: the credit code, the organization code inside it (9 characters, no hyphen),
 * or the department's own number of the institution. `asked:` stands for several of them at once, for a record of which
 * the hub knows only that they together bring it.
 */
export type SubjectKey = `code:${string}` | `org:${string}` | `local:${string}` | `asked:${string}`;

/** A question to a department's change feed. */
export interface ChangesQuery {
  /** Changes from then on by the department's own clock, inclusive; null = everything that it holds. */
  readonly since: Date | null;
  /** `next` of the page before; null = from the beginning. */
  readonly after: string | null;
  /** At most this many records per page, 1 to 1000. */
  readonly limit: number;
}

/** A record as the department holds it now, or that it holds it no longer. */
export type SourceChange<T> =
  | {
      readonly kind: 'UPSERT';
      readonly recordId: string;
      /** The department's own time of the change; null where it names none. */
      readonly updatedAt: Date | null;
      readonly subjects: readonly SubjectKey[];
      readonly record: T;
    }
  | { readonly kind: 'DELETE'; readonly recordId: string; readonly updatedAt: Date | null };

/** Pages come in order of update time, then record id; a record may come more than once. */
export interface ChangesPage<T> {
  /** When the hub began to ask. */
  readonly asOf: Date;
  readonly changes: readonly SourceChange<T>[];
  readonly malformed: readonly MalformedRecord[];
  /** Continues after this page; null = there is no more. */
  readonly next: string | null;
  /** The newest update time on the page, unreadable records included; null where the department names none. */
  readonly newestAt: Date | null;
  /** How many records the whole answer has, where the department says so; for progress. */
  readonly total: number | null;
}

/** What the hub reports back about rows that it has taken. */
export interface ChangesReceipt {
  /** The hub's number of the batch, at most 32 characters. */
  readonly batch: string;
  readonly taken: readonly { readonly recordId: string; readonly updatedAt: Date | null }[];
  /** Records that could not be read, each with the reason. */
  readonly refused: readonly MalformedRecord[];
}

/** The operation on whose behalf a department is asked. */
export interface CallScope {
  readonly requestId: string;
  /** Fires when the operation's time is up or its caller has gone. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  readonly deadlineAt: number;
  /** Where it is noted what the operation touches; absent where nothing is put on record. */
  readonly trace?: OperationTrace;
  /** Told of each call that a department gets because of it. */
  readonly onCall?: (departmentId: string) => void;
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
  /** Of answers from the replica: how many records cannot be read and may concern any institution. Absent = none. */
  readonly unattributed?: number;
}

/** A department's answer to one call. It never rejects: failure is data. */
export type SourceAnswer<T> =
  | {
      readonly status: 'LIVE';
      readonly asOf: Date;
      /** One per request, same order. */
      readonly sets: readonly RecordSet<T>[];
    }
  /** Some requests were answered from the replica, others by the department: one answer per request, same order. */
  | { readonly status: 'EACH'; readonly answers: readonly RequestAnswer<T>[] }
  | Silence
  | { readonly status: 'UNSUPPORTED' };

export interface Silence {
  readonly status: 'UNAVAILABLE';
  readonly code: HubErrorCode;
  readonly reason: string;
}

export type RequestAnswer<T> =
  | {
      /** STALE: older than asked for, and shown because the department is silent. */
      readonly status: 'LIVE' | 'REPLICA' | 'STALE';
      readonly asOf: Date;
      readonly set: RecordSet<T>;
      /** Why it is stale; null otherwise. */
      readonly reason: string | null;
    }
  | Silence;

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

/** Seconds per facet; a facet that is not named is always asked live. */
export type MaxAges = Readonly<Partial<Record<Facet, number>>>;

export interface DepartmentSource {
  readonly department: DepartmentDescriptor;
  /** How old a replicated answer may be when a question does not say; absent where nothing is replicated. */
  readonly maxAgeSeconds?: MaxAges;
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
  /** The reads for which the department reports changes. */
  readonly changeFeeds: ReadonlySet<ReplicatedRead>;
  /** @throws HubError when the department fails, UNSUPPORTED for a read without a feed */
  changes<K extends ReplicatedRead>(
    name: K,
    query: ChangesQuery,
    scope: CallScope,
  ): Promise<ChangesPage<SourceReads[K]['record']>>;
  /**
   * Writes state columns or feedback where the protocol has them; elsewhere does nothing. May run twice.
   * @throws HubError when the department fails
   */
  acknowledge(name: ReplicatedRead, receipt: ChangesReceipt, scope: CallScope): Promise<void>;
  /** Present where the department takes notices by its own protocol; others are called at their registered endpoint. */
  readonly notices?: NoticeDoor;
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
