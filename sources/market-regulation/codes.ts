/**
 * The service's code lists and what they mean to the hub (domain reference 2.5 and 6.1). Lists that grow (kinds of
 * institution, registration states) have a place for the unknown; in the closed ones an unknown code is an error,
 * because guessing a verdict is worse than showing none.
 */
import {
  SAMPLING_KINDS,
  type InspectionResult,
  type InstitutionKind,
  type InstitutionStatus,
  type QualificationScheme,
  type QualificationStatus,
  type SamplingKind,
} from '../../schema/records.ts';

/** ORGKIND 机构类别. */
export const ORGKIND_CODES: Readonly<Record<InstitutionKind, string>> = {
  CERTIFICATION_BODY: '01',
  INSPECTION_TESTING_BODY: '02',
  VEHICLE_INSPECTION_BODY: '03',
  ENV_MONITORING_BODY: '04',
  MEDICAL_DEVICE_INSPECTION_BODY: '05',
  CARBON_VERIFICATION_BODY: '06',
  CARBON_TESTING_BODY: '07',
  FOOD_AGRI_TESTING_BODY: '08',
  PT_PROVIDER: '09',
  CCC_DESIGNATED_BODY: '10',
  OTHER: '99',
};
const KIND_OF_CODE: ReadonlyMap<string, InstitutionKind> = new Map(
  (Object.keys(ORGKIND_CODES) as InstitutionKind[]).map((kind) => [ORGKIND_CODES[kind], kind]),
);

/** @param text ORGKIND: codes joined by commas; each kind once, in order; a code the hub does not know is OTHER. */
export function kindsOf(text: string | null): InstitutionKind[] {
  const codes = (text ?? '').split(/[,，]/).map((code) => code.trim());
  return [...new Set(codes.filter((code) => code !== '').map((code) => KIND_OF_CODE.get(code) ?? 'OTHER'))];
}

/** OPSTATE 登记状态. 4 迁出: registered elsewhere from then on, so this register no longer knows. */
const STATUS_OF_OPSTATE: ReadonlyMap<string, InstitutionStatus> = new Map([
  ['1', 'ACTIVE'],
  ['2', 'REVOKED'],
  ['3', 'DEREGISTERED'],
  ['4', 'UNKNOWN'],
  ['5', 'SUSPENDED'],
  ['9', 'UNKNOWN'],
]);
/** Offices that send the word write more than it ("吊销，未注销"), so its beginning decides. */
const STATUS_OF_OPSTATE_WORD: readonly (readonly [RegExp, InstitutionStatus])[] = [
  [/^(?:在营|开业|存续|正常|在业)/u, 'ACTIVE'],
  [/^吊销/u, 'REVOKED'],
  [/^注销/u, 'DEREGISTERED'],
  [/^(?:歇业|停业)/u, 'SUSPENDED'],
];

/** @param text OPSTATE, a code or a word; UNKNOWN where the list has no entry. */
export function institutionStatusOf(text: string): InstitutionStatus {
  return (
    STATUS_OF_OPSTATE.get(text) ?? STATUS_OF_OPSTATE_WORD.find(([beginning]) => beginning.test(text))?.[1] ?? 'UNKNOWN'
  );
}

/** CERTTYPE. */
const SCHEME_OF_CERTTYPE: ReadonlyMap<string, QualificationScheme> = new Map([
  ['1', 'CMA'],
  ['2', 'CNAS'],
  ['3', 'CCC_DESIGNATION'],
  ['4', 'CERTIFICATION_APPROVAL'],
]);

/** @throws RangeError for a code that is not in the list */
export function schemeOf(certType: string): QualificationScheme {
  return SCHEME_OF_CERTTYPE.get(certType) ?? notListed('certificate types');
}

/** CERTSTATE_CN 状态汉字; also the words by which the register is filtered. */
export const CERTSTATE_WORDS: Readonly<Record<QualificationStatus, string>> = {
  VALID: '有效',
  CANCELLED: '注销',
  REVOKED: '撤销',
  EXPIRED: '过期',
  SUSPENDED: '暂停',
  RECTIFYING: '责令整改',
};
const STATUS_OF_CERTSTATE: ReadonlyMap<string, QualificationStatus> = new Map([
  ['1', 'VALID'],
  ['2', 'CANCELLED'],
  ['3', 'REVOKED'],
  ['4', 'EXPIRED'],
]);
const SUSPENDED_OR_RECTIFYING = '5';

/**
 * @param certState CERTSTATE; its 5 has two meanings, which the word beside it tells apart
 * @param word CERTSTATE_CN. Without it 5 is RECTIFYING for CMA, which knows no suspension (order 163), and SUSPENDED
 *   for all other schemes
 * @throws RangeError for a code that is not in the list
 */
export function qualificationStatusOf(
  certState: string,
  word: string | null,
  scheme: QualificationScheme,
): QualificationStatus {
  if (certState !== SUSPENDED_OR_RECTIFYING)
    return STATUS_OF_CERTSTATE.get(certState) ?? notListed('certificate states');
  if (word?.includes('暂停')) return 'SUSPENDED';
  if (word?.includes('整改')) return 'RECTIFYING';
  return scheme === 'CMA' ? 'RECTIFYING' : 'SUSPENDED';
}

/** CERTKIND of the certificate query. */
const CERTIFICATE_SCHEME_OF_KIND: ReadonlyMap<string, string> = new Map([
  ['1', 'MANAGEMENT_SYSTEM'],
  ['2', 'CCC'],
  ['5', 'CMA'],
  ['6', 'CERTIFICATION_APPROVAL'],
]);

/** @throws RangeError for a code that is not in the list */
export function certificateSchemeOf(certKind: string): string {
  return CERTIFICATE_SCHEME_OF_KIND.get(certKind) ?? notListed('kinds of certificates');
}

/** CERTSTATUS: words of the national certificate platform (wire-formats D.3). */
const STATUS_OF_CERTIFICATE_WORD: ReadonlyMap<string, QualificationStatus> = new Map([
  ['有效', 'VALID'],
  ['暂停', 'SUSPENDED'],
  ['撤销', 'REVOKED'],
  ['注销', 'CANCELLED'],
  ['过期失效', 'EXPIRED'],
]);

/** @throws RangeError for a word that is not in the list */
export function certificateStatusOf(word: string): QualificationStatus {
  return STATUS_OF_CERTIFICATE_WORD.get(word) ?? notListed('certificate states');
}

/** JYJL of the report register. */
const RESULT_OF_JYJL: ReadonlyMap<string, InspectionResult> = new Map([
  ['1', 'PASS'],
  ['2', 'FAIL'],
  ['9', 'UNKNOWN'],
]);

/** @throws RangeError for a code that is not in the list */
export function conclusionOf(jyjl: string): InspectionResult {
  return RESULT_OF_JYJL.get(jyjl) ?? notListed('conclusions');
}

/** JCJYLB 检测检验类别 of the report register; the codes are ours, the column is that of published tables. */
export const JCJYLB_CODES: Readonly<Record<SamplingKind, string>> = {
  SENT_SAMPLE: '1',
  BODY_SAMPLING: '2',
  AUTHORITY_SAMPLING: '3',
  WHOLE_OBJECT: '4',
};

/** @returns null where the row says nothing that the hub knows: what suits a purpose is then for a person to say */
export const samplingKindOf = (jcjylb: string | null): SamplingKind | null =>
  SAMPLING_KINDS.find((kind) => JCJYLB_CODES[kind] === jcjylb) ?? null;

/** SPECAUSE (wire-formats D.4): reasons for the abnormal list where the row carries the code alone. */
const ABNORMAL_REASONS: ReadonlyMap<string, string> = new Map([
  ['1', '未按规定公示年度报告'],
  ['2', '未按责令期限公示有关信息'],
  ['3', '公示信息隐瞒真实情况、弄虚作假'],
  ['4', '通过登记的住所无法联系'],
]);

/** @throws RangeError for a code that is not in the list */
export function abnormalReasonOf(specause: string): string {
  return ABNORMAL_REASONS.get(specause) ?? notListed('reasons for the abnormal list');
}

/** CF_ZT of the 2015 layout: whether the decision still stands; 2 objected and 3 other do. */
export function decisionStands(cfZt: string | null): boolean {
  if (cfZt === null || ['0', '2', '3'].includes(cfZt)) return true;
  return cfZt === '1' ? false : notListed('states of a decision');
}

/** EMERGFLAG and ISMOVE. @throws RangeError for anything but 0, 1 and nothing */
export function isSet(flag: string | null): boolean {
  if (flag === null || flag === '0') return false;
  return flag === '1' ? true : notListed('flags');
}

function notListed(list: string): never {
  throw new RangeError(`is not in the list of ${list}`);
}
