/**
 * Why a caller asks: the purpose and the case of a request (domain reference 4.4). Conditional facts are shown for a
 * purpose in a case only, and the record of who looked says both.
 */
import { z } from 'zod';
import { normaliseCaseNumber } from '../codes/case-number.ts';
import { HubError } from '../errors.ts';

/** The published list of purposes, each in both languages. A name is never reused. */
export const PURPOSES = {
  ROUTINE_SUPERVISION: ['Routine supervision and inspection.', '日常监督检查'],
  ENFORCEMENT: ['Investigation and decision of a case.', '行政执法办案'],
  JOINT_PUNISHMENT: ['Joint punishment: determine, execute, lift.', '联合惩戒'],
  CREDIT_REPAIR: ['Credit repair.', '信用修复'],
  RECOGNITION: ['Mutual recognition of results.', '结果互认采信'],
  LICENSING: ['Licences and qualifications.', '许可与资质审批'],
  CLUE_REVIEW: ['Review and transfer of clues.', '线索核查移送'],
  COMPLAINT: ['Complaints and reports of citizens.', '投诉举报处理'],
  AUDIT: ['Audit of the departments or of the hub.', '审计监督'],
} as const satisfies Readonly<Record<string, readonly [english: string, chinese: string]>>;
export type Purpose = keyof typeof PURPOSES;
const PURPOSE_NAMES = Object.keys(PURPOSES) as Purpose[];

export interface Grounds {
  /** null: the caller named none. */
  readonly purpose: Purpose | null;
  /** In the form of {@link normaliseCaseNumber}; null: the caller named none. */
  readonly caseNumber: string | null;
}

export const NO_GROUNDS: Grounds = Object.freeze<Grounds>({ purpose: null, caseNumber: null });

const MAX_CASE_NUMBER_LENGTH = 64;
const CASE_NUMBER = new RegExp(`^[\\p{L}\\p{N}〔〕()_./-]{1,${MAX_CASE_NUMBER_LENGTH}}$`, 'u');

const Purposes = z.enum(PURPOSE_NAMES, `The purpose must be one of ${PURPOSE_NAMES.join(', ')}.`);
const CaseNumber = z
  .string('The case number must be a text.')
  .transform(normaliseCaseNumber)
  .refine(
    (number) => CASE_NUMBER.test(number),
    `The case number must have 1 to ${MAX_CASE_NUMBER_LENGTH} letters, digits, brackets, ".", "/", "_" or "-", e.g. 黔市监处罚〔2026〕12号.`,
  );
const Stated = z.object({ purpose: Purposes.nullish(), caseNumber: CaseNumber.nullish() });

/**
 * @param stated as the caller sent it; nothing and null say nothing
 * @throws HubError INPUT_INVALID naming what may be said
 */
export function parseGrounds(stated: { readonly purpose?: unknown; readonly caseNumber?: unknown }): Grounds {
  const parsed = Stated.safeParse(stated);
  if (!parsed.success) throw new HubError('INPUT_INVALID', parsed.error.issues[0]?.message ?? 'Wrong purpose.');
  const { purpose = null, caseNumber = null } = parsed.data;
  return purpose === null && caseNumber === null ? NO_GROUNDS : Object.freeze({ purpose, caseNumber });
}
