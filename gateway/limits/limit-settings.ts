/** How much one operation may be, and how much one caller may ask; each limit is a setting. */
import type { z } from 'zod';
import { wholeNumber } from '../whole-number.ts';
import { DepartmentBudgetText, type DepartmentBudget } from './department-budget.ts';

/** Of one document or operation. Beyond each of them it is refused before anything is validated or run. */
export interface OperationLimits {
  /** Of the text in UTF-8. Texts are remembered: without this, many long ones fill the memory. */
  readonly bytes: number;
  readonly tokens: number;
  /** Fields nested in each other, fragments followed. */
  readonly depth: number;
  /** Fields in all, each fragment counted as often as it is used. */
  readonly fields: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Values in one list of an argument or a variable. */
  readonly listSize: number;
  /** Records of which pages may consist, the sizes of nested pages multiplied. */
  readonly rows: number;
  /** Calls of departments. */
  readonly calls: number;
}

/** Per minute; 0 = without limit. */
export interface BudgetSettings {
  readonly callerOperations: number;
  readonly callerCalls: number;
  /** Of the public, per network address. */
  readonly publicOperations: number;
  readonly publicCalls: number;
  readonly departmentCalls: DepartmentBudget;
}

export interface LimitSettings {
  readonly operation: OperationLimits;
  readonly budgets: BudgetSettings;
}

const MANY = 1_000_000_000;

export const LIMIT_VARIABLES = {
  HUB_QUERY_BYTES: wholeNumber(1_024, 1_048_576)
    .prefault('32768')
    .describe('Longest text of one document, in bytes, comments included'),
  HUB_QUERY_TOKENS: wholeNumber(100, 100_000)
    .prefault('2000')
    .describe('Most lexical tokens of one document (names, brackets, values)'),
  HUB_QUERY_DEPTH: wholeNumber(3, 100)
    .prefault('15')
    .describe('Most fields nested in each other; introspection by GraphiQL needs 14'),
  HUB_QUERY_FIELDS: wholeNumber(10, 100_000)
    .prefault('1000')
    .describe('Most fields of one document, each fragment counted as often as it is used'),
  HUB_QUERY_ROOT_FIELDS: wholeNumber(1, 1_000).prefault('10').describe('Most fields at the top of one operation'),
  HUB_QUERY_ALIASES: wholeNumber(0, 10_000).prefault('30').describe('Most aliases in one document'),
  HUB_QUERY_DIRECTIVES: wholeNumber(0, 10_000).prefault('30').describe('Most directives in one document'),
  HUB_QUERY_LIST_SIZE: wholeNumber(1, 100_000)
    .prefault('1000')
    .describe('Most values in one list of an argument or a variable'),
  HUB_QUERY_ROWS: wholeNumber(100, 10_000_000)
    .prefault('20000')
    .describe('Most records that the pages of one operation may have together, sizes of nested pages multiplied'),
  HUB_QUERY_CALLS: wholeNumber(1, 10_000)
    .prefault('100')
    .describe('Most calls of departments that one operation may need; extensions.cost shows them'),
  HUB_CALLER_OPERATIONS: wholeNumber(0, MANY)
    .prefault('6000')
    .describe('Operations per minute of one caller with credentials; 0 = no limit, as in the next four'),
  HUB_CALLER_CALLS: wholeNumber(0, MANY)
    .prefault('12000')
    .describe('Calls of departments per minute on behalf of one caller with credentials'),
  HUB_PUBLIC_OPERATIONS: wholeNumber(0, MANY)
    .prefault('600')
    .describe('Operations per minute of the public, from one network address'),
  HUB_PUBLIC_CALLS: wholeNumber(0, MANY)
    .prefault('1200')
    .describe('Calls of departments per minute on behalf of the public, from one network address'),
  HUB_DEPARTMENT_CALLS: DepartmentBudgetText.prefault('12000').describe(
    'Calls per minute of each department on behalf of all callers together, others by name: 12000,ecology=600; one caller gets at most half of what the others leave',
  ),
};

type Parsed = { readonly [Name in keyof typeof LIMIT_VARIABLES]: z.output<(typeof LIMIT_VARIABLES)[Name]> };

export const limitSettings = (set: Parsed): LimitSettings =>
  Object.freeze({
    operation: Object.freeze({
      bytes: set.HUB_QUERY_BYTES,
      tokens: set.HUB_QUERY_TOKENS,
      depth: set.HUB_QUERY_DEPTH,
      fields: set.HUB_QUERY_FIELDS,
      rootFields: set.HUB_QUERY_ROOT_FIELDS,
      aliases: set.HUB_QUERY_ALIASES,
      directives: set.HUB_QUERY_DIRECTIVES,
      listSize: set.HUB_QUERY_LIST_SIZE,
      rows: set.HUB_QUERY_ROWS,
      calls: set.HUB_QUERY_CALLS,
    }),
    budgets: Object.freeze({
      callerOperations: set.HUB_CALLER_OPERATIONS,
      callerCalls: set.HUB_CALLER_CALLS,
      publicOperations: set.HUB_PUBLIC_OPERATIONS,
      publicCalls: set.HUB_PUBLIC_CALLS,
      departmentCalls: set.HUB_DEPARTMENT_CALLS,
    }),
  });
