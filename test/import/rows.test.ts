import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { penaltyReader } from '../../sources/market-regulation/readers.ts';
import { readRows } from '../../sources/kit/read-rows.ts';
import { ROW_PROBLEM_CODES } from '../../sources/kit/file-layout.ts';
import {
  AUTHORITY,
  csvOf,
  IDENTITY_CARD,
  INSTITUTION_B,
  LICENCE_2015,
  LICENCE_2021,
  PENALTY_2015,
  PENALTY_2021,
  PERSON,
  runImport,
  tableOf,
  without,
  workplace,
  xlsxOf,
} from './support.ts';
import type { Cells, Workplace } from './support.ts';
import { inlineRow, workbookOf } from './zip-file.ts';

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

const importRows = async (layout: string, rows: readonly Cells[]) =>
  runImport(await place.write('rows.csv', csvOf(tableOf(rows))), layout);

const REFUSALS: readonly (readonly [code: string, column: string, layout: string, row: Cells])[] = [
  ['MISSING', 'CF_WSH', 'penalty', { ...PENALTY_2021, CF_WSH: ' ' }],
  ['MISSING', 'CF_XDR_SHXYM', 'penalty', { ...PENALTY_2021, CF_XDR_SHXYM: 'null' }],
  ['MISSING', 'CF_XDR_SHXYM', 'penalty', { ...PENALTY_2015, CF_XDR_SHXYM: '' }],
  ['MISSING', 'CF_CFJGDM', 'penalty', { ...PENALTY_2021, CF_CFJGDM: '' }],
  ['MISSING', 'CF_JDRQ', 'penalty', { ...PENALTY_2021, CF_JDRQ: '--' }],
  ['MISSING', 'XK_YXQZI', 'licence', { ...LICENCE_2021, XK_YXQZI: '' }],
  ['MISSING', 'XK_JZQ', 'licence', { ...LICENCE_2015, XK_JZQ: '-' }],
  ['MISSING', 'XK_ZT', 'licence', { ...LICENCE_2021, XK_ZT: '' }],
  ['NOT_A_DATE', 'CF_JDRQ', 'penalty', { ...PENALTY_2021, CF_JDRQ: '2026/02/30' }],
  ['NOT_A_DATE', 'CF_JDRQ', 'penalty', { ...PENALTY_2021, CF_JDRQ: '46042' }],
  ['NOT_A_DATE', 'SJC', 'penalty', { ...PENALTY_2015, SJC: '2016-01-21 25:00:00' }],
  ['NOT_A_DATE', 'XK_YXQZI', 'licence', { ...LICENCE_2021, XK_YXQZI: '2029年' }],
  ['NOT_AN_AMOUNT', 'CF_NR_FK', 'penalty', { ...PENALTY_2021, CF_NR_FK: '3万元' }],
  ['NOT_AN_AMOUNT', 'CF_NR_FK', 'penalty', { ...PENALTY_2021, CF_NR_FK: '0.0000001' }],
  ['NOT_AN_AMOUNT', 'CF_NR_WFFF', 'penalty', { ...PENALTY_2021, CF_NR_WFFF: '-1' }],
  ['BAD_CREDIT_CODE', 'CF_XDR_SHXYM', 'penalty', { ...PENALTY_2021, CF_XDR_SHXYM: '91520115MAYDM00199' }],
  ['BAD_CREDIT_CODE', 'XK_XDR_SHXYM', 'licence', { ...LICENCE_2015, XK_XDR_SHXYM: '1.5201E+17' }],
  ['NATURAL_PERSON', 'CF_XDR_LB', 'penalty', { ...PENALTY_2021, CF_XDR_LB: '自然人' }],
  ['NATURAL_PERSON', 'XK_XDR_LB', 'licence', { ...LICENCE_2021, XK_XDR_LB: '01', XK_JDRQ: '?' }],
  ['NATURAL_PERSON', 'CF_XDR_SHXYM', 'penalty', { ...PENALTY_2015, CF_XDR_SHXYM: '', CF_XDR_ZDM: '' }],
  ['NATURAL_PERSON', 'XK_XDR_SHXYM', 'licence', { ...LICENCE_2015, XK_XDR_SHXYM: '', XK_XDR_ZDM: '' }],
  ['PERSONAL_DATA', 'CF_WFXW', 'penalty', { ...PENALTY_2021, CF_WFXW: `${PERSON}(${IDENTITY_CARD})无证经营` }],
  ['PERSONAL_DATA', 'CF_SY', 'penalty', { ...PENALTY_2015, CF_SY: `身份证${IDENTITY_CARD}` }],
  ['UNKNOWN_CATEGORY', 'CF_CFLB', 'penalty', { ...PENALTY_2021, CF_CFLB: '罚款;口头批评' }],
  ['UNKNOWN_CATEGORY', 'CF_CFLB2', 'penalty', { ...PENALTY_2015, CF_CFLB2: '示例' }],
  ['UNKNOWN_CATEGORY', 'CF_ZT', 'penalty', { ...PENALTY_2015, CF_ZT: '7' }],
  ['UNKNOWN_CATEGORY', 'CF_XDR_LB', 'penalty', { ...PENALTY_2021, CF_XDR_LB: '其他组织?' }],
  ['UNKNOWN_CATEGORY', 'XK_XKLB', 'licence', { ...LICENCE_2021, XK_XKLB: '07' }],
  ['UNKNOWN_CATEGORY', 'XK_ZT', 'licence', { ...LICENCE_2021, XK_ZT: '0' }],
  ['TOO_LONG', 'CF_WSH', 'penalty', { ...PENALTY_2021, CF_WSH: '示'.repeat(201) }],
  ['TOO_LONG', 'CF_WFXW', 'penalty', { ...PENALTY_2021, CF_WFXW: '示'.repeat(10_001) }],
  ['BAD_TEXT', 'CF_CFJG', 'penalty', { ...PENALTY_2021, CF_CFJG: '示例省\uFFFD局' }],
];

describe('a refused row', () => {
  it.each(REFUSALS)('%s in %s of a %s file is reported by row, column and code', async (code, column, layout, row) => {
    const { report, sink, feedback } = await importRows(layout, [row]);
    expect(feedback.map((line) => [line.rowNumber, line.column, line.code])).toEqual([['2', column, code]]);
    expect(report).toMatchObject({ rows: 1, accepted: 0, refused: 1, problems: { [code]: 1 } });
    expect(sink.batches).toEqual([]);
  });

  it('comes with every reason at once', async () => {
    const { feedback, report } = await importRows('penalty', [
      { ...PENALTY_2021, CF_XDR_SHXYM: '1', CF_JDRQ: '', CF_NR_FK: 'x', CF_CFLB: 'x' },
    ]);
    expect(feedback.map(({ column, code }) => `${column} ${code}`).sort()).toEqual([
      'CF_CFLB UNKNOWN_CATEGORY',
      'CF_JDRQ MISSING',
      'CF_NR_FK NOT_AN_AMOUNT',
      'CF_XDR_SHXYM BAD_CREDIT_CODE',
    ]);
    expect(report.refused).toBe(1);
  });

  it('does not take its neighbours with it', async () => {
    const { sink, report } = await importRows('penalty', [
      { ...PENALTY_2021, CF_WSH: '一' },
      { ...PENALTY_2021, CF_WSH: '二', CF_JDRQ: 'x' },
      { ...PENALTY_2021, CF_WSH: '三' },
    ]);
    expect(sink.facts.map(({ documentNumber }) => documentNumber)).toEqual(['一', '三']);
    expect(report).toMatchObject({ rows: 3, accepted: 2, refused: 1 });
  });

  it('that repeats an earlier row is a duplicate, one that contradicts it a conflict', async () => {
    const { feedback, sink } = await importRows('penalty', [
      PENALTY_2021,
      // The name is not kept, and the brackets of the number are normalised: still the same row to the hub.
      { ...PENALTY_2021, CF_XDR_MC: '其他写法', CF_WSH: '示市监处罚〔2026〕17号' },
      { ...PENALTY_2021, CF_NR_FK: '4.000000' },
    ]);
    expect(feedback.map(({ rowNumber, code }) => `${rowNumber} ${code}`)).toEqual([
      '3 DUPLICATE_IN_FILE',
      '4 CONFLICT_IN_FILE',
    ]);
    expect(sink.facts).toMatchObject([{ fineFen: 3_000_000 }]);
  });

  it('has a filled cell beyond the headings', async () => {
    const [header = [], row = []] = tableOf([PENALTY_2021]);
    const path = await place.write('shifted.csv', csvOf([header, [...row, 'x']]));
    const { feedback } = await runImport(path, 'penalty');
    expect(feedback).toMatchObject([{ rowNumber: '2', column: '', code: 'EXTRA_CELL' }]);
  });

  it('can have any of the published codes, each of which is tried here', () => {
    const seen = new Set(REFUSALS.map(([code]) => code));
    const elsewhere = ['EXTRA_CELL', 'DUPLICATE_IN_FILE', 'CONFLICT_IN_FILE'];
    expect([...seen, ...elsewhere].sort()).toEqual([...ROW_PROBLEM_CODES].sort());
  });
});

describe('natural persons', () => {
  it('are nowhere in what is handed on, reported or written', async () => {
    const person = { CF_XDR_MC: PERSON, CF_XDR_ZJHM: IDENTITY_CARD };
    const rows = [
      { ...PENALTY_2021, CF_XDR_ZJHM: '' },
      { ...PENALTY_2021, ...person, CF_XDR_LB: '自然人', CF_XDR_SHXYM: '' },
      // Wrongly called an organisation, the identity card in the place of its code and of the document's number.
      { ...PENALTY_2021, ...person, CF_XDR_SHXYM: IDENTITY_CARD },
      { ...PENALTY_2021, ...person, CF_WSH: IDENTITY_CARD },
      { ...PENALTY_2021, ...person, CF_JDRQ: PERSON, CF_NR_FK: IDENTITY_CARD },
    ];
    for (const [name, data] of [
      ['persons.csv', csvOf(tableOf(rows), 'gb18030')],
      ['persons.xlsx', await xlsxOf(tableOf(rows))],
    ] as const) {
      const { report, sink, feedbackText } = await runImport(await place.write(name, data), 'penalty');
      expect(report).toMatchObject({ rows: 5, accepted: 1, refused: 4 });
      const everything = JSON.stringify([report, sink.changes]) + feedbackText;
      expect(everything).toContain('示市监处罚〔2026〕17号');
      expect(everything).not.toContain(PERSON);
      expect(everything).not.toContain(IDENTITY_CARD);
      expect(everything).not.toContain(IDENTITY_CARD.slice(0, 14));
    }
  });
});

describe('a penalty from a file', () => {
  it.each([
    ['2021', { ID: 'CF21MAYDM00190', ...PENALTY_2021, SJC: null, XGSJ: '20260121102500', CF_GSRQ: '2026/01/21' }],
    ['2015', { ID: 'CF15MAYDM00270', ...PENALTY_2015, CF_GSJZQ: '2099/12/31' }],
  ])('of version %s is the record that the data service gives', async (_, row) => {
    const { drafts } = readRows([row], penaltyReader);
    const { sink } = await importRows('penalty', [row]);
    const [change] = sink.changes;
    expect(drafts).toHaveLength(1);
    const { sourceRecordId, asOf, ...facts } = drafts[0] ?? { sourceRecordId: '', asOf: null };
    expect(change).toMatchObject({ recordId: sourceRecordId, updatedAt: asOf });
    expect(sink.facts).toEqual([{ id: `market-regulation~${sourceRecordId}`, ...facts }]);
  });
});

describe('a CSV file', () => {
  it('may have newlines, quotation marks and delimiters inside its cells', async () => {
    const violation = '第一行\n第二行, "引号"\r\n第三行';
    const { sink } = await importRows('penalty', [{ ...PENALTY_2021, CF_WFXW: violation }]);
    expect(sink.facts).toMatchObject([{ reason: violation }]);
  });

  it('may have quotation marks in a cell that is not quoted', async () => {
    const text = csvOf(tableOf([{ ...PENALTY_2021, CF_WFXW: '甲' }]))
      .toString()
      .replace(',甲,', ',违反"示例"规定,');
    const { sink } = await runImport(await place.write('quotes.csv', text), 'penalty');
    expect(sink.facts).toMatchObject([{ reason: '违反"示例"规定' }]);
  });

  it('may have blank rows, which count when rows are numbered', async () => {
    const [header = [], row = []] = tableOf([{ ...PENALTY_2021, CF_JDRQ: 'x' }]);
    const blank = header.map(() => ' ');
    const path = await place.write('blank.csv', csvOf([blank, header, blank, [''], row, blank]));
    const { report, feedback } = await runImport(path, 'penalty');
    expect(report.rows).toBe(1);
    expect(feedback).toMatchObject([{ rowNumber: '5', code: 'NOT_A_DATE' }]);
  });

  it('may have blank cells after the last heading and rows that end early', async () => {
    const [header = [], row = []] = tableOf([PENALTY_2021]);
    const path = await place.write('trailing.csv', csvOf([[...header, '', ''], [...row, ' ', ''], row.slice(0, -1)]));
    const { report } = await runImport(path, 'penalty');
    expect(report).toMatchObject({ rows: 2, accepted: 1, problems: { DUPLICATE_IN_FILE: 1 } });
  });

  it.each([';', '\t'])('may have its cells separated by %j', async (delimiter) => {
    const lines = tableOf([{ ...PENALTY_2021, CF_CFLB: '罚款' }]).map((row) => row.join(delimiter));
    const { report } = await runImport(await place.write('other.csv', lines.join('\n')), 'penalty');
    expect(report.accepted).toBe(1);
  });

  it('in UTF-8 with a damaged character loses that row only', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => ({ ...PENALTY_2021, CF_WSH: `示例${index}号` }));
    const data = csvOf(tableOf(rows));
    data[data.lastIndexOf('违反') + 1] = 0x20;
    const { report, feedback } = await runImport(await place.write('damaged.csv', data), 'penalty');
    expect(report).toMatchObject({ charset: 'utf-8', accepted: 19 });
    expect(feedback).toMatchObject([{ rowNumber: '21', column: 'CF_WFXW', code: 'BAD_TEXT' }]);
  });

  it('is read in the character set it is said to have', async () => {
    // In GB18030 these are bytes that are also valid in UTF-8, so no detection can tell.
    const row = { ...PENALTY_2021, CF_WFXW: '隆隆' };
    const ascii = Object.entries(row).map(([name, value]) => [name, /^[\0-\x7f]*$/.test(value) ? value : '隆隆']);
    const path = await place.write('lt.csv', csvOf(tableOf([Object.fromEntries(ascii) as Cells]), 'gb18030'));
    const { report, feedback } = await runImport(path, 'penalty', { charset: 'gb18030' });
    expect(report.charset).toBe('gb18030');
    expect(feedback.map(({ code }) => code)).toEqual(['UNKNOWN_CATEGORY', 'UNKNOWN_CATEGORY']);
    expect((await runImport(path, 'penalty')).report.charset).toBe('utf-8');
  });
});

describe('an XLSX file', () => {
  it('may have dates, amounts and certificate numbers that are numbers', async () => {
    const [header = [], row = []] = tableOf([{ ...PENALTY_2021, CF_NR_FK: 0.1 + 0.2, CF_NR_WFFF: 0.00805 }]);
    const cells = row.map((cell, index) => {
      if (header[index] === 'CF_JDRQ') return new Date('2026-01-20T00:00:00Z');
      return header[index] === 'SJC' ? 46043.4340277778 : cell;
    });
    const { sink } = await runImport(await place.write('n.xlsx', await xlsxOf([header, cells])), 'penalty');
    expect(sink.facts).toMatchObject([{ decidedOn: '2026-01-20', fineFen: 300_000, confiscatedFen: 8_050 }]);
    expect(sink.changes).toMatchObject([{ updatedAt: new Date('2026-01-21T02:25:00Z') }]);
    const licence = tableOf([{ ...LICENCE_2021, XK_XKBH: 232405340017, XK_YXQZI: 73050 }]);
    const { sink: licences } = await runImport(await place.write('l.xlsx', await xlsxOf(licence)), 'licence');
    expect(licences.facts).toMatchObject([{ scheme: 'CMA', number: '232405340017', validTo: null }]);
  });

  it('may have a number that is no day where a day belongs, which is refused', async () => {
    const { feedback } = await runImport(
      await place.write('d.xlsx', await xlsxOf(tableOf([{ ...PENALTY_2021, CF_JDRQ: 20 }]))),
      'penalty',
    );
    expect(feedback).toMatchObject([{ column: 'CF_JDRQ', code: 'NOT_A_DATE' }]);
  });

  it('may have formulas, formatted texts, error values, gaps and rows without numbers', async () => {
    const [header = [], row = []] = tableOf([PENALTY_2021]);
    const at = (name: string) => header.indexOf(name);
    const cells = row.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`);
    cells[at('CF_WSH')] = '<c t="str"><f>CONCATENATE("a","b")</f><v>示例_x000A_1号</v></c>';
    cells[at('CF_WFXW')] = '<c t="s"><v>0</v></c>';
    const broken = [...cells];
    broken[at('CF_WSH')] = '<c t="inlineStr"><is><t>示例2号</t></is></c>';
    broken[at('CF_CFJG')] = '<c t="e"><v>#REF!</v></c>';
    broken[at('CF_WFXW')] = '<c t="s"><v>7</v></c>';
    const sheet = `${inlineRow(1, header)}<row>${cells.join('')}</row><row r="9">${broken.join('')}</row>`;
    const text = '<si><r><t>甲</t></r><rPh sb="0" eb="1"><t>jia</t></rPh><r><t xml:space="preserve"> 乙</t></r></si>';
    const { sink, feedback } = await runImport(await place.write('f.xlsx', workbookOf(sheet, {}, text)), 'penalty');
    expect(sink.facts).toMatchObject([{ documentNumber: '示例1号', reason: '甲 乙' }]);
    expect(feedback.map(({ rowNumber, column, code }) => `${rowNumber} ${column} ${code}`)).toEqual([
      '9 CF_WFXW BAD_TEXT',
      '9 CF_CFJG BAD_TEXT',
    ]);
  });

  it('is read from its first sheet, whatever that sheet is called', async () => {
    const path = await place.write('first.xlsx', await xlsxOf(tableOf([{ ...PENALTY_2021, CF_CFJGDM: AUTHORITY }])));
    expect((await runImport(path, 'penalty')).report.accepted).toBe(1);
  });
});

describe('headings', () => {
  it('of the subject’s second code may be left out', async () => {
    const row = without(PENALTY_2015, 'CF_XDR_ZDM', 'CF_XDR_GSDJ');
    expect((await importRows('penalty', [{ ...row, CF_XDR_SHXYM: INSTITUTION_B }])).report.accepted).toBe(1);
  });
});
