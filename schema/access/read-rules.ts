/**
 * Which class of facts each question to a department is for. It is asked as a whole, so this is decided before the
 * department is called, and a question that is not allowed costs no call.
 */
import type { ReadName } from '../ports.ts';
import type { FieldClass } from './field-class.ts';

export interface ReadRule {
  readonly fieldClass: FieldClass;
  /** Where the department that keeps the public register is asked; absent = the same. */
  readonly atRegister?: FieldClass;
}

export const READ_RULES: Readonly<Record<ReadName, ReadRule>> = {
  institutions: { fieldClass: 'DEPT_SHARED', atRegister: 'PUBLIC' },
  qualifications: { fieldClass: 'DEPT_SHARED', atRegister: 'PUBLIC' },
  facilities: { fieldClass: 'DEPT_SHARED' },
  inspections: { fieldClass: 'DEPT_SHARED' },
  processSeries: { fieldClass: 'CONDITIONAL' },
  reports: { fieldClass: 'DEPT_SHARED' },
  reportsByNumber: { fieldClass: 'PUBLIC' },
  /** Those who do not see the class see what is published; see published.ts. */
  penalties: { fieldClass: 'DEPT_SHARED' },
  listEntries: { fieldClass: 'DEPT_SHARED' },
  certificates: { fieldClass: 'PUBLIC' },
};
