/** The police's own codes and what they mean here (wire-formats A.4, 1.2). */
import type { CapabilityItem, InspectionResult, InstitutionStatus, QualificationStatus } from '../../schema/records.ts';
import type { NoticeFields } from '../kit/notice-fields.ts';
import type { WordDialect } from '../kit/notice-words.ts';
import type { EquipmentBlock } from './wire.ts';

/**
 * zt of a filing: 0 撤销, 1 正常, 2 停用, 3 首次备案申请, 4 过有效期. What it says about the station: one whose filing
 * has run out may not inspect; one that applies for the first time exists and works on it.
 */
const STATUS_OF_STATION: Readonly<Record<string, InstitutionStatus>> = {
  '0': 'REVOKED',
  '1': 'ACTIVE',
  '2': 'SUSPENDED',
  '3': 'ACTIVE',
  '4': 'SUSPENDED',
};

/** Of the filing itself; a first application (3) is no filing yet. */
const STATUS_OF_FILING: Readonly<Record<string, QualificationStatus>> = {
  '0': 'REVOKED',
  '1': 'VALID',
  '2': 'SUSPENDED',
  '4': 'EXPIRED',
};
export const FIRST_APPLICATION = '3';

/** A status outside the list says nothing. */
export function stationStatusOf(zt: string): InstitutionStatus {
  return STATUS_OF_STATION[zt] ?? 'UNKNOWN';
}

/** @throws RangeError for a status outside the list: a qualification of unknown state must not pass for a valid one */
export function filingStatusOf(zt: string): QualificationStatus {
  const status = STATUS_OF_FILING[zt];
  if (status === undefined) throw new RangeError('is no status of a filing');
  return status;
}

/** 判定, with the police's meaning of 0 and 2 (elsewhere 0 is a failure). */
const VERDICTS: Readonly<Record<string, InspectionResult>> = { '1': 'PASS', '2': 'FAIL', '0': 'NOT_INSPECTED' };

export function verdictOf(jyjgpd: string): InspectionResult {
  return VERDICTS[jyjgpd] ?? 'UNKNOWN';
}

/** The code by which inspections with a verdict are asked for; null where the police have no code for it. */
export function codeOfVerdict(result: InspectionResult): string | null {
  return Object.keys(VERDICTS).find((code) => VERDICTS[code] === result) ?? null;
}

/** xkjyfw */
const PERMITTED_SCOPES: Readonly<Record<string, string>> = {
  '00': '大型车',
  '01': '小型车',
  '02': '许可路试超检验能力的车',
  '03': '上门检验',
};
const SAFETY_INSPECTION = '机动车安全技术检验';
/** The standard that every safety inspection follows. */
const SAFETY_STANDARD = 'GB 38900-2020';

/** The scope behind one code; an unknown code is shown as it is. */
export function scopeOf(code: string): CapabilityItem {
  return {
    object: PERMITTED_SCOPES[code] ?? code,
    parameter: SAFETY_INSPECTION,
    standard: SAFETY_STANDARD,
    restriction: null,
    site: null,
  };
}

/** What each equipment block of a line is. */
export const EQUIPMENT_KINDS: Readonly<Record<EquipmentBlock, string>> = {
  zdsb: 'BRAKE_TESTER',
  dgsb: 'HEADLAMP_TESTER',
  sdsb: 'SPEEDOMETER_TESTER',
  chsb: 'SIDE_SLIP_TESTER',
  czsb: 'AXLE_LOAD_SCALE',
};

/** The character that closes the plates of a category and that the police leave off (hpzl, GA/T 16.7). */
const CLOSING_CHARACTERS: Readonly<Record<string, string>> = {
  '15': '挂',
  '16': '学',
  '17': '学',
  '23': '警',
  '24': '警',
};

export function closingCharacterOf(hpzl: string): string {
  return CLOSING_CHARACTERS[hpzl] ?? '';
}

/** xxlx 消息类型 of 18W90 */
export const MESSAGE_CODES: Readonly<Record<NoticeFields['type'], string>> = {
  'notice.issued': '1',
  'notice.lifted': '2',
  'notice.withdrawn': '3',
};

/** 18Q94: fklx 反馈类型, zxjg 执行结果 (0 is a failure here, unlike in a verdict) */
export const ANSWER_DIALECT: WordDialect = {
  kinds: { '1': 'SIGNED', '2': 'RETURNED', '3': 'FED_BACK', '4': 'LIFT_CONFIRMED' },
  results: { '0': 'FAILED', '1': 'EXECUTED', '2': 'PARTLY', '3': 'NOT_APPLICABLE', '4': 'NO_OBJECT' },
  names: { kind: 'fklx', text: 'fksm', measureId: 'csdm', result: 'zxjg', caseCount: 'zxsl', handledAt: 'clsj' },
};
