/** 行政处罚 export files. Their rows become what the data service's rows become: the same wire form, the same map. */
import { fileLayout } from '../../kit/file-layout.ts';
import type { NamedCells, RowReading } from '../../kit/file-layout.ts';
import { decisionStands } from '../codes.ts';
import { toPenalty } from '../credit-map.ts';
import type { Penalty2015Wire, Penalty2021Wire } from '../credit-wire.ts';
import { column, commonColumns, subjectColumns2015, subjectColumns2021, timeColumns2021 } from './columns.ts';
import { FileRow } from './file-row.ts';
import { naturalPerson, readingOf, updatedAtOf } from './reading.ts';
import { recordIdOf } from './record-id.ts';
import { arePenaltyCategories, isKindOfOrganisation, isNaturalPerson } from './words.ts';

const decision = [
  column('REQUIRED', 'CF_WSH', '行政处罚决定书文号', '行政处罚决定文书号', '处罚决定书文号', '决定文书号'),
  column('OPTIONAL', 'CF_YJ', '处罚依据'),
  column('REQUIRED', 'CF_JDRQ', '处罚决定日期', '决定日期'),
  column('OPTIONAL', 'CF_GSRQ', '公示日期', '公示开始日期'),
  column('OPTIONAL', 'CF_GSJZQ', '公示截止期', '公示截止日期'),
];

const columns2021 = [
  ...commonColumns,
  ...subjectColumns2021('CF'),
  ...decision,
  column('REQUIRED', 'CF_WFXW', '违法行为类型'),
  column('OPTIONAL', 'CF_SY', '违法事实'),
  column('REQUIRED', 'CF_CFLB', '处罚类别'),
  column('IGNORED', 'CF_NR', '处罚内容'),
  column('OPTIONAL', 'CF_NR_FK', '罚款金额(万元)', '罚款金额'),
  column(
    'OPTIONAL',
    'CF_NR_WFFF',
    ...['没收违法所得、没收非法财物的金额(万元)', '没收违法所得、没收非法财物的金额', '没收金额(万元)'],
  ),
  column('IGNORED', 'CF_NR_ZKDX', '暂扣或吊销证照名称及编号'),
  column('IGNORED', 'CF_YXQ', '处罚有效期'),
  column('REQUIRED', 'CF_CFJG', '处罚机关'),
  column('OPTIONAL', 'CF_CFJGDM', '处罚机关统一社会信用代码', '处罚机关代码'),
  column('IGNORED', 'CF_SJLY', '数据来源单位'),
  column('IGNORED', 'CF_SJLYDM', '数据来源单位统一社会信用代码', '数据来源单位代码'),
  ...timeColumns2021,
];

const columns2015 = [
  ...commonColumns,
  ...subjectColumns2015('CF', 'CF_XDR_MC'),
  ...decision,
  column('IGNORED', 'CF_CFMC', '处罚名称'),
  column('IGNORED', 'CF_AJMC', '案件名称'),
  column('IGNORED', 'CF_BM', '权力编码'),
  column('REQUIRED', 'CF_SY', '处罚事由'),
  column('REQUIRED', 'CF_CFLB1', '处罚类别1'),
  column('OPTIONAL', 'CF_CFLB2', '处罚类别2'),
  column('IGNORED', 'CF_JG', '处罚结果'),
  column('REQUIRED', 'CF_XZJG', '处罚机关'),
  column('OPTIONAL', 'CF_ZT', '当前状态'),
  column('IGNORED', 'CF_SYFW', '使用范围'),
  column('IGNORED', 'CF_SXYZCD', '失信严重程度'),
];

function shared(row: FileRow) {
  return {
    CF_WSH: row.required('CF_WSH', 'number'),
    CF_YJ: row.text('CF_YJ'),
    CF_JDRQ: row.requiredDay('CF_JDRQ'),
    CF_GSRQ: row.day('CF_GSRQ'),
    CF_GSJZQ: row.endDay('CF_GSJZQ'),
  };
}

function checkCategories(row: FileRow, name: string, text: string | null): void {
  if (text !== null && !arePenaltyCategories(text))
    row.refuse(name, 'UNKNOWN_CATEGORY', 'is not in the list of kinds of penalties');
}

function toChanges2021(cells: NamedCells): RowReading {
  const row = new FileRow(cells);
  if (isNaturalPerson(row.raw('CF_XDR_LB'))) return naturalPerson('CF_XDR_LB');
  const kind = row.required('CF_XDR_LB');
  if (kind !== '' && !isKindOfOrganisation(kind))
    row.refuse('CF_XDR_LB', 'UNKNOWN_CATEGORY', 'is not in the list of kinds of subjects');
  const code = row.creditCode('CF_XDR_SHXYM');
  const [changedAt, stampedAt] = [row.instant('XGSJ'), row.instant('SJC')];
  checkCategories(row, 'CF_CFLB', row.raw('CF_CFLB'));
  const wire: Penalty2021Wire = {
    layout: '2021',
    CF_XDR_SHXYM: code ?? '',
    CF_XDR_LB: kind,
    ...shared(row),
    CF_WFXW: row.required('CF_WFXW'),
    CF_SY: row.text('CF_SY'),
    CF_CFLB: row.required('CF_CFLB'),
    CF_NR_FK: row.wanYuan('CF_NR_FK'),
    CF_NR_WFFF: row.wanYuan('CF_NR_WFFF'),
    CF_CFJG: row.required('CF_CFJG'),
    XGSJ: changedAt ?? stampedAt,
    ID: recordIdOf(row, {
      documentNumber: 'CF_WSH',
      authorityCode: 'CF_CFJGDM',
      authority: 'CF_CFJG',
      subject: 'CF_XDR_SHXYM',
    }),
  };
  return readingOf(row, code, null, () => draftsOf(wire));
}

function toChanges2015(cells: NamedCells): RowReading {
  const row = new FileRow(cells);
  if (['CF_XDR_SHXYM', 'CF_XDR_ZDM', 'CF_XDR_GSDJ'].every((name) => row.raw(name) === null))
    return naturalPerson('CF_XDR_SHXYM');
  const code = row.creditCode('CF_XDR_SHXYM');
  for (const name of ['CF_CFLB1', 'CF_CFLB2']) checkCategories(row, name, row.raw(name));
  const wire: Penalty2015Wire = {
    layout: '2015',
    CF_XDR_SHXYM: code ?? '',
    ...shared(row),
    CF_SY: row.required('CF_SY'),
    CF_CFLB1: row.required('CF_CFLB1'),
    CF_CFLB2: row.text('CF_CFLB2'),
    CF_XZJG: row.required('CF_XZJG'),
    CF_ZT: row.raw('CF_ZT'),
    SJC: row.instant('SJC'),
    ID: recordIdOf(row, {
      documentNumber: 'CF_WSH',
      authorityCode: null,
      authority: 'CF_XZJG',
      subject: 'CF_XDR_SHXYM',
    }),
  };
  const withdrawn = standsOrNull(row, wire.CF_ZT) === false;
  const removal = withdrawn ? { recordId: wire.ID, updatedAt: updatedAtOf(wire.SJC) } : null;
  return readingOf(row, code, removal, () => draftsOf(wire));
}

function standsOrNull(row: FileRow, state: string | null): boolean | null {
  try {
    return decisionStands(state);
  } catch {
    row.refuse('CF_ZT', 'UNKNOWN_CATEGORY', 'is not in the list of states of a decision');
    return null;
  }
}

function draftsOf(wire: Penalty2021Wire | Penalty2015Wire) {
  const draft = toPenalty(wire);
  return draft === null ? [] : [draft];
}

export const penaltyFile = fileLayout({
  read: 'penalties',
  title: 'Administrative penalties',
  titleZh: '行政处罚',
  versions: [
    { name: '2021', columns: columns2021, oneOf: [['ID', 'CF_CFJGDM']], toChanges: toChanges2021 },
    { name: '2015', columns: columns2015, toChanges: toChanges2015 },
  ],
});
