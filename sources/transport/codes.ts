/** The department's code lists (wire-formats 1.2 and C.1; domain reference 6.3). Software of three ages fills them. */
import type { InspectionResult, InstitutionStatus, QualificationStatus } from '../../schema/records.ts';
import type { NoticeFields } from '../kit/notice-fields.ts';
import type { WordDialect } from '../kit/notice-words.ts';

/** BAZT 备案状态 */
const FILING: Readonly<Record<string, readonly [InstitutionStatus, QualificationStatus]>> = {
  '1': ['ACTIVE', 'VALID'], // 正常
  '2': ['SUSPENDED', 'SUSPENDED'], // 暂停
  '3': ['DEREGISTERED', 'CANCELLED'], // 注销
  '4': ['REVOKED', 'REVOKED'], // 撤销
  '5': ['SUSPENDED', 'EXPIRED'], // 过期
  '6': ['SUSPENDED', 'RECTIFYING'], // 整改
};

/** @throws RangeError for a code that is not of the list */
function filing(bazt: string): readonly [InstitutionStatus, QualificationStatus] {
  const entry = FILING[bazt];
  if (entry === undefined) throw new RangeError('is no state of a filing (1-6)');
  return entry;
}

/** What the state of its filing says about the station. @throws RangeError for an unknown code */
export function institutionStatusOf(bazt: string): InstitutionStatus {
  return bazt === '' ? 'UNKNOWN' : filing(bazt)[0];
}

/** @throws RangeError for an unknown code, and where there is none */
export function filingStatusOf(bazt: string): QualificationStatus {
  return filing(bazt)[1];
}

/** JCJL 检测结论: codes, words, marks of the record sheet. A grade as the conclusion means passed. */
const CONCLUSIONS: Readonly<Record<string, InspectionResult>> = {
  '1': 'PASS',
  合格: 'PASS',
  一级: 'PASS',
  二级: 'PASS',
  '○': 'PASS',
  '2': 'FAIL',
  不合格: 'FAIL',
  '×': 'FAIL',
  '': 'NOT_INSPECTED',
  '—': 'NOT_INSPECTED',
  '——': 'NOT_INSPECTED',
};

/** @throws RangeError for a conclusion that is not of the list */
export function resultOf(jcjl: string): InspectionResult {
  const result = CONCLUSIONS[jcjl];
  if (result === undefined) throw new RangeError('is no conclusion of a test');
  return result;
}

/** Every way in which JCJL says this; none for UNKNOWN, which the department cannot say. */
export function conclusionsMeaning(result: InspectionResult): string[] {
  return Object.keys(CONCLUSIONS).filter((jcjl) => CONCLUSIONS[jcjl] === result);
}

/** JSDJ 技术等级, and the grade that JCJL may hold instead. */
const GRADES: Readonly<Record<string, '1' | '2' | null>> = {
  '1': '1',
  一级: '1',
  '2': '2',
  二级: '2',
  合格: null,
  不合格: null,
  '': null,
  '—': null,
  '——': null,
};

/** @throws RangeError for a grade that is not of the list */
export function gradeOf(jsdj: string): '1' | '2' | null {
  const grade = GRADES[jsdj];
  if (grade === undefined) throw new RangeError('is no technical grade (1, 2)');
  return grade;
}

/** JCJL where it holds the grade in words; its codes 1 and 2 mean something else. */
export function gradeInConclusion(jcjl: string): '1' | '2' | null {
  if (jcjl === '一级') return '1';
  return jcjl === '二级' ? '2' : null;
}

/** XXLX 消息类型 */
export const MESSAGE_CODES: Readonly<Record<NoticeFields['type'], string>> = {
  'notice.issued': '01',
  'notice.lifted': '02',
  'notice.withdrawn': '03',
};

/** QZ_LHCJ_FK: FKLX 反馈类型, JG 执行结果 */
export const ANSWER_DIALECT: WordDialect = {
  kinds: { '1': 'SIGNED', '2': 'RETURNED', '3': 'FED_BACK', '4': 'LIFT_CONFIRMED' },
  results: {
    '01': 'EXECUTED', // 已执行
    '02': 'PARTLY', // 部分执行
    '03': 'NOT_APPLICABLE', // 不适用
    '04': 'NO_OBJECT', // 无业务发生
    '05': 'FAILED', // 未执行
  },
  names: { kind: 'FKLX', text: 'SM', measureId: 'CSDM', result: 'JG', caseCount: 'SL', handledAt: 'CLSJ' },
};

/** CF_XDR_LB 行政相对人类别 of rows about a person; they are not for the hub. */
export const NATURAL_PERSON = ['自然人', '01'] as const;

export function isNaturalPerson(category: string): boolean {
  return (NATURAL_PERSON as readonly string[]).includes(category);
}
