import type { CreditCode } from '../codes/credit-code.ts';

/** Somebody said whose station it is. */
export interface Confirmation {
  readonly creditCode: CreditCode;
  /** Name under which the person acts. */
  readonly by: string;
  readonly at: Date;
}

/** What people have decided about one department's local numbers, as far as matching needs it. */
export interface DepartmentDecisions {
  /** null: nobody has said whose number it is. */
  confirmationOf(localId: string): Confirmation | null;
  /** Whether somebody has said that it is not this institution's number. */
  isRejected(localId: string, creditCode: CreditCode): boolean;
  /** Numbers that are this institution's because somebody said so. */
  confirmedFor(creditCode: CreditCode): readonly string[];
}

/** Of every department. */
export interface StationDecisions {
  of(departmentId: string): DepartmentDecisions;
}

const NONE: DepartmentDecisions = {
  confirmationOf: () => null,
  isRejected: () => false,
  confirmedFor: () => [],
};

/** Can also be asked to learn what other processes have decided. */
export interface FollowedDecisions extends StationDecisions {
  refresh(): Promise<void>;
}

/** Nobody has decided anything: the rules stand alone. */
export const NO_DECISIONS: FollowedDecisions = { of: () => NONE, refresh: () => Promise.resolve() };
