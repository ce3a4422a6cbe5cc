import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NoticeDoor, WordsPage } from '../../../schema/delivery/ports.ts';
import { callScope } from '../../support/source-under-test.ts';
import { testNotice } from '../../support/test-notice.ts';
import { STANDS, type Stand, type StandRow } from './department-stand.ts';

const trimmed = (row: StandRow): StandRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value?.trim() ?? null]));

describe.each(STANDS)('notices in the exchange database on %s', (_engine, start) => {
  let stand: Stand;
  let door: NoticeDoor;

  beforeAll(async () => {
    stand = await start();
    const { notices } = stand.source;
    if (notices === undefined) throw new Error('transport takes no notices');
    door = notices;
  }, 120_000);
  beforeEach(async () => {
    for (const table of ['QZ_LHCJ_TZ', 'QZ_LHCJ_FK', 'QZ_FK']) await stand.asOwner(`DELETE FROM ${table}`);
  });
  afterAll(() => stand.close());

  const notices = async (): Promise<StandRow[]> =>
    (await stand.asOwner('SELECT * FROM QZ_LHCJ_TZ ORDER BY ID')).map(trimmed);
  const feedback = async (): Promise<StandRow[]> =>
    (await stand.asHub('SELECT * FROM QZ_FK ORDER BY JLID, FKJG')).map(trimmed);
  const states = async (): Promise<string> =>
    (await stand.asHub('SELECT ID, SJZT FROM QZ_LHCJ_FK ORDER BY ID, GXSJ'))
      .map(({ ID, SJZT }) => `${ID?.trim()}=${SJZT?.trim()}`)
      .join(' ');
  /** The department writes an answer: a signature unless it says otherwise. */
  const answer = async (id: string, columns: Readonly<Record<string, string | null>> = {}): Promise<void> => {
    const cells: Readonly<Record<string, string | null>> = {
      ID: id,
      SDID: 'n1.1.transport',
      FKLX: '1',
      CZLX: 'I',
      SJZT: '0',
      PCH: '20260303-01',
      GXSJ: '2026-03-03 09:00:00',
      ...columns,
    };
    const values = Object.values(cells).map((value) => (value === null ? 'NULL' : `'${value}'`));
    await stand.asOwner(`INSERT INTO QZ_LHCJ_FK (${Object.keys(cells).join(', ')}) VALUES (${values.join(', ')})`);
  };
  const words = (limit = 100, after: string | null = null): Promise<WordsPage> => door.words(after, limit, callScope());

  it('are rows of the hub that say everything, the signed text to the byte', async () => {
    const { issued } = testNotice('transport');
    expect(await door.deliver(issued, callScope())).toMatchObject({ outcome: 'ACCEPTED', receiptNumber: null });
    const [row] = await notices();
    expect(row).toMatchObject({
      ID: issued.id,
      XXLX: '01',
      SDID: issued.fields['deliveryId'],
      TZID: issued.fields['noticeId'],
      TZBH: issued.fields['number'],
      BBH: '1',
      RDDW: 'market-regulation',
      JSDW: 'transport',
      SFBX: '1',
      TYSHXYDM: '91520115MAYDM00198',
      ZTMC: '贵州示例甲机动车检测有限公司',
      CSDM: 'M1-01;M2-07',
      TZSJ: '2026-03-02 10:05:00',
      QSQX: '3',
      FKQX: '15',
      QMSF: 'ED25519',
      MYBH: 'market-regulation.1',
      QMZ: 'c2lnbmF0dXJl+/8=',
      CZLX: 'I',
      SJZT: '0',
      PCH: `${String(issued.fields['number'])}-1`,
    });
    expect(Buffer.from(row?.['QMYW'] ?? '', 'base64').toString('utf8')).toBe(issued.fields['signedText']);
    expect(issued.fields['signedText']).toContain('𠮷');
  });

  it('are written when they are written, whenever they were made: the department looks for new rows', async () => {
    const before = Date.now();
    await door.deliver(testNotice('transport').issued, callScope());
    const [row] = await notices();
    const writtenAt = new Date(`${row?.['GXSJ']?.replace(' ', 'T') ?? ''}+08:00`).getTime();
    expect(writtenAt).toBeGreaterThanOrEqual(before - 1_000);
  });

  it('are there once, however often they are sent, and a row that the department has taken stays as it is', async () => {
    const notice = testNotice('transport');
    await door.deliver(notice.issued, callScope());
    await stand.asOwner("UPDATE QZ_LHCJ_TZ SET SJZT = '1', BZ = '已登记'");
    await door.deliver(notice.issued, callScope());
    await door.deliver(notice.withdrawn, callScope());
    expect((await notices()).map(({ ID, XXLX, SJZT }) => [ID, XXLX, SJZT])).toEqual([
      [notice.issued.id, '01', '1'],
      [notice.withdrawn.id, '03', '0'],
    ]);
  });

  it('write a name with letters that the department does not have as well as it can', async () => {
    const { issued } = testNotice('transport');
    await door.deliver({ ...issued, fields: { ...issued.fields, subjectName: '𠮷祥\u0000检测' } }, callScope());
    expect((await notices())[0]).toMatchObject({ ZTMC: '?祥?检测' });
  });

  it('need just the right to add, and without it they are refused', async () => {
    await stand.asOwner(`REVOKE INSERT ON QZ_LHCJ_TZ FROM ${stand.account}`);
    const reply = await door.deliver(testNotice('transport').issued, callScope());
    await stand.asOwner(`GRANT INSERT ON QZ_LHCJ_TZ TO ${stand.account}`);
    expect(reply).toMatchObject({ outcome: 'REFUSED', detail: expect.stringContaining('refused the call') });
    await expect(stand.asHub("UPDATE QZ_LHCJ_TZ SET SJZT = '1'")).rejects.toThrow();
    await expect(stand.asHub("UPDATE QZ_LHCJ_FK SET FKLX = '1'")).rejects.toThrow();
    await expect(stand.asHub("INSERT INTO QZ_LHCJ_FK (ID) VALUES ('F1')")).rejects.toThrow();
  });

  it('are answered in whatever way the clerks write', async () => {
    const fedBack = { FKLX: '3', CSDM: 'M1-01' };
    await answer('F1', { CLR: '示例执法科  ', CLSJ: '2026/3/3 8:59' });
    await answer('F2', { ...fedBack, JG: '01', SL: '12', SM: '已限制准入    ', CLSJ: '20260303085900' });
    await answer('F3', { ...fedBack, JG: '04', CLSJ: '——' });
    await answer('F4', { FKLX: '2', SM: '对象不在本地', CLSJ: '0000-00-00' });
    await answer('F5', { FKLX: '4' });
    const page = await words();
    expect(page.malformed).toEqual([]);
    expect(page.words.map(({ receipt, ...word }) => [receipt.length, word])).toEqual(
      [
        { wordId: 'F1', kind: 'SIGNED', by: '示例执法科', reason: null, feedback: [] },
        {
          wordId: 'F2',
          kind: 'FED_BACK',
          by: null,
          reason: null,
          feedback: [
            {
              measureId: 'M1-01',
              result: 'EXECUTED',
              caseCount: 12,
              executedAt: new Date('2026-03-03T08:59:00+08:00'),
              description: '已限制准入',
            },
          ],
        },
        {
          wordId: 'F3',
          kind: 'FED_BACK',
          by: null,
          reason: null,
          feedback: [{ measureId: 'M1-01', result: 'NO_OBJECT', caseCount: 0, executedAt: null, description: null }],
        },
        { wordId: 'F4', kind: 'RETURNED', by: null, reason: '对象不在本地', feedback: [] },
        { wordId: 'F5', kind: 'LIFT_CONFIRMED', by: null, reason: null, feedback: [] },
      ].map((word) => [64, { deliveryId: 'n1.1.transport', ...word }]),
    );
  });

  it.each([
    ['a kind of answer that is none', { FKLX: '9' }, 'FKLX'],
    ['no delivery', { SDID: ' ' }, 'SDID'],
    ['a return without a reason', { FKLX: '2', SM: '  ' }, 'SM'],
    ['feedback on no measure', { FKLX: '3', JG: '01' }, 'CSDM'],
    ['feedback without a result', { FKLX: '3', CSDM: 'M1-01' }, 'JG'],
    ['a result that is none', { FKLX: '3', CSDM: 'M1-01', JG: '7' }, 'JG'],
    ['less than no cases', { FKLX: '3', CSDM: 'M1-01', JG: '01', SL: '-1' }, 'SL'],
    ['a time that is none', { FKLX: '3', CSDM: 'M1-01', JG: '01', CLSJ: '昨天' }, 'CLSJ'],
  ])('leave out an answer with %s, name its column, and hear the others', async (_what, columns, field) => {
    await answer('F1', columns);
    await answer('F2');
    const page = await words();
    expect(page.malformed).toMatchObject([{ recordId: 'F1', field }]);
    expect(page.words.map(({ wordId }) => wordId)).toEqual(['F2']);
  });

  it('are answered in the order of time, then of keys; copies count once, what is withdrawn not at all', async () => {
    await answer('F3', { GXSJ: '2026-03-03 08:00:00' });
    await answer('F2');
    await answer('F1');
    await answer('F1');
    await answer('F4', { GXSJ: '2026-03-03 10:00:00' });
    await answer('F4', { GXSJ: '2026-03-03 11:00:00', CZLX: 'D', FKLX: null });
    await answer('F5', { SJZT: '1' });
    await answer('F6', { GXSJ: null });
    const inOne = (await words()).words.map(({ wordId }) => wordId);
    expect(inOne).toEqual(['F6', 'F3', 'F1', 'F2']);
    const inMany: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await words(1, after);
      inMany.push(...page.words.map(({ wordId }) => wordId));
      if (page.next === null) break;
      after = page.next;
    }
    expect([...new Set(inMany)]).toEqual(inOne);
  });

  it('mark answers as taken or refused, in all their rows, and tell why', async () => {
    await answer('F1', { FKLX: '9', GXSJ: '2026-03-03 08:00:00' });
    await answer('F1');
    await answer('F2');
    await answer('F3');
    const outcomes = [
      { wordId: 'F1', refusal: null },
      { wordId: 'F2', refusal: 'Notice LHCJ is ARCHIVED; 已归档 𠮷' },
      { wordId: "F3' OR '1'='1", refusal: null },
      { wordId: 'F9', refusal: null },
    ];
    await door.noteHeard(outcomes, callScope());
    const once = await feedback();
    await door.noteHeard(outcomes, callScope());
    expect(await feedback()).toEqual(once);
    expect(await states()).toBe('F1=1 F1=1 F2=2 F3=0');
    expect(once).toMatchObject([
      { BMC: 'QZ_LHCJ_FK', JLID: 'F1', JLPCH: '20260303-01', FKJG: '1', CWZD: null, CWMS: null, SJZT: '0' },
      { BMC: 'QZ_LHCJ_FK', JLID: 'F2', FKJG: '2', CWMS: 'Notice LHCJ is ARCHIVED; 已归档 ?' },
    ]);
    expect((await words()).words.map(({ wordId }) => wordId)).toEqual(['F3']);
  });

  it('hear an answer again that the department has put right', async () => {
    await answer('F1', { FKLX: '9' });
    await door.noteHeard([{ wordId: 'F1', refusal: 'FKLX: is none of the codes' }], callScope());
    expect(await words()).toMatchObject({ words: [], malformed: [] });
    await answer('F1', { CZLX: 'U', GXSJ: '2026-03-03 12:00:00' });
    expect((await words()).words).toMatchObject([{ wordId: 'F1', kind: 'SIGNED' }]);
    await door.noteHeard([{ wordId: 'F1', refusal: null }], callScope());
    expect((await feedback()).map(({ FKJG }) => FKJG)).toEqual(['1', '2']);
    expect(await words()).toMatchObject({ words: [] });
  });

  it('mark a thousand answers at a time', async () => {
    const ids = Array.from({ length: 1_100 }, (_, index) => `F${String(index).padStart(6, '0')}`);
    const rows = ids.map((id) => `('${id}', 'n1.1.transport', '1', 'I', '0', '2026-03-03 09:00:00')`);
    await stand.asOwner(`INSERT INTO QZ_LHCJ_FK (ID, SDID, FKLX, CZLX, SJZT, GXSJ) VALUES ${rows.join(', ')}`);
    const page = await words(1_000);
    expect([page.words.length, page.next === null]).toEqual([1_000, false]);
    await door.noteHeard(
      ids.map((wordId) => ({ wordId, refusal: null })),
      callScope(20_000),
    );
    expect(await words()).toEqual({ words: [], malformed: [], next: null });
    expect(await feedback()).toHaveLength(1_100);
  });
});
