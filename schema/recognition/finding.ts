/**
 * What the hub itself keeps of an institution because no department's interface gives it: results of proficiency tests
 * (能力验证) and clues that its reports may be false (疑点线索). Recorded by people, with where they have it from.
 */
import type { CalendarDate } from '../time/calendar-date.ts';

export const FINDING_KINDS = ['CLUE', 'PROFICIENCY'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** OPEN: being looked into. A clue is no finding of guilt until it is CONFIRMED. */
export const CLUE_STATES = ['OPEN', 'CONFIRMED', 'DISMISSED'] as const;
export type ClueState = (typeof CLUE_STATES)[number];

/** By z score: satisfactory up to 2, unsatisfactory from 3 (SAMR notice 2023 no. 13). */
export const PROFICIENCY_GRADES = ['SATISFACTORY', 'QUESTIONABLE', 'UNSATISFACTORY'] as const;
export type ProficiencyGrade = (typeof PROFICIENCY_GRADES)[number];

interface FindingBase {
  /** "<kind>.<the department's own number>", unique within its department. */
  readonly _id: string;
  readonly creditCode: string;
  /** Whose finding it is. */
  readonly departmentId: string;
  /** Raised by every write. */
  readonly revision: number;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly note: string;
  /** Recognitions that rest on the institution have not been looked at since it was written. */
  readonly isNews: boolean;
}

export interface Clue extends FindingBase {
  readonly kind: 'CLUE';
  readonly reportNumber: string | null;
  readonly concernsFrom: CalendarDate | null;
  readonly state: ClueState;
}

export interface ProficiencyResult extends FindingBase {
  readonly kind: 'PROFICIENCY';
  readonly parameter: string;
  readonly standard: string | null;
  readonly grade: ProficiencyGrade;
  readonly evaluatedOn: CalendarDate;
  readonly closedOn: CalendarDate | null;
}

export type Finding = Clue | ProficiencyResult;
