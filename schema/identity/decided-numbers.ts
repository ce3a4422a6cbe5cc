/** The decisions in force, in memory, by number and by institution. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { AliasDecision } from './alias-decision.ts';
import {
  NO_DECISIONS,
  type Confirmation,
  type DepartmentDecisions,
  type StationDecisions,
} from './station-decisions.ts';

const NO_NUMBERS: readonly string[] = [];

class DecidedAtDepartment implements DepartmentDecisions {
  readonly #confirmed = new Map<string, Confirmation>();
  readonly #rejected = new Map<string, ReadonlySet<CreditCode>>();
  readonly #numbersOf = new Map<CreditCode, readonly string[]>();

  take({ localId, confirmed, rejected }: AliasDecision): void {
    const before = this.#confirmed.get(localId);
    if (before !== undefined)
      this.#setNumbers(before.creditCode, (numbers) => numbers.filter((each) => each !== localId));
    if (confirmed === null) this.#confirmed.delete(localId);
    else {
      this.#confirmed.set(localId, confirmed);
      this.#setNumbers(confirmed.creditCode, (numbers) => [...numbers, localId].sort());
    }
    if (rejected.length === 0) this.#rejected.delete(localId);
    else this.#rejected.set(localId, new Set(rejected.map(({ creditCode }) => creditCode)));
  }

  confirmationOf(localId: string): Confirmation | null {
    return this.#confirmed.get(localId) ?? null;
  }

  isRejected(localId: string, creditCode: CreditCode): boolean {
    return this.#rejected.get(localId)?.has(creditCode) === true;
  }

  confirmedFor(creditCode: CreditCode): readonly string[] {
    return this.#numbersOf.get(creditCode) ?? NO_NUMBERS;
  }

  #setNumbers(creditCode: CreditCode, change: (numbers: readonly string[]) => readonly string[]): void {
    const numbers = change(this.confirmedFor(creditCode));
    if (numbers.length === 0) this.#numbersOf.delete(creditCode);
    else this.#numbersOf.set(creditCode, numbers);
  }
}

export class DecidedNumbers implements StationDecisions {
  readonly #departments = new Map<string, DecidedAtDepartment>();

  of(departmentId: string): DepartmentDecisions {
    return this.#departments.get(departmentId) ?? NO_DECISIONS.of(departmentId);
  }

  /** Replaces what was known of the number. */
  take(decision: AliasDecision): void {
    const department = this.#departments.get(decision.departmentId) ?? new DecidedAtDepartment();
    this.#departments.set(decision.departmentId, department);
    department.take(decision);
  }
}
