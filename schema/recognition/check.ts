/** One check of a recognition: what it found, and what it means when it did not pass. */
import type { SeenCoverage } from './evidence.ts';

/** Reasons for which a result is not recognised (domain reference 5.3), each with the check that finds it. */
export const CHECK_NAMES = {
  /** 报告/证书查无 */
  RJ01: 'REGISTERED',
  /** 与备案内容不一致 */
  RJ02: 'CONTENT_MATCHES',
  /** 资质在签发日无效 */
  RJ03: 'QUALIFIED',
  /** 超出能力范围 */
  RJ04: 'IN_SCOPE',
  /** 授权签字人不符 */
  RJ05: 'SIGNATORY_AUTHORISED',
  /** 超过采信时效 */
  RJ06: 'FRESH',
  /** 与采信用途不符 */
  RJ07: 'SUITS_PURPOSE',
  /** 机构在失信名单或整改期 */
  RJ08: 'NOT_LISTED',
  /** 存在未办结疑点 */
  RJ09: 'NO_CLUE',
  /** 标准版本作废 */
  RJ10: 'STANDARD_CURRENT',
  /** 该项目能力验证不满意 */
  RJ11: 'PROFICIENT',
} as const;
export type ReasonCode = keyof typeof CHECK_NAMES;
export const REASON_CODES = Object.keys(CHECK_NAMES) as ReasonCode[];

/** Why a check failed, in words that rules can name: some of them pass. */
export const CAUSES = [
  'NOT_REGISTERED',
  'CONTENT_DIFFERS',
  'CMA_REVOKED',
  'CMA_SUSPENDED',
  'CMA_ABSENT',
  'OUT_OF_SCOPE',
  'SIGNATORY_INVALID',
  'TOO_OLD',
  'PURPOSE_UNSUITABLE',
  'LISTED',
  'RECTIFYING',
  'OPEN_CLUE',
  'CONFIRMED_CLUE',
  'STANDARD_OBSOLETE',
  'PROFICIENCY_OPEN',
  'CERTIFICATE_SUSPENDED',
  'CERTIFICATE_INVALID',
  'ISSUER_UNQUALIFIED',
] as const;
export type Cause = (typeof CAUSES)[number];

/**
 * Why a check could not be settled. SILENT: a source that it needs did not answer. MISSING: what it needs is on no record,
 * or was not handed in. REVIEW: something has happened since the day of the report, and a person must judge it. NOT_MADE:
 * another check has left nothing to look at.
 */
export type Doubt = 'SILENT' | 'MISSING' | 'REVIEW' | 'NOT_MADE';

export interface Check {
  readonly code: ReasonCode;
  readonly name: string;
  /** null: not settled; never a pass. */
  readonly passed: boolean | null;
  readonly evidence: string;
  /** Whose answer it rests on, or whose is missing; null where the hub's own rules and records decide. */
  readonly coverage: SeenCoverage | null;
  /** With passed = false. */
  readonly cause: Cause | null;
  /** With passed = null. */
  readonly doubt: Doubt | null;
}

const check = (
  code: ReasonCode,
  evidence: string,
  coverage: SeenCoverage | null,
  found: Pick<Check, 'passed' | 'cause' | 'doubt'>,
): Check => ({ code, name: CHECK_NAMES[code], evidence, coverage, ...found });

export const passed = (code: ReasonCode, evidence: string, coverage: SeenCoverage | null = null): Check =>
  check(code, evidence, coverage, { passed: true, cause: null, doubt: null });

export const failed = (code: ReasonCode, cause: Cause, evidence: string, coverage: SeenCoverage | null = null): Check =>
  check(code, evidence, coverage, { passed: false, cause, doubt: null });

export const unsettled = (
  code: ReasonCode,
  doubt: Doubt,
  evidence: string,
  coverage: SeenCoverage | null = null,
): Check => check(code, evidence, coverage, { passed: null, cause: null, doubt });
