import { z } from 'zod';

/** How many calls departments take from the hub in a minute: one number for all, and others by name. */
export interface DepartmentBudget {
  /** 0 = as many as are asked for. */
  readonly standard: number;
  readonly byDepartment: Readonly<Record<string, number>>;
}

const PART = /^(?:([a-z][a-z0-9-]*)=)?(\d{1,9})$/;

/** "6000" or "6000,ecology=600". */
export const DepartmentBudgetText = z.string().transform((text, context): DepartmentBudget => {
  const parts = text.split(',').map((part) => PART.exec(part.trim()));
  const standards = parts.filter((part) => part !== null && part[1] === undefined);
  if (parts.includes(null) || standards.length !== 1) {
    context.addIssue({ code: 'custom', message: 'must be a number and, by department, others: 6000,ecology=600' });
    return z.NEVER;
  }
  return {
    standard: Number(standards[0]?.[2]),
    byDepartment: Object.fromEntries(
      parts.flatMap((part) => (part?.[1] === undefined ? [] : [[part[1], Number(part[2])]])),
    ),
  };
});

export const budgetOf = ({ standard, byDepartment }: DepartmentBudget, departmentId: string): number =>
  byDepartment[departmentId] ?? standard;
