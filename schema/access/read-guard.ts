/** Decides on every question to a department before the department is called. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { DepartmentDescriptor, ReadName } from '../ports.ts';
import type { Access } from './access.ts';
import type { FieldClass } from './field-class.ts';
import { hasPublished } from './published.ts';
import { READ_RULES } from './read-rules.ts';
import type { Refusal, Sight } from './sight.ts';

/** PUBLISHED: the department is asked, and what is not published of its answer is left out. */
export type Allowance = 'ALL' | 'PUBLISHED' | Refusal;

export interface ReadGuard {
  /** Of a question about an institution. */
  of(read: ReadName, department: DepartmentDescriptor, creditCode: CreditCode): Promise<Allowance>;
  /** Of a question by a number. */
  ofNumber(read: ReadName, department: DepartmentDescriptor): Allowance;
}

export interface ReadGuardParts {
  readonly access: Access;
  /** Id of the department that keeps the public register; undefined = none does. */
  readonly registerId: string | undefined;
  /** Where an institution is, by the register's word; null = unknown now. Asked for callers of a part of a province only. */
  readonly regionOf: (creditCode: CreditCode) => Promise<string | null>;
}

/** Digits 3-4 of a credit code: the province of the registering authority. */
const provinceOf = (creditCode: CreditCode): string => creditCode.slice(2, 4);

export function createReadGuard({ access, registerId, regionOf }: ReadGuardParts): ReadGuard {
  const classOf = (read: ReadName, { id }: DepartmentDescriptor): FieldClass => {
    const { fieldClass, atRegister = fieldClass } = READ_RULES[read];
    return id === registerId ? atRegister : fieldClass;
  };
  const allowance = (read: ReadName, sight: Sight): Allowance =>
    sight.seen ? 'ALL' : hasPublished(read) ? 'PUBLISHED' : sight;

  return {
    async of(read, department, creditCode) {
      const fieldClass = classOf(read, department);
      const departmentId = department.id;
      const anywhere = access.sight(fieldClass, { departmentId });
      if (!anywhere.seen) return allowance(read, anywhere);
      const inProvince = access.sight(fieldClass, { departmentId, regionCode: provinceOf(creditCode) });
      if (inProvince.seen) return 'ALL';
      const regionCode = await regionOf(creditCode);
      return allowance(read, access.sight(fieldClass, { departmentId, regionCode }));
    },
    ofNumber: (read, department) =>
      allowance(read, access.sight(classOf(read, department), { departmentId: department.id })),
  };
}
