import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  csvOf,
  INSTITUTION_A,
  INSTITUTION_B,
  LICENCE_2015,
  LICENCE_2021,
  PENALTY_2015,
  PENALTY_2021,
  runImport,
  tableOf,
  workplace,
  xlsxOf,
} from './support.ts';
import type { Cells, Encoding, Workplace } from './support.ts';

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

const FILES: readonly {
  readonly layout: string;
  readonly version: string;
  readonly row: Cells;
  readonly code: string;
  readonly recordId: string;
  readonly facts: object;
  readonly updatedAt: Date;
}[] = [
  {
    layout: 'penalty',
    version: '2021',
    row: PENALTY_2021,
    code: INSTITUTION_A,
    recordId: '示市监处罚〔2026〕17号@11520000MBYDM1015G@91520115MAYDM00198',
    facts: {
      documentNumber: '示市监处罚〔2026〕17号',
      authority: '示例省市场监管局',
      categories: ['警告', '罚款'],
      reason: '违反检验检测机构监督管理规定',
      facts: '未经检验出具检验报告(示例)',
      basis: '(示例)',
      fineFen: 3_000_000,
      confiscatedFen: 8_050,
      decidedOn: '2026-01-20',
      severity: null,
      publishedFrom: null,
      publishedTo: '2029-01-20',
    },
    updatedAt: new Date('2026-01-21T02:25:00Z'),
  },
  {
    layout: 'penalty',
    version: '2015',
    row: PENALTY_2015,
    code: INSTITUTION_B,
    recordId: '示市监处罚〔2016〕17号@示例省质量技术监督局@91520201MAYDM0027Y',
    facts: {
      documentNumber: '示市监处罚〔2016〕17号',
      authority: '示例省质量技术监督局',
      categories: ['罚款', '没收违法所得、没收非法财物'],
      reason: '处罚事由',
      basis: null,
      fineFen: null,
      confiscatedFen: null,
      decidedOn: '2016-01-20',
      severity: null,
      publishedFrom: null,
      publishedTo: null,
    },
    updatedAt: new Date('2016-01-21T02:25:00Z'),
  },
  {
    layout: 'licence',
    version: '2021',
    row: LICENCE_2021,
    code: INSTITUTION_A,
    recordId: '示市监许〔2023〕5号@11520000MBYDM1015G@91520115MAYDM00198',
    facts: {
      scheme: 'CMA',
      number: '232405340017',
      status: 'VALID',
      validFrom: '2023-03-03',
      validTo: '2029-03-02',
      issuer: '示例省市场监管局',
      scope: [],
      signatories: [],
      emergencyChannel: false,
      effectiveFrom: null,
      effectiveTo: null,
      recordedAt: new Date('2023-03-04T01:00:00Z'),
      supersededAt: null,
    },
    updatedAt: new Date('2023-03-04T01:00:00Z'),
  },
  {
    layout: 'licence',
    version: '2015',
    row: LICENCE_2015,
    code: INSTITUTION_B,
    recordId: 'CNCA-R-2016-001@示例省质量技术监督局@91520201MAYDM0027Y',
    facts: {
      scheme: 'CERTIFICATION_APPROVAL',
      number: 'CNCA-R-2016-001',
      status: 'VALID',
      validFrom: '2016-01-20',
      validTo: null,
      issuer: '示例省质量技术监督局',
      scope: [],
      signatories: [],
      emergencyChannel: false,
      effectiveFrom: null,
      effectiveTo: null,
      recordedAt: new Date('2016-01-21T02:25:00Z'),
      supersededAt: null,
    },
    updatedAt: new Date('2016-01-21T02:25:00Z'),
  },
];
const ENCODINGS: readonly Encoding[] = ['utf-8', 'utf-8 with mark', 'gb18030', 'utf-16le with mark'];

describe.each(FILES)(
  'a $layout file of version $version',
  ({ layout, version, row, code, recordId, facts, updatedAt }) => {
    const id = `market-regulation~${recordId}`;
    const now = new Date('2026-02-01T00:00:00Z');
    const clock = { now: () => now };

    async function expectRecord(path: string) {
      const { report, sink, feedback } = await runImport(path, layout, { clock });
      expect(feedback).toEqual([]);
      expect(report).toMatchObject({ version, rows: 1, accepted: 1, refused: 0, inserted: 1, problems: {} });
      expect(sink.changes).toEqual([
        {
          kind: 'UPSERT',
          recordId,
          updatedAt,
          subjects: [`code:${code}`],
          record: {
            id,
            ...facts,
            provenance: {
              departmentId: 'market-regulation',
              sourceRecordId: recordId,
              asOf: updatedAt,
              fetchedAt: now,
              receipt: report.receipt,
              adapterVersion: '1.0.0',
            },
          },
        },
      ]);
      return report;
    }

    it.each(ENCODINGS)('is read from CSV in %s', async (encoding) => {
      const path = await place.write(`${layout}${version}.csv`, csvOf(tableOf([row]), encoding));
      const { charset } = await expectRecord(path);
      expect(charset).toBe(encoding.replace(' with mark', ''));
    });

    it('is read from XLSX', async () => {
      const path = await place.write(`${layout}${version}.xlsx`, await xlsxOf(tableOf([row])));
      const { charset, format } = await expectRecord(path);
      expect([format, charset]).toEqual(['XLSX', null]);
    });

    it('is read with its headings in lower case, in camel case, and in another order', async () => {
      const lower = Object.fromEntries(Object.keys(row).map((name) => [name, name.toLowerCase()]));
      await expectRecord(await place.write('lower.csv', csvOf(tableOf([row], lower))));
      const camel = Object.fromEntries(
        Object.keys(row).map((name) => [
          name,
          name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        ]),
      );
      const reversed = Object.fromEntries(Object.entries(row).reverse());
      await expectRecord(await place.write('camel.csv', csvOf(tableOf([reversed], camel))));
    });

    it('gives the same file a second time as unchanged', async () => {
      const path = await place.write('twice.csv', csvOf(tableOf([row])));
      const first = await runImport(path, layout);
      const second = await runImport(path, layout, { sink: first.sink });
      expect(second.report).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
    });
  },
);

const LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'penalty 2021': {
    CF_XDR_MC: '行政相对人名称',
    CF_XDR_LB: '行政相对人类别',
    CF_XDR_SHXYM: '行政相对人代码_1（统一社会信用代码）',
    CF_FRDB: '法定代表人',
    CF_FR_ZJHM: '法定代表人证件号码',
    CF_WSH: '行政处罚决定书文号',
    CF_WFXW: '违法行为类型',
    CF_SY: '违法事实',
    CF_YJ: '处罚依据',
    CF_CFLB: '处罚类别',
    CF_NR: '处罚内容',
    CF_NR_FK: '罚款金额（万元）',
    CF_NR_WFFF: '没收违法所得、没收非法财物的金额（万元）',
    CF_JDRQ: '处罚决定日期',
    CF_YXQ: '处罚有效期',
    CF_GSJZQ: '公示截止期',
    CF_CFJG: '处罚机关',
    CF_CFJGDM: '处罚机关统一社会信用代码',
    CF_SJLY: '数据来源单位',
    CF_SJLYDM: '数据来源单位统一社会信用代码',
    SJC: '时间戳',
    BZ: '备注',
  },
  'penalty 2015': {
    CF_WSH: '行政处罚决定书文号',
    CF_CFMC: '处罚名称',
    CF_AJMC: '案件名称',
    CF_BM: '权力编码',
    CF_CFLB1: '处罚类别1',
    CF_CFLB2: '处罚类别2',
    CF_SY: '处罚事由',
    CF_YJ: '处罚依据',
    CF_XDR_MC: '行政相对人名称',
    CF_XDR_SHXYM: '代码_1 统一社会信用代码',
    CF_XDR_ZDM: '组织机构代码',
    CF_XDR_GSDJ: '工商登记码',
    CF_XDR_SFZ: '居民身份证号',
    CF_FR: '法定代表人姓名',
    CF_JG: '处罚结果',
    CF_JDRQ: '处罚决定日期',
    CF_XZJG: '处罚机关',
    CF_ZT: '当前状态',
    DFBM: '地方编码',
    SJC: '时间戳',
    BZ: '备注',
  },
  'licence 2021': {
    XK_XDR_MC: '行政相对人名称',
    XK_XDR_LB: '行政相对人类别',
    XK_XDR_SHXYM: '代码_1 统一社会信用代码',
    XK_FRDB: '法定代表人',
    XK_FR_ZJHM: '法定代表人证件号码',
    XK_XKWS: '行政许可决定文书名称',
    XK_WSH: '行政许可决定文书号',
    XK_XKLB: '许可类别',
    XK_XKZS: '许可证书名称',
    XK_XKBH: '许可编号',
    XK_NR: '许可内容',
    XK_JDRQ: '许可决定日期',
    XK_YXQZ: '有效期自',
    XK_YXQZI: '有效期至',
    XK_XKJG: '许可机关',
    XK_XKJGDM: '许可机关统一社会信用代码',
    XK_ZT: '当前状态',
    XK_LYDW: '数据来源单位',
    XK_LYDWDM: '数据来源单位统一社会信用代码',
    SJC: '时间戳',
    BZ: '备注',
  },
  'licence 2015': {
    XK_WSH: '行政许可决定书文号',
    XK_XMMC: '项目名称',
    XK_SPLB: '审批类别',
    XK_NR: '许可内容',
    XK_XDR: '行政相对人名称',
    XK_XDR_SHXYM: '统一社会信用代码',
    XK_XDR_ZDM: '组织机构代码',
    XK_XDR_GSDJ: '工商登记码',
    XK_XDR_SFZ: '居民身份证号',
    XK_FR: '法定代表人姓名',
    XK_JDRQ: '许可决定日期',
    XK_JZQ: '许可截止期',
    XK_XZJG: '许可机关',
    XK_ZT: '当前状态',
    DFBM: '地方编码',
    SJC: '时间戳',
    BZ: '备注',
  },
};

it.each(FILES)(
  'a $layout file of version $version may have the labels of the template',
  async ({ layout, version, row, recordId }) => {
    const headings = LABELS[`${layout} ${version}`];
    expect(Object.keys(headings ?? {})).toEqual(Object.keys(row));
    for (const encoding of ['gb18030', 'utf-8'] as const) {
      const path = await place.write('labels.csv', csvOf(tableOf([row], headings), encoding));
      const { report, sink } = await runImport(path, layout);
      expect(report.version).toBe(version);
      expect([...sink.kept.keys()]).toEqual([recordId]);
    }
  },
);

describe('a row', () => {
  const importRows = async (layout: string, rows: readonly Cells[], exportedAt?: Date) =>
    runImport(await place.write('rows.csv', csvOf(tableOf(rows))), layout, exportedAt && { exportedAt });

  it('with an ID is kept under it, as the data service names it', async () => {
    const { sink } = await importRows('penalty', [{ ID: 'CF21MAYDM00190', ...PENALTY_2021, CF_CFJGDM: '' }]);
    expect([...sink.kept.keys()]).toEqual(['CF21MAYDM00190']);
  });

  it('without a time stamp is as of the export', async () => {
    const exportedAt = new Date('2026-01-31T00:00:00Z');
    const { sink } = await importRows('penalty', [{ ...PENALTY_2021, SJC: '' }], exportedAt);
    expect(sink.changes[0]).toMatchObject({ updatedAt: null, record: { provenance: { asOf: exportedAt } } });
  });

  it('about a withdrawn decision removes the record', async () => {
    const { sink } = await importRows('penalty', [{ ...PENALTY_2015, CF_ZT: '1' }]);
    expect(sink.changes).toEqual([
      {
        kind: 'DELETE',
        recordId: '示市监处罚〔2016〕17号@示例省质量技术监督局@91520201MAYDM0027Y',
        updatedAt: new Date('2016-01-21T02:25:00Z'),
      },
    ]);
  });

  it('about one decision on two subjects is two records', async () => {
    const { sink } = await importRows('penalty', [PENALTY_2021, { ...PENALTY_2021, CF_XDR_SHXYM: INSTITUTION_B }]);
    expect(sink.changes).toHaveLength(2);
  });

  it('about a licence reads the state by its version, where the digit 1 says opposite things', async () => {
    const stateOf = async (row: Cells) => (await importRows('licence', [row])).sink.facts[0]?.['status'];
    expect(await stateOf({ ...LICENCE_2021, XK_ZT: '2' })).toBe('CANCELLED');
    expect(await stateOf({ ...LICENCE_2015, XK_ZT: '1' })).toBe('REVOKED');
    expect(await stateOf({ ...LICENCE_2015, XK_ZT: '2' })).toBe('VALID');
  });

  it('about a licence is of the scheme that its certificate number shows', async () => {
    const schemeOf = async (number: string, name: string) =>
      (await importRows('licence', [{ ...LICENCE_2021, XK_XKBH: number, XK_XKZS: name }])).sink.facts[0]?.['scheme'];
    expect(await schemeOf('232405340017', '')).toBe('CMA');
    expect(await schemeOf('CNCA-R-2026-001', '')).toBe('CERTIFICATION_APPROVAL');
    expect(await schemeOf('旧字第5号', '认证机构批准书')).toBe('CERTIFICATION_APPROVAL');
    expect(await schemeOf('XK16-001-00001', '生产许可证')).toBe('OTHER');
    // 99 is no issuing authority.
    expect(await schemeOf('239905340017', '')).toBe('OTHER');
  });

  it('with several CMA numbers becomes a record for each', async () => {
    const { sink, report } = await importRows('licence', [{ ...LICENCE_2021, XK_XKBH: '232405340017、222412050021' }]);
    expect(sink.facts.map(({ number }) => number)).toEqual(['232405340017', '222412050021']);
    expect(report).toMatchObject({ rows: 1, accepted: 1, inserted: 2 });
  });
});
