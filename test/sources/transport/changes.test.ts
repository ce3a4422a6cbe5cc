import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChangesPage, ChangesReceipt, ReplicatedRead, SourceChange } from '../../../schema/ports.ts';
import { formatInstant } from '../../../schema/time/instant.ts';
import { callScope } from '../../support/source-under-test.ts';
import { STANDS, type Stand, type StandRow } from './department-stand.ts';
import { at } from './support.ts';

type AnyChange = SourceChange<object>;
type Primary = 'institutions' | 'inspections' | 'penalties';

const TABLE_OF: Readonly<Record<Primary, string>> = {
  institutions: 'QZ_JCJG',
  inspections: 'QZ_CLJC',
  penalties: 'QZ_XZCF',
};
/** Behind every GXSJ of the world. */
const LATER = new Date('2031-05-04T00:00:00Z');
const AFTER_LATER = new Date('2031-05-04T12:00:00Z');
const timeOf = (instant: Date): string => formatInstant(instant).slice(0, 19).replace('T', ' ');

describe.each(STANDS)('the exchange with the department on %s', (_engine, start) => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await start();
    for (const table of Object.values(TABLE_OF)) {
      await stand.asOwner(`CREATE TABLE ${table}_BEFORE AS SELECT * FROM ${table}`);
    }
  }, 120_000);
  beforeEach(async () => {
    for (const table of Object.values(TABLE_OF)) {
      await stand.asOwner(`DELETE FROM ${table}`);
      await stand.asOwner(`INSERT INTO ${table} SELECT * FROM ${table}_BEFORE`);
    }
    await stand.asOwner('DELETE FROM QZ_FK');
  });
  afterAll(() => stand.close());

  const pagesOf = async (read: ReplicatedRead, since: Date | null, limit = 1_000) => {
    const pages: ChangesPage<object>[] = [];
    for (let after: string | null = null; ;) {
      const page: ChangesPage<object> = await stand.source.changes(read, { since, after, limit }, callScope());
      pages.push(page);
      if (page.next === null) return pages;
      after = page.next;
    }
  };
  const changesOf = async (read: ReplicatedRead, since: Date | null, limit?: number): Promise<AnyChange[]> =>
    (await pagesOf(read, since, limit)).flatMap(({ changes }) => [...changes]);
  const idsOf = async (read: ReplicatedRead, since: Date | null, limit?: number): Promise<string[]> =>
    (await changesOf(read, since, limit)).map(({ kind, recordId }) => (kind === 'DELETE' ? `-${recordId}` : recordId));

  const acknowledge = (read: Primary, receipt: Partial<ChangesReceipt>): Promise<void> =>
    stand.source.acknowledge(read, { batch: 'B1', taken: [], refused: [], ...receipt }, callScope(20_000));
  /** Takes all that the department has, as the hub does at first. */
  const takeAll = async (read: Primary): Promise<AnyChange[]> => {
    const taken = await changesOf(read, null);
    await acknowledge(read, { batch: 'first', taken });
    await acknowledge(read, { batch: 'second', taken: await changesOf(read, LATER) });
    await stand.asOwner('DELETE FROM QZ_FK');
    return taken;
  };
  /** One state per row of the ID, the oldest first. */
  const statesOf = async (read: Primary, recordId: string): Promise<string> => {
    const rows = await stand.asHub(
      `SELECT SJZT FROM ${TABLE_OF[read]} WHERE ID = '${recordId}' ORDER BY GXSJ, PCH, CZLX DESC`,
    );
    return rows.map(({ SJZT }) => SJZT?.trim()).join('');
  };
  const feedback = (): Promise<StandRow[]> => stand.asHub('SELECT * FROM QZ_FK ORDER BY PCH, FKJG, JLID');
  const trimmed = (row: StandRow): StandRow =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value?.trim() ?? null]));
  /** The department writes a row of the ID as it is now, with some columns changed. */
  const addRow = async (read: Primary, recordId: string, changed: Readonly<Record<string, string>>) => {
    const table = TABLE_OF[read];
    const [row] = await stand.asOwner(
      `SELECT * FROM ${table} WHERE ID = '${recordId}' ORDER BY GXSJ DESC, PCH DESC LIMIT 1`,
    );
    const cells: StandRow = { ...row, SJZT: '0', CZLX: 'U', ...changed };
    const values = Object.values(cells).map((value) => (value === null ? 'NULL' : `'${value}'`));
    await stand.asOwner(`INSERT INTO ${table} (${Object.keys(cells).join(', ')}) VALUES (${values.join(', ')})`);
  };
  const firstOf = async (read: Primary): Promise<Extract<AnyChange, { kind: 'UPSERT' }>> => {
    const first = at(await changesOf(read, null), 0);
    if (first.kind !== 'UPSERT') throw new Error(`${read} begins with a withdrawal`);
    return first;
  };

  describe.each(['institutions', 'inspections', 'penalties'] as const)('%s that the hub has taken', (read) => {
    it('are marked, and the department hears of each by its batch', async () => {
      const [first, second] = await changesOf(read, null);
      if (first === undefined || second === undefined) throw new Error(`there are too few ${read}`);
      await acknowledge(read, { taken: [first] });
      expect(await statesOf(read, first.recordId)).toMatch(/^1+$/);
      expect(await statesOf(read, second.recordId)).toMatch(/^0+$/);
      const rows = (await feedback()).map(trimmed);
      expect(rows).toEqual([
        expect.objectContaining({
          ID: expect.stringMatching(/^[0-9a-f]{32}$/),
          BMC: TABLE_OF[read],
          JLID: first.recordId,
          JLPCH: expect.stringMatching(/^\d{8}-\d\d$/),
          FKJG: '1',
          CWZD: null,
          CWMS: null,
          CZLX: 'I',
          SJZT: '0',
          PCH: 'B1',
          GXSJ: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        }),
      ]);
    });

    it('are marked and reported once, however often the receipt comes', async () => {
      const taken = (await changesOf(read, null)).slice(0, 2);
      await acknowledge(read, { taken });
      const once = await feedback();
      await acknowledge(read, { taken });
      expect(await feedback()).toEqual(once);
      expect(once).toHaveLength(2);
      await acknowledge(read, { batch: 'B2', taken: taken.slice(0, 1) });
      expect((await feedback()).map(({ PCH }) => PCH)).toEqual(['B1', 'B1', 'B2']);
    });

    it('and changed since then stay untaken', async () => {
      const first = await firstOf(read);
      await addRow(read, first.recordId, { GXSJ: timeOf(LATER), PCH: '20310504-01' });
      const before = await statesOf(read, first.recordId);
      await acknowledge(read, { taken: [first] });
      expect(await statesOf(read, first.recordId)).toBe(before.replaceAll('0', '1').replace(/1$/, '0'));
      expect(at(await feedback(), 0)['JLPCH']).toBeNull();
      expect(await idsOf(read, LATER)).toContain(first.recordId);
    });
  });

  it('takes a receipt for a thousand records, and for none', async () => {
    const values = Array.from(
      { length: 1_000 },
      (_, index) => `('N${index}', '${timeOf(LATER)}', '1', '${timeOf(LATER)}', '0')`,
    );
    await stand.asOwner(`INSERT INTO QZ_CLJC (ID, JCRQ, JCJL, GXSJ, SJZT) VALUES ${values.join(', ')}`);
    const taken = await changesOf('inspections', LATER);
    expect(taken).toHaveLength(1_000);
    await acknowledge('inspections', { taken });
    await acknowledge('inspections', {});
    expect(await feedback()).toHaveLength(1_000);
    const [marked] = await stand.asHub("SELECT COUNT(*) AS N FROM QZ_CLJC WHERE SJZT = '1'");
    expect(Number(marked?.['N'])).toBe(1_000);
  });

  describe('a record that cannot be read', () => {
    const spoil = async (read: Primary, column: string, value: string): Promise<string> => {
      const { recordId } = await firstOf(read);
      await stand.asOwner(`UPDATE ${TABLE_OF[read]} SET ${column} = '${value}' WHERE ID = '${recordId}'`);
      return recordId;
    };
    const refusedOf = async (read: Primary) => (await pagesOf(read, null)).flatMap(({ malformed }) => [...malformed]);

    it.each([
      ['institutions', 'BAZT', '?'],
      ['inspections', 'JCJL', 'X?'],
      ['penalties', 'CF_JDRQ', '2026/13/45'],
    ] as const)('of %s is marked as failed, with field and reason', async (read, column, value) => {
      const recordId = await spoil(read, column, value);
      const refused = await refusedOf(read);
      expect(refused).toMatchObject([{ recordId, field: column }]);
      await acknowledge(read, { refused });
      await acknowledge(read, { refused });
      expect(await statesOf(read, recordId)).toMatch(/^2+$/);
      expect((await feedback()).map(trimmed)).toMatchObject([
        {
          BMC: TABLE_OF[read],
          JLID: recordId,
          FKJG: '2',
          CWZD: column,
          CWMS: refused[0]?.problem,
          JLPCH: expect.stringMatching(/-/),
        },
      ]);
    });

    it('and was put right before the hub said so stays untaken', async () => {
      const recordId = await spoil('institutions', 'BAZT', '?');
      const refused = await refusedOf('institutions');
      await addRow('institutions', recordId, { BAZT: '1', GXSJ: timeOf(LATER) });
      const before = await statesOf('institutions', recordId);
      await acknowledge('institutions', { refused });
      expect(await statesOf('institutions', recordId)).toBe(before);
      expect(await feedback()).toMatchObject([{ JLID: recordId, JLPCH: null }]);
    });

    it('and has no ID is reported without one', async () => {
      const refused = [{ recordId: null, field: 'ID', problem: 'is empty' }];
      await acknowledge('penalties', { refused });
      await acknowledge('penalties', { refused });
      expect(await feedback()).toMatchObject([{ JLID: null, CWZD: 'ID', CWMS: 'is empty' }]);
    });
  });

  describe('what the department changes without a new time', () => {
    it('comes because it is unread again, and is gone once it is taken', async () => {
      await takeAll('institutions');
      expect(await changesOf('institutions', LATER)).toEqual([]);
      const { recordId } = await firstOf('institutions');
      await stand.asOwner(`UPDATE QZ_JCJG SET DZ = '别处', SJZT = '0' WHERE ID = '${recordId}'`);
      const changes = await changesOf('institutions', LATER);
      expect(changes).toMatchObject([{ kind: 'UPSERT', recordId, record: { address: '别处' } }]);
      await acknowledge('institutions', { taken: changes });
      expect(await changesOf('institutions', LATER)).toEqual([]);
    });

    it('comes also as another row of the same time, and when it was written late', async () => {
      await takeAll('inspections');
      const { recordId, updatedAt } = await firstOf('inspections');
      await addRow('inspections', recordId, { LC: '7.5', PCH: '99999999-99' });
      await addRow('inspections', recordId, { ID: 'LATE1', GXSJ: timeOf(updatedAt ?? LATER), PCH: '99999999-98' });
      const changes = await changesOf('inspections', LATER);
      expect(changes.map((change) => change.recordId).toSorted()).toEqual(['LATE1', recordId].toSorted());
      expect(changes).toContainEqual(
        expect.objectContaining({ recordId, record: expect.objectContaining({ odometerKm: 7.5 }) }),
      );
    });

    it('cannot be told from what was never taken as long as nothing was', async () => {
      expect(await changesOf('penalties', LATER)).toEqual([]);
    });
  });

  describe('a row that two reads share', () => {
    /** A column that the second read alone looks at, and what it cannot mean. */
    const SHARED = [
      ['institutions', 'qualifications', 'BARQ', '2026/13/45'],
      ['inspections', 'reports', 'TYSHXYDM', '91520115MAYDM00190'],
    ] as const;

    it.each(SHARED)(
      'of %s and %s is refused when only the second cannot read it',
      async (first, second, column, nonsense) => {
        await takeAll(first);
        const { recordId } = at(await changesOf(second, null), 0);
        await addRow(first, recordId, { [column]: nonsense, GXSJ: timeOf(LATER) });
        const taken = await changesOf(first, LATER);
        expect(taken.map((change) => change.recordId)).toEqual([recordId]);
        const refused = (await pagesOf(second, LATER)).flatMap(({ malformed }) => [...malformed]);
        expect(refused).toMatchObject([{ recordId, field: column }]);
        await acknowledge(first, { taken });
        expect(await statesOf(first, recordId)).toMatch(/^2+$/);
        expect(await feedback()).toMatchObject([{ JLID: recordId, FKJG: '2', CWZD: column }]);
        expect(await idsOf(first, AFTER_LATER)).toEqual([]);
      },
    );

    it('is taken again when it has been put right', async () => {
      await takeAll('institutions');
      const { recordId } = at(await changesOf('qualifications', null), 0);
      await addRow('institutions', recordId, { BARQ: '2026/13/45', GXSJ: timeOf(LATER) });
      await acknowledge('institutions', { taken: await changesOf('institutions', LATER) });
      await addRow('institutions', recordId, { BARQ: '2026/01/05', GXSJ: timeOf(AFTER_LATER) });
      await acknowledge('institutions', { batch: 'B2', taken: await changesOf('institutions', AFTER_LATER) });
      expect(await statesOf('institutions', recordId)).toMatch(/1$/);
    });
  });

  describe('what the department withdraws', () => {
    it('is said once, and is no part of what it holds', async () => {
      await takeAll('institutions');
      const { recordId } = await firstOf('institutions');
      await stand.asOwner(
        `INSERT INTO QZ_JCJG (ID, CZLX, SJZT, PCH, GXSJ) VALUES ('${recordId}', 'D', '0', '1', '${timeOf(LATER)}')`,
      );
      expect(await idsOf('institutions', LATER)).toEqual([`-${recordId}`]);
      expect(await idsOf('qualifications', LATER)).toEqual([`-${recordId}`]);
      expect(await idsOf('institutions', null)).not.toContain(`-${recordId}`);
      await acknowledge('institutions', { taken: await changesOf('institutions', LATER) });
      expect(await statesOf('institutions', recordId)).toMatch(/^1+$/);
      expect(await idsOf('institutions', AFTER_LATER)).toEqual([]);
    });

    it('is also a report whose number is taken away, and the test stays', async () => {
      const { recordId } = at(await changesOf('reports', null), 0);
      await addRow('inspections', recordId, { BGBH: '', GXSJ: timeOf(LATER) });
      expect(await idsOf('reports', LATER)).toEqual([`-${recordId}`]);
      expect(await idsOf('inspections', LATER)).toEqual([recordId]);
    });

    it('is also a penalty that turns out to be against a person, of whom nothing is said', async () => {
      const { recordId } = await firstOf('penalties');
      await addRow('penalties', recordId, { CF_XDR_LB: '自然人', CF_XDR_MC: '示例某', GXSJ: timeOf(LATER) });
      expect(await changesOf('penalties', LATER)).toEqual([{ kind: 'DELETE', recordId, updatedAt: LATER }]);
      const all = await idsOf('penalties', new Date(0));
      expect(all.filter((id) => id.endsWith('P')).length).toBeGreaterThan(0);
      expect(all.filter((id) => id.endsWith('P') && !id.startsWith('-'))).toEqual([]);
    });
  });

  it('files records under the credit code, else the organization code, else the number of the station', async () => {
    const subjects = async (read: ReplicatedRead): Promise<string[]> =>
      (await changesOf(read, null)).flatMap((change) => (change.kind === 'UPSERT' ? [change.subjects.join(' ')] : []));
    const rows = await stand.asHub('SELECT TYSHXYDM, ZZJGDM, JCJGBH FROM QZ_JCJG');
    const [blank, coded] = [
      rows.find(({ TYSHXYDM }) => (TYSHXYDM ?? '').trim() === ''),
      rows.find(({ TYSHXYDM }) => (TYSHXYDM ?? '').trim() !== ''),
    ];
    const organization = `org:${blank?.['ZZJGDM']?.trim().replace('-', '')}`;
    expect(await subjects('institutions')).toEqual(
      expect.arrayContaining([organization, `code:${coded?.['TYSHXYDM']}`]),
    );
    expect(organization).toMatch(/^org:[0-9A-Z]{9}$/);
    const local = `local:${blank?.['JCJGBH']?.trim()}`;
    expect(await subjects('inspections')).toEqual(expect.arrayContaining([local, `code:${coded?.['TYSHXYDM']}`]));
    expect(await subjects('reports')).toEqual(await subjects('inspections'));
    for (const subject of await subjects('penalties')) expect(subject).toMatch(/^(code:\w{18}|org:\w{9}|local:\w+)$/);
  });

  it('gives rows of one second, rows without a time and copies each once, whatever the page', async () => {
    const { recordId } = await firstOf('institutions');
    for (const id of ['S1', 'S2', 'S3', 'S4']) await addRow('institutions', recordId, { ID: id, GXSJ: timeOf(LATER) });
    await addRow('institutions', recordId, { ID: 'S2', GXSJ: timeOf(LATER) });
    await addRow('institutions', recordId, { ID: 'T0' });
    await stand.asOwner("UPDATE QZ_JCJG SET GXSJ = NULL WHERE ID = 'T0'");
    const all = await idsOf('institutions', null);
    expect([all[0], ...all.slice(-4)]).toEqual(['T0', 'S1', 'S2', 'S3', 'S4']);
    for (const limit of [1, 2, 3]) expect([...new Set(await idsOf('institutions', null, limit))]).toEqual(all);
    const [page] = await pagesOf('institutions', LATER);
    expect(page?.newestAt).toEqual(LATER);
    await acknowledge('institutions', { taken: [{ recordId: 'T0', updatedAt: null }] });
    expect(await statesOf('institutions', 'T0')).toBe('1');
  });

  it.each(['', 'x', Buffer.from('{"newest":1}').toString('base64url'), Buffer.from('[]').toString('base64url')])(
    'refuses to continue after %j',
    async (after) => {
      const asked = stand.source.changes('institutions', { since: null, after, limit: 5 }, callScope());
      await expect(asked).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    },
  );

  describe('values that look like SQL', () => {
    const EVIL = [
      "x' OR '1'='1",
      "\\' OR 1=1 -- ",
      '\\',
      "'; DELETE FROM QZ_FK; --",
      "縗' OR 1=1 -- ",
      '" OR ""="',
      '$1; --',
      '?',
    ];

    it('mark nothing but rows of that ID, and stand in the feedback letter by letter', async () => {
      for (const [index, evil] of EVIL.entries()) {
        await acknowledge('institutions', {
          batch: `${index}${evil}`,
          taken: [{ recordId: evil, updatedAt: LATER }],
          refused: [{ recordId: 'none', field: evil, problem: `${evil} 🙂 \u0000 ō` }],
        });
      }
      const [marked] = await stand.asHub("SELECT COUNT(*) AS N FROM QZ_JCJG WHERE SJZT <> '0'");
      expect(Number(marked?.['N'])).toBe(0);
      const said = (await feedback()).map(({ JLID, FKJG, CWZD, CWMS, PCH }) => [FKJG, JLID, CWZD, CWMS, PCH]);
      // Letters that not every charset of the department's databases has are written as question marks.
      const expected = EVIL.flatMap((evil, index) => {
        const batch = `${index}${evil}`;
        return [
          ['1', evil, null, null, batch],
          ['2', 'none', evil, `${evil} ? ? ?`, batch],
        ];
      });
      expect(said.toSorted()).toEqual(expected.toSorted());
    });

    it('find no place in the feed', async () => {
      const all = await idsOf('institutions', null);
      for (const key of EVIL) {
        const after = Buffer.from(JSON.stringify({ newest: timeOf(LATER), key })).toString('base64url');
        const page = await stand.source.changes('institutions', { since: null, after, limit: 5 }, callScope());
        expect(page.changes).toEqual([]);
      }
      expect(await idsOf('institutions', null)).toEqual(all);
    });

    it('are cut to the length of their columns, and IDs that are longer than any are left alone', async () => {
      await acknowledge('institutions', {
        batch: 'b'.repeat(40),
        taken: [{ recordId: 'i'.repeat(33), updatedAt: LATER }],
        refused: [{ recordId: 'none', field: 'f'.repeat(100), problem: 'p'.repeat(900) }],
      });
      const [row, ...others] = await feedback();
      expect(others).toEqual([]);
      expect([row?.['PCH']?.length, row?.['CWZD']?.length, row?.['CWMS']?.length]).toEqual([32, 64, 500]);
    });
  });

  describe('the account of the hub', () => {
    it('reads every table', async () => {
      for (const table of ['QZ_JCJG', 'QZ_CLJC', 'QZ_CLJC_XM', 'QZ_DLYSZ', 'QZ_XZCF', 'QZ_FK']) {
        await expect(stand.asHub(`SELECT * FROM ${table} LIMIT 1`)).resolves.toBeDefined();
      }
    });

    it.each([
      ["a column that is the department's", "UPDATE QZ_JCJG SET DZ = 'x'"],
      ['a time', 'UPDATE QZ_CLJC SET GXSJ = NULL'],
      ['a flag beside the state', "UPDATE QZ_XZCF SET SJZT = '1', CZLX = 'D'"],
      ['the state of a table that is not followed', "UPDATE QZ_DLYSZ SET SJZT = '1'"],
      ['feedback that is there', "UPDATE QZ_FK SET FKJG = '1'"],
      ['a record, by adding it', "INSERT INTO QZ_JCJG (ID) VALUES ('X')"],
      ['a record, by deleting it', 'DELETE FROM QZ_CLJC'],
      ['feedback, by deleting it', 'DELETE FROM QZ_FK'],
      ['a table, by emptying it', 'TRUNCATE TABLE QZ_XZCF'],
      ['a table, by dropping it', 'DROP TABLE QZ_XZCF'],
    ])('does not change %s', async (_what, statement) => {
      await expect(stand.asHub(statement)).rejects.toThrow(/denied|must be owner/i);
    });

    it('sets states and adds feedback', async () => {
      await stand.asHub("UPDATE QZ_JCJG SET SJZT = '2'");
      await stand.asHub("INSERT INTO QZ_FK (ID) VALUES ('X')");
      expect(await feedback()).toMatchObject([{ ID: 'X' }]);
    });

    it('without these rights still follows, and says that it cannot report back', async () => {
      await stand.asOwner(`REVOKE INSERT ON QZ_FK FROM ${stand.account}`);
      try {
        const taken = await changesOf('penalties', null);
        await expect(acknowledge('penalties', { taken })).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
      } finally {
        await stand.asOwner(`GRANT INSERT ON QZ_FK TO ${stand.account}`);
      }
    });
  });
});
