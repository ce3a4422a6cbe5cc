import { describe, expect, it } from '@jest/globals';
import { readRows } from '../../../sources/kit/read-rows.ts';
import { listEntryReader, penaltyReader } from '../../../sources/market-regulation/readers.ts';

const CODE = '91520115MAYDM00198';

/** As wire-formats D.1 prints it. */
const ROW_2021 = {
  ID: 'CF1',
  CF_XDR_LB: '法人及非法人组织',
  CF_XDR_SHXYM: CODE,
  CF_WSH: '虚市监处罚〔2026〕17号',
  CF_WFXW: '违反检验检测机构监督管理规定',
  CF_SY: '未经检验出具检验报告(示例)',
  CF_YJ: '(示例)',
  CF_CFLB: '罚款',
  CF_NR: '罚款3万元',
  CF_NR_FK: '3.000000',
  CF_JDRQ: '2026/01/20',
  CF_YXQ: '2099/12/31',
  CF_GSJZQ: '2029/01/20',
  CF_CFJG: '虚城市市场监督管理局',
  CF_CFJGDM: '119901000070000112',
  XGSJ: '20260121102500',
};
const ROW_2015 = {
  ID: 'CF2',
  CF_XDR_SHXYM: CODE,
  CF_XDR_ZDM: 'MAYDM0019',
  CF_XDR_GSDJ: '',
  CF_WSH: '虚市监处罚[2016]17号',
  CF_AJMC: '示例案',
  CF_SY: '处罚事由',
  CF_YJ: null,
  CF_CFLB1: '罚款',
  CF_CFLB2: '没收违法所得、没收非法财物',
  CF_JG: '罚款3万元',
  CF_JDRQ: '2016/1/20',
  CF_XZJG: '虚城市质量技术监督局',
  CF_ZT: '0',
  DFBM: '520100',
  SJC: '2016-01-21 10:25:00',
};
const read = (row: object) => readRows([row], penaltyReader);

describe('a penalty row', () => {
  it('of 2021 has its amounts in 万元', () => {
    expect(read({ ...ROW_2021, CF_NR_WFFF: '0.008050' }).drafts).toEqual([
      {
        documentNumber: '虚市监处罚〔2026〕17号',
        authority: '虚城市市场监督管理局',
        categories: ['罚款'],
        reason: '违反检验检测机构监督管理规定',
        facts: '未经检验出具检验报告(示例)',
        basis: '(示例)',
        fineFen: 3_000_000,
        confiscatedFen: 8_050,
        decidedOn: '2026-01-20',
        severity: null,
        publishedFrom: null,
        publishedTo: '2029-01-20',
        sourceRecordId: 'CF1',
        asOf: new Date('2026-01-21T02:25:00Z'),
      },
    ]);
  });

  it('of 2015 is known by its columns and has no amounts', () => {
    expect(read(ROW_2015)).toEqual({
      drafts: [
        {
          documentNumber: '虚市监处罚〔2016〕17号',
          authority: '虚城市质量技术监督局',
          categories: ['罚款', '没收违法所得、没收非法财物'],
          reason: '处罚事由',
          basis: null,
          fineFen: null,
          confiscatedFen: null,
          decidedOn: '2016-01-20',
          severity: null,
          publishedFrom: null,
          publishedTo: null,
          sourceRecordId: 'CF2',
          asOf: new Date('2016-01-21T02:25:00Z'),
        },
      ],
      malformed: [],
    });
  });

  it.each(['〔2026〕', '[2026]', '（2026）', '(2026)', '【2026】', '［２０２６］'])(
    'has its document number in one form, also from %s',
    (year) => {
      const CF_WSH = ` 虚市监处罚${year} 17号`;
      expect(read({ ...ROW_2021, CF_WSH }).drafts[0]?.documentNumber).toBe('虚市监处罚〔2026〕17号');
    },
  );

  it('names each category once, and keeps the one that has a 、 in it whole', () => {
    const CF_CFLB = '罚款；没收违法所得、没收非法财物; 罚款 ;';
    expect(read({ ...ROW_2021, CF_CFLB }).drafts[0]?.categories).toEqual(['罚款', '没收违法所得、没收非法财物']);
  });

  it('without an end of publicity has none', () => {
    expect(read({ ...ROW_2021, CF_GSJZQ: '2099/12/31' }).drafts[0]?.publishedTo).toBeNull();
    expect(read({ ...ROW_2021, CF_GSJZQ: '' }).drafts[0]?.publishedTo).toBeNull();
  });

  it.each([
    { ...ROW_2021, CF_XDR_LB: '自然人', CF_XDR_SHXYM: '', CF_JDRQ: 'broken as well' },
    { ...ROW_2021, CF_XDR_LB: ' 01 ' },
    { ...ROW_2015, CF_XDR_SHXYM: '', CF_XDR_ZDM: null, CF_XDR_GSDJ: ' ' },
  ])('about a natural person is neither kept nor malformed (%#)', (row) => {
    expect(read(row)).toEqual({ drafts: [], malformed: [] });
  });

  it('that was withdrawn is left out', () => {
    expect(read({ ...ROW_2015, CF_ZT: '1' })).toEqual({ drafts: [], malformed: [] });
    expect(read({ ...ROW_2015, CF_ZT: '2' }).drafts).toHaveLength(1);
  });

  it.each([
    [{ ...ROW_2021, CF_JDRQ: '' }, 'CF_JDRQ'],
    [{ ...ROW_2021, CF_NR_FK: '3万元' }, 'CF_NR_FK'],
    [{ ...ROW_2021, CF_NR_FK: '0.0000001' }, 'CF_NR_FK'],
    [{ ...ROW_2021, CF_CFJG: null }, 'CF_CFJG'],
    [{ ...ROW_2021, CF_XDR_LB: null }, 'CF_XDR_LB'],
    [{ ...ROW_2015, CF_XDR_SHXYM: '' }, 'CF_XDR_SHXYM'],
    [{ ...ROW_2015, CF_ZT: '8' }, 'CF_ZT'],
    [{ ...ROW_2021, CF_XZJG: '两种版式' }, '(record)'],
    [{ ID: 'CF3', CF_WSH: '1号' }, '(record)'],
  ])('that cannot be read names its field (%#)', (row, field) => {
    expect(read(row).malformed).toEqual([{ recordId: row.ID, field, problem: expect.any(String) as unknown }]);
  });
});

describe('a list entry', () => {
  const ABNORMAL = {
    BUSEXCLIST: 'YC1',
    UNISCID: CODE,
    SPECAUSE: '4',
    SPECAUSE_CN: '通过登记的住所无法联系',
    ABNTIME: '2025/3/1',
    DECORG_CN: '示例局',
    REMDATE: '',
    ISMOVE: '0',
  };
  const SERIOUS = {
    ILLID: 'YZ1',
    UNISCID: CODE,
    SERILLREA: 'JYJC-01',
    SERILLREA_CN: '出具虚假检验结论',
    ABNTIME: '20250301',
    DECORG_CN: '示例局',
    REMDATE: '20991231',
  };
  const readEntry = (row: object) => readRows([row], listEntryReader);

  it('is of the list whose columns it has', () => {
    const shared = { listedOn: '2025-03-01', authority: '示例局', removedOn: null, asOf: null };
    expect(readEntry(ABNORMAL).drafts).toEqual([
      { ...shared, listType: 'ABNORMAL', reason: '通过登记的住所无法联系', sourceRecordId: 'YC1' },
    ]);
    expect(readEntry(SERIOUS).drafts).toEqual([
      { ...shared, listType: 'SERIOUS_MR', reason: '出具虚假检验结论', sourceRecordId: 'YZ1' },
    ]);
  });

  it('with a reason code alone has the words of the code list', () => {
    expect(readEntry({ ...ABNORMAL, SPECAUSE: '1', SPECAUSE_CN: null }).drafts[0]?.reason).toBe('未按规定公示年度报告');
  });

  it('that was removed keeps the day', () => {
    expect(readEntry({ ...ABNORMAL, REMDATE: '2025-09-01', ISMOVE: '1' }).drafts[0]?.removedOn).toBe('2025-09-01');
  });

  it.each([
    [{ ...ABNORMAL, ISMOVE: '1' }, 'REMDATE'],
    [{ ...ABNORMAL, SPECAUSE: '7', SPECAUSE_CN: '' }, 'SPECAUSE'],
    [{ ...ABNORMAL, SPECAUSE: '', SPECAUSE_CN: '' }, 'SPECAUSE'],
    [{ ...ABNORMAL, BUSEXCLIST: null }, 'BUSEXCLIST'],
    [{ ...ABNORMAL, ...SERIOUS }, '(record)'],
    [{ ...SERIOUS, ABNTIME: '' }, 'ABNTIME'],
  ])('that cannot be read names its field (%#)', (row, field) => {
    expect(readEntry(row).malformed.map((fault) => fault.field)).toEqual([field]);
  });
});
