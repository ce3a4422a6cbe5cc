import { describe, expect, it } from '@jest/globals';
import { parseCreditCode } from '../../../schema/codes/credit-code.ts';
import { readRows } from '../../../sources/kit/read-rows.ts';
import { answerByCode } from '../../../sources/market-regulation/answer-by-code.ts';
import {
  certificateReader,
  institutionReader,
  qualificationReader,
  reportReader,
} from '../../../sources/market-regulation/readers.ts';

const CODE = '91520115MAYDM00198';
const OTHER_CODE = '91520201MAYDM0027Y';
/** Right in shape, wrong in its last character. */
const WRONG_CODE = '91520303MAYDM0035A';
/** Wrong in its last character too; only one test confirms it. */
const ISSUED_ANYWAY = '91520303MAYDM0035B';

const INSTITUTION = {
  UNISCID: CODE,
  CODEFLAG: '',
  ENTNAME: '贵州示例甲机动车检测有限公司',
  ORGKIND: '03',
  REGORG: '520115',
  OPSTATE: '1',
  DOM: '示例路1号',
  CMA: { CERTNO: '232405340017', VALIDTO: '2029-03-14' },
  UPDATETIME: '2026-03-02T09:15:00+08:00',
};

const institution = (changes: object) => readRows([{ ...INSTITUTION, ...changes }], institutionReader);
const fieldOf = (set: ReturnType<typeof institution>) => set.malformed.map(({ field }) => field);

describe('an institution', () => {
  it('is read as the reference prints it', () => {
    expect(institution({})).toEqual({
      drafts: [
        {
          creditCode: CODE,
          localId: null,
          name: '贵州示例甲机动车检测有限公司',
          kinds: ['VEHICLE_INSPECTION_BODY'],
          status: 'ACTIVE',
          regionCode: '520115',
          address: '示例路1号',
          cmaNumbers: ['232405340017'],
          cmaValidTo: '2029-03-14',
          sourceRecordId: CODE,
          asOf: new Date('2026-03-02T01:15:00Z'),
        },
      ],
      malformed: [],
    });
  });

  it.each([
    ['1', 'ACTIVE'],
    ['2', 'REVOKED'],
    ['3', 'DEREGISTERED'],
    ['4', 'UNKNOWN'],
    ['5', 'SUSPENDED'],
    ['9', 'UNKNOWN'],
    ['7', 'UNKNOWN'],
    ['在营（开业）企业', 'ACTIVE'],
    ['吊销，未注销', 'REVOKED'],
    ['注销', 'DEREGISTERED'],
    ['歇业', 'SUSPENDED'],
    ['constructor', 'UNKNOWN'],
  ])('with OPSTATE %s is %s', (OPSTATE, status) => {
    expect(institution({ OPSTATE }).drafts[0]?.status).toBe(status);
  });

  it('may be of several kinds, and of one that the hub does not know yet', () => {
    expect(institution({ ORGKIND: '04, 03，04,77' }).drafts[0]?.kinds).toEqual([
      'ENV_MONITORING_BODY',
      'VEHICLE_INSPECTION_BODY',
      'OTHER',
    ]);
    expect(institution({ ORGKIND: null }).drafts[0]?.kinds).toEqual([]);
  });

  it('keeps the well-formed ones of joined CMA numbers', () => {
    const CMA = { CERTNO: '232405340017、(2014)量认(黔)字(Z0017)号、222412050021', VALIDTO: '2099/12/31' };
    expect(institution({ CMA }).drafts[0]).toMatchObject({
      cmaNumbers: ['232405340017', '222412050021'],
      cmaValidTo: null,
    });
    expect(institution({ CMA: null }).drafts[0]).toMatchObject({ cmaNumbers: [], cmaValidTo: null });
  });

  it('takes blanks and the word null for nothing', () => {
    expect(institution({ DOM: ' ', REGORG: 'null', UPDATETIME: '' }).drafts[0]).toMatchObject({
      address: null,
      regionCode: null,
      asOf: null,
    });
  });

  it.each([
    [{ ENTNAME: '' }, 'ENTNAME'],
    [{ ENTNAME: null }, 'ENTNAME'],
    [{ REGORG: '52' }, 'REGORG'],
    [{ CMA: { CERTNO: '', VALIDTO: '2029-02-30' } }, 'CMA.VALIDTO'],
    [{ CMA: { CERTNO: 5, VALIDTO: '' } }, 'CMA.CERTNO'],
    [{ UPDATETIME: '2026-03-02T25:15:00+08:00' }, 'UPDATETIME'],
    [{ UNISCID: WRONG_CODE }, 'UNISCID'],
    [{ UNISCID: '91520115', CODEFLAG: '1' }, 'UNISCID'],
  ])('with %j is malformed at that field', (changes, field) => {
    const set = institution(changes);
    expect(set.drafts).toEqual([]);
    expect(fieldOf(set)).toEqual([field]);
    expect(set.malformed[0]?.problem).not.toContain(WRONG_CODE);
  });

  it('with a wrong check character passes once the register says that it was issued so', () => {
    expect(fieldOf(institution({ UNISCID: ISSUED_ANYWAY }))).toEqual(['UNISCID']);
    expect(institution({ UNISCID: ISSUED_ANYWAY, CODEFLAG: '1' }).drafts[0]?.creditCode).toBe(ISSUED_ANYWAY);
    expect(institution({ UNISCID: ISSUED_ANYWAY }).drafts[0]?.creditCode).toBe(ISSUED_ANYWAY);
    expect(parseCreditCode(ISSUED_ANYWAY)).toBe(ISSUED_ANYWAY);
  });
});

describe('rows by credit code', () => {
  const requests = [CODE, OTHER_CODE].map((code) => ({ creditCode: parseCreditCode(code), localIds: [] }));

  it('are found under a code in small letters and full width', () => {
    const row = { ...INSTITUTION, UNISCID: CODE.toLowerCase().replace('9', '９') };
    const [first, second] = answerByCode(requests, [row], institutionReader);
    expect(first?.drafts).toHaveLength(1);
    expect(second?.drafts).toEqual([]);
  });

  it('with a wrong code count against every request, those about someone else against none', () => {
    const wrong = { ...INSTITUTION, UNISCID: WRONG_CODE };
    const foreign = { ...INSTITUTION, UNISCID: '91520103MAYDM0043C' };
    const sets = answerByCode(requests, [wrong, foreign], institutionReader);
    expect(sets.map(({ drafts }) => drafts)).toEqual([[], []]);
    expect(sets.map(({ malformed }) => malformed.map(({ field }) => field))).toEqual([['UNISCID'], ['UNISCID']]);
  });

  it('that are no rows at all count against every request', () => {
    const sets = answerByCode(requests, [null, 'text'], institutionReader);
    expect(sets.map(({ malformed }) => malformed.map(({ field }) => field))).toEqual([
      ['(record)', '(record)'],
      ['(record)', '(record)'],
    ]);
  });
});

describe('a qualification', () => {
  const QUALIFICATION = {
    CERTID: 'Q1',
    UNISCID: CODE,
    CERTTYPE: '1',
    CERTNO: '232405340017',
    CERTSTATE: '1',
    CERTSTATE_CN: null,
    ISSUEDATE: '2023-03-15',
    VALIDTO: '2029-03-14',
    ISSUEORG_CN: '示例省市场监管局',
    EMERGFLAG: '0',
    VALIDFROMTIME: '2023-03-15 00:00:00',
    VALIDTOTIME: '',
    RECORDTIME: '2023-03-15 14:20:00',
    SUPERSEDETIME: null,
    UPDATETIME: '2023-03-15T14:20:00+08:00',
    SITES: [{ ADDR: '示例路1号', ITEMS: [{ OBJECT: '机动车', PARAM: '制动', STANDARD: 'GB 38900-2020', LIMIT: '' }] }],
    SIGNERS: [{ NAME: '示某', FIELDS: ['机动车检验'] }],
  };
  const qualification = (changes: object) => readRows([{ ...QUALIFICATION, ...changes }], qualificationReader);

  it.each([
    ['1', '1', null, 'VALID'],
    ['1', '2', '注销', 'CANCELLED'],
    ['1', '3', null, 'REVOKED'],
    ['1', '4', null, 'EXPIRED'],
    ['1', '5', '责令整改', 'RECTIFYING'],
    ['1', '5', '暂停', 'SUSPENDED'],
    ['1', '5', null, 'RECTIFYING'],
    ['2', '5', null, 'SUSPENDED'],
  ])('of type %s in state %s (%s) is %s', (CERTTYPE, CERTSTATE, CERTSTATE_CN, status) => {
    expect(qualification({ CERTTYPE, CERTSTATE, CERTSTATE_CN }).drafts[0]?.status).toBe(status);
  });

  it('has wall times of China and no restriction where the cell is empty', () => {
    expect(qualification({}).drafts[0]).toMatchObject({
      effectiveFrom: new Date('2023-03-14T16:00:00Z'),
      effectiveTo: null,
      recordedAt: new Date('2023-03-15T06:20:00Z'),
      supersededAt: null,
      scope: [{ object: '机动车', restriction: null, site: '示例路1号' }],
    });
  });

  it.each([
    [{ CERTSTATE: '6' }, 'CERTSTATE'],
    [{ CERTTYPE: '9' }, 'CERTTYPE'],
    [{ EMERGFLAG: 'Y' }, 'EMERGFLAG'],
    [{ SUPERSEDETIME: 'soon' }, 'SUPERSEDETIME'],
    [
      { SITES: [{ ADDR: null, ITEMS: [{ OBJECT: '机动车', PARAM: null, STANDARD: 'x', LIMIT: null }] }] },
      'SITES.0.ITEMS.0.PARAM',
    ],
    [{ SIGNERS: null }, 'SIGNERS'],
  ])('with %j is malformed at that field', (changes, field) => {
    expect(qualification(changes).malformed).toEqual([
      { recordId: 'Q1', field, problem: expect.any(String) as unknown },
    ]);
  });
});

describe('a certificate', () => {
  const CERTIFICATE = {
    CERTID: 'Z1',
    CERTKIND: '2',
    CERTNUMBER: '2016010901123456',
    CERTSTATUS: '有效',
    HOLDNAME: '示例机械制造有限公司',
    HOLDUNISCID: '',
    HOLDCODEFLAG: '',
    ISSUNISCID: CODE,
    ISSCODEFLAG: '',
    FZRQ: '20240105',
    DQRQ: '20290104',
  };
  const certificate = (changes: object) => readRows([{ ...CERTIFICATE, ...changes }], certificateReader);

  it('may name its holder without a code', () => {
    expect(certificate({}).drafts).toEqual([
      {
        scheme: 'CCC',
        number: '2016010901123456',
        status: 'VALID',
        holderName: '示例机械制造有限公司',
        holderCode: null,
        issuerCode: CODE,
        validFrom: '2024-01-05',
        validTo: '2029-01-04',
        sourceRecordId: 'Z1',
        asOf: null,
      },
    ]);
  });

  it.each([
    [{ CERTSTATUS: '有效期内' }, 'CERTSTATUS'],
    [{ CERTKIND: '9' }, 'CERTKIND'],
    [{ HOLDUNISCID: WRONG_CODE }, 'HOLDUNISCID'],
    [{ FZRQ: '20240231' }, 'FZRQ'],
  ])('with %j is malformed at that field', (changes, field) => {
    expect(certificate(changes).malformed.map((fault) => fault.field)).toEqual([field]);
  });
});

describe('a report', () => {
  const REPORT = {
    REPID: 'B1',
    UNISCID: CODE,
    CODEFLAG: '',
    JYJCBGBH: 'PF-1',
    BBH: 1,
    QFRQ: '2026-03-02',
    JYJL: '1',
    QZR: '',
    ZYZ: 'A'.repeat(64),
    DJSJ: '2026-03-02 18:00:00',
    ITEMS: [],
  };
  const report = (changes: object) => readRows([{ ...REPORT, ...changes }], reportReader);

  it('has its digest in small letters and no signatory where the cell is empty', () => {
    expect(report({}).drafts[0]).toMatchObject({ digest: 'a'.repeat(64), signatory: null, conclusion: 'PASS' });
    expect(report({ ZYZ: null, JYJL: '9' }).drafts[0]).toMatchObject({ digest: null, conclusion: 'UNKNOWN' });
  });

  it.each([
    [{ JYJL: '0' }, 'JYJL'],
    [{ ZYZ: 'abc' }, 'ZYZ'],
    [{ QFRQ: '——' }, 'QFRQ'],
    [{ BBH: '1' }, 'BBH'],
  ])('with %j is malformed at that field', (changes, field) => {
    expect(report(changes).malformed.map((fault) => fault.field)).toEqual([field]);
  });
});
