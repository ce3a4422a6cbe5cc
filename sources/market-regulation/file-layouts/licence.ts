/**
 * 行政许可 export files. A licence becomes one version of a qualification. Files know neither capability schedules nor
 * signatories nor the valid time of versions, so a version that the data service sends for the same certificate goes
 * before it (its valid time is later than "open").
 */
import { splitCmaNumbers } from '../../../schema/codes/cma-number.ts';
import type { QualificationRecord, QualificationScheme, QualificationStatus } from '../../../schema/records.ts';
import { startOfDay } from '../../../schema/time/calendar-date.ts';
import type { Draft } from '../../kit/adapter.ts';
import { fileLayout } from '../../kit/file-layout.ts';
import type { NamedCells, RowReading } from '../../kit/file-layout.ts';
import { readNativeDate, readNativeEndDate } from '../../kit/native-dates.ts';
import { column, commonColumns, subjectColumns2015, subjectColumns2021, timeColumns2021 } from './columns.ts';
import { FileRow } from './file-row.ts';
import { naturalPerson, readingOf, updatedAtOf } from './reading.ts';
import { recordIdOf } from './record-id.ts';
import { isKindOfOrganisation, isLicenceKind, isNaturalPerson } from './words.ts';

const decision = [
  column('REQUIRED', 'XK_WSH', '行政许可决定文书号', '行政许可决定书文号', '许可决定文书号', '决定文书号'),
  column('IGNORED', 'XK_NR', '许可内容'),
  column('REQUIRED', 'XK_JDRQ', '许可决定日期', '决定日期'),
  column('REQUIRED', 'XK_ZT', '当前状态'),
];

const columns2021 = [
  ...commonColumns,
  ...subjectColumns2021('XK'),
  ...decision,
  column('OPTIONAL', 'XK_XKWS', '行政许可决定文书名称', '许可决定文书名称'),
  column('OPTIONAL', 'XK_XKLB', '许可类别'),
  column('OPTIONAL', 'XK_XKZS', '许可证书名称'),
  column('OPTIONAL', 'XK_XKBH', '许可编号', '许可证书编号'),
  column('REQUIRED', 'XK_YXQZ', '有效期自'),
  column('REQUIRED', 'XK_YXQZI', '有效期至'),
  column('REQUIRED', 'XK_XKJG', '许可机关'),
  column('OPTIONAL', 'XK_XKJGDM', '许可机关统一社会信用代码', '许可机关代码'),
  column('IGNORED', 'XK_LYDW', '数据来源单位'),
  column('IGNORED', 'XK_LYDWDM', '数据来源单位统一社会信用代码', '数据来源单位代码'),
  ...timeColumns2021,
];

const columns2015 = [
  ...commonColumns,
  ...subjectColumns2015('XK', 'XK_XDR'),
  ...decision,
  column('IGNORED', 'XK_XMMC', '项目名称'),
  column('IGNORED', 'XK_BM', '权力编码'),
  column('REQUIRED', 'XK_SPLB', '审批类别'),
  column('REQUIRED', 'XK_JZQ', '许可截止期', '截止期'),
  column('REQUIRED', 'XK_XZJG', '许可机关'),
  column('IGNORED', 'XK_SYFW', '使用范围'),
];

/** XK_ZT. The same digit says opposite things in the two versions. 无效 does not say why: the mildest word is taken. */
const STATUS_2021: ReadonlyMap<string, QualificationStatus> = new Map([
  ['1', 'VALID'],
  ['有效', 'VALID'],
  ['2', 'CANCELLED'],
  ['无效', 'CANCELLED'],
]);
/** An objection (2) does not end a licence, and neither does 其他 (3). */
const STATUS_2015: ReadonlyMap<string, QualificationStatus> = new Map([
  ['0', 'VALID'],
  ['正常', 'VALID'],
  ['1', 'REVOKED'],
  ['撤销', 'REVOKED'],
  ['2', 'VALID'],
  ['异议', 'VALID'],
  ['3', 'VALID'],
  ['其他', 'VALID'],
]);

/** CNCA-R-2026-001, CNCA-RF-2026-01. */
const CERTIFICATION_BODY_APPROVAL = /^CNCA-RF?-\d{4}-\d{2,4}$/;

function schemeOf(number: string, certificateName: string): QualificationScheme {
  if (CERTIFICATION_BODY_APPROVAL.test(number.toUpperCase()) || certificateName.includes('认证机构批准'))
    return 'CERTIFICATION_APPROVAL';
  return 'OTHER';
}

interface Licence {
  readonly recordId: string;
  /** As written; several CMA numbers may be joined. */
  readonly certificate: string;
  readonly certificateName: string;
  readonly status: QualificationStatus;
  readonly decidedOn: string;
  readonly from: string | null;
  readonly to: string;
  readonly issuer: string;
  readonly updatedAt: Date | null;
}

/** One draft; of a cell with several CMA numbers one for each. */
function draftsOf(licence: Licence): Draft<QualificationRecord>[] {
  const { numbers, unreadable } = splitCmaNumbers(licence.certificate);
  const isCma = numbers.length > 0 && unreadable.length === 0;
  const certificates = isCma ? numbers : [licence.certificate];
  const decidedOn = readNativeDate(licence.decidedOn);
  return certificates.map((number) => ({
    scheme: isCma ? 'CMA' : schemeOf(number, licence.certificateName),
    number,
    status: licence.status,
    validFrom: licence.from === null ? null : readNativeDate(licence.from),
    validTo: readNativeEndDate(licence.to),
    issuer: licence.issuer,
    scope: [],
    signatories: [],
    emergencyChannel: false,
    effectiveFrom: null,
    effectiveTo: null,
    // Nobody can have recorded a decision before it was made; without a time stamp nothing more is known.
    recordedAt: licence.updatedAt ?? (decidedOn === null ? null : startOfDay(decidedOn)),
    supersededAt: null,
    sourceRecordId: certificates.length === 1 ? licence.recordId : `${licence.recordId}#${number}`,
    asOf: licence.updatedAt,
  }));
}

/** @returns null for a state that is missing or not in the list, which is a problem then */
function statusOf(row: FileRow, list: ReadonlyMap<string, QualificationStatus>): QualificationStatus | null {
  const text = row.raw('XK_ZT');
  const status = text === null ? undefined : list.get(text);
  if (text === null) row.refuse('XK_ZT', 'MISSING', 'is empty');
  else if (status === undefined) row.refuse('XK_ZT', 'UNKNOWN_CATEGORY', 'is not in the list of states of a licence');
  return status ?? null;
}

function checkKind(row: FileRow, name: string): void {
  const kind = row.raw(name);
  if (kind !== null && !isLicenceKind(kind))
    row.refuse(name, 'UNKNOWN_CATEGORY', 'is not in the list of kinds of licences');
}

function toChanges2021(cells: NamedCells): RowReading {
  const row = new FileRow(cells);
  if (isNaturalPerson(row.raw('XK_XDR_LB'))) return naturalPerson('XK_XDR_LB');
  const kind = row.required('XK_XDR_LB');
  if (kind !== '' && !isKindOfOrganisation(kind))
    row.refuse('XK_XDR_LB', 'UNKNOWN_CATEGORY', 'is not in the list of kinds of subjects');
  checkKind(row, 'XK_XKLB');
  const code = row.creditCode('XK_XDR_SHXYM');
  const status = statusOf(row, STATUS_2021);
  const document = row.required('XK_WSH', 'number');
  const [changedAt, stampedAt] = [row.instant('XGSJ'), row.instant('SJC')];
  const licence = {
    certificate: row.number('XK_XKBH') ?? document,
    certificateName: `${row.text('XK_XKZS') ?? ''} ${row.text('XK_XKWS') ?? ''}`,
    decidedOn: row.requiredDay('XK_JDRQ'),
    from: row.day('XK_YXQZ'),
    to: row.requiredEndDay('XK_YXQZI'),
    issuer: row.required('XK_XKJG'),
    recordId: recordIdOf(row, {
      documentNumber: 'XK_WSH',
      authorityCode: 'XK_XKJGDM',
      authority: 'XK_XKJG',
      subject: 'XK_XDR_SHXYM',
    }),
  };
  return readingOf(row, code, null, () =>
    status === null ? [] : draftsOf({ ...licence, status, updatedAt: updatedAtOf(changedAt, stampedAt) }),
  );
}

function toChanges2015(cells: NamedCells): RowReading {
  const row = new FileRow(cells);
  if (['XK_XDR_SHXYM', 'XK_XDR_ZDM', 'XK_XDR_GSDJ'].every((name) => row.raw(name) === null))
    return naturalPerson('XK_XDR_SHXYM');
  checkKind(row, 'XK_SPLB');
  const code = row.creditCode('XK_XDR_SHXYM');
  const status = statusOf(row, STATUS_2015);
  const decidedOn = row.requiredDay('XK_JDRQ');
  const stampedAt = row.instant('SJC');
  const licence = {
    certificate: row.required('XK_WSH', 'number'),
    certificateName: '',
    decidedOn,
    // This version has no beginning of its own.
    from: decidedOn,
    to: row.requiredEndDay('XK_JZQ'),
    issuer: row.required('XK_XZJG'),
    recordId: recordIdOf(row, {
      documentNumber: 'XK_WSH',
      authorityCode: null,
      authority: 'XK_XZJG',
      subject: 'XK_XDR_SHXYM',
    }),
  };
  return readingOf(row, code, null, () =>
    status === null ? [] : draftsOf({ ...licence, status, updatedAt: updatedAtOf(stampedAt) }),
  );
}

export const licenceFile = fileLayout({
  read: 'qualifications',
  title: 'Administrative licences',
  titleZh: '行政许可',
  versions: [
    { name: '2021', columns: columns2021, oneOf: [['ID', 'XK_XKJGDM']], toChanges: toChanges2021 },
    { name: '2015', columns: columns2015, toChanges: toChanges2015 },
  ],
});
