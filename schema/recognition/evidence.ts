/**
 * What a decision on recognition rests on, as it was seen: plain data, kept with the decision, so that it can be made again
 * from it. Names of persons are not kept, only digests of them that are good for this one report.
 */
import type {
  CapabilityItem,
  CertificateRecord,
  Facet,
  InspectionResult,
  InstitutionStatus,
  ListType,
  QualificationScheme,
  QualificationStatus,
  SamplingKind,
} from '../records.ts';
import type { CoverageStatus } from '../enums.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import type { ClueState, ProficiencyGrade } from './finding.ts';
import type { Purpose } from './rules.ts';

export const RECOGNITION_KINDS = ['REPORT', 'CERTIFICATE'] as const;
export type RecognitionKind = (typeof RECOGNITION_KINDS)[number];

export interface SeenCoverage {
  readonly departmentId: string;
  readonly facet: Facet;
  readonly status: CoverageStatus;
  readonly asOf: Date | null;
  readonly reason: string | null;
}

/** What one department answered. */
export interface Seen<T> {
  readonly coverage: SeenCoverage;
  readonly records: readonly T[];
}

export interface SeenInstitution {
  readonly name: string;
  readonly status: InstitutionStatus;
}

interface SeenSource {
  readonly departmentId: string;
  readonly sourceRecordId: string;
  /** SM3 of the raw reply. */
  readonly receipt: string;
}

export interface SeenReport {
  readonly version: number;
  readonly issuedOn: CalendarDate;
  readonly conclusion: InspectionResult;
  readonly digest: string | null;
  readonly samplingKind: SamplingKind | null;
  readonly parameters: readonly CapabilityItem[];
  /** Digest of the name; null where the register names nobody. */
  readonly signatory: string | null;
  /** Whether it is the institution's; null where that cannot be told. */
  readonly isOfInstitution: boolean | null;
  readonly provenance: SeenSource;
}

export interface SeenQualification {
  readonly departmentId: string;
  readonly scheme: QualificationScheme;
  readonly number: string;
  readonly status: QualificationStatus;
  /** The day from which this version counts; null where the register does not say. */
  readonly since: CalendarDate | null;
  /** Rows about the parameters of the report only. */
  readonly scope: readonly CapabilityItem[];
  readonly signatories: readonly { readonly name: string; readonly fields: readonly string[] }[];
}

/** Qualifications of the institution as they stood on the report's day, and as they stand. */
export interface SeenQualifications {
  readonly onDay: readonly Seen<SeenQualification>[];
  readonly now: readonly Seen<SeenQualification>[];
}

export interface SeenListEntry {
  readonly listType: ListType;
  readonly listedOn: CalendarDate;
  /** The first day on which it stands no longer: by the department's word, by its term or by a repair; null = it stands. */
  readonly removedOn: CalendarDate | null;
}

export type SeenCertificate = Pick<
  CertificateRecord,
  'scheme' | 'number' | 'status' | 'holderCode' | 'issuerCode' | 'validFrom' | 'validTo'
> & { readonly provenance: SeenSource };

export interface SeenClue {
  readonly id: string;
  /** null: it concerns the institution's reports from `concernsFrom` on. */
  readonly reportNumber: string | null;
  readonly concernsFrom: CalendarDate | null;
  readonly state: ClueState;
}

export interface SeenProficiency {
  readonly id: string;
  readonly parameter: string;
  /** null: whatever the standard. */
  readonly standard: string | null;
  readonly grade: ProficiencyGrade;
  readonly evaluatedOn: CalendarDate;
  /** The day from which the item may be reported again; null = still open. */
  readonly closedOn: CalendarDate | null;
}

/** What is asked. */
export interface RecognitionQuestion {
  readonly kind: RecognitionKind;
  /** Of the report or certificate. */
  readonly number: string;
  readonly institutionCode: string;
  readonly purpose: Purpose;
  /** SM3 of the document in hand, hex; null: what is registered is to be recognised. */
  readonly presentedDigest: string | null;
}

/** Everything that the decision is made of, besides the rules. */
export interface Evidence {
  readonly question: RecognitionQuestion;
  /** The day on which the result is to be recognised: freshness counts back from it. */
  readonly decidedOn: CalendarDate;
  readonly gatheredAt: Date;
  /** The department that keeps the register of qualifications; null where there is none. */
  readonly registerId: string | null;
  readonly institution: readonly Seen<SeenInstitution>[];
  readonly reports: readonly Seen<SeenReport>[];
  readonly certificates: readonly Seen<SeenCertificate>[];
  readonly qualifications: SeenQualifications;
  readonly listEntries: readonly Seen<SeenListEntry>[];
  /** The hub's own records of the institution. */
  readonly clues: readonly SeenClue[];
  readonly proficiency: readonly SeenProficiency[];
}

/** The day on which it was looked at: what has happened by then counts. */
export const dayOfLook = ({ gatheredAt }: Pick<Evidence, 'gatheredAt'>): CalendarDate => calendarDateOf(gatheredAt);

/** Whether an answer is whole and of now: on nothing less may a check pass. */
export const isWhole = ({ status }: Pick<SeenCoverage, 'status'>): boolean => status === 'LIVE' || status === 'REPLICA';

/** The first department that should have answered and did not in full; null when all did. */
export const silentIn = (answers: readonly Seen<unknown>[]): SeenCoverage | null =>
  answers.find(({ coverage }) => coverage.status !== 'UNSUPPORTED' && !isWhole(coverage))?.coverage ?? null;

export const recordsIn = <T>(answers: readonly Seen<T>[]): readonly T[] => answers.flatMap(({ records }) => records);
