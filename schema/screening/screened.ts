/** What a screening says of one report number or credit code: plain data, the same again as long as the facts are. */
import type { CoverageEntry } from '../department-answer.ts';
import type { ReportVerdict } from '../verification/verification.type.ts';

/** What a row asks about. */
export type ScreenedKind = 'REPORT' | 'INSTITUTION';

/** Of an institution. LISTED: on a list that stands; UNVERIFIABLE: on none as far as is known, but not all answered. */
export const INSTITUTION_VERDICTS = ['REGISTERED', 'LISTED', 'NOT_FOUND', 'UNVERIFIABLE'] as const;
export type InstitutionVerdict = (typeof INSTITUTION_VERDICTS)[number];

/** INVALID: the row names nothing that could be asked about. */
export type ScreenedVerdict = ReportVerdict | InstitutionVerdict | 'INVALID';

/** Whose word decided, and since when the hub has it. */
export interface ScreenedProvenance {
  readonly departmentId: string;
  readonly recordId: string;
  readonly fetchedAt: Date;
  /** SM3 of the raw reply, hex. */
  readonly receipt: string;
}

export interface ScreenedCoverage {
  readonly departmentId: string;
  readonly facet: string;
  readonly status: CoverageEntry['status'];
  /** Until when the department's records are known to be these; null where nothing is held. */
  readonly observedAt: Date | null;
}

/** One fact that may be told whole, in part or not at all. */
export interface ScreenedList {
  readonly found: readonly string[];
  /** Departments that did not answer in full: they may hold more. */
  readonly silent: readonly string[];
}

export interface Screened {
  readonly kind: ScreenedKind;
  readonly verdict: ScreenedVerdict;
  /** What the verdict rests on, in words; null when nothing stands against it. */
  readonly reason: string | null;
  readonly institutionCode: string | null;
  readonly institutionName: string | null;
  /** Status in the register; null where it is not known. */
  readonly institutionStatus: string | null;
  /** YYYY-MM-DD. */
  readonly issuedOn: string | null;
  readonly conclusion: string | null;
  /** Of the institution today, "CMA 242400340102 VALID". */
  readonly qualifications: ScreenedList | null;
  /** Lists on which the institution stands today, "SERIOUS_MR since 2026-01-05". */
  readonly lists: ScreenedList | null;
  /** Numbers of decisions against the institution. */
  readonly penalties: ScreenedList | null;
  readonly provenance: ScreenedProvenance | null;
  readonly coverage: readonly ScreenedCoverage[];
}

export const INVALID_REPORT_NUMBER = 'a report number has 1 to 100 characters, none of them a control character';

export const NOTHING_KNOWN: Omit<Screened, 'kind' | 'verdict' | 'reason'> = {
  institutionCode: null,
  institutionName: null,
  institutionStatus: null,
  issuedOn: null,
  conclusion: null,
  qualifications: null,
  lists: null,
  penalties: null,
  provenance: null,
  coverage: [],
};
