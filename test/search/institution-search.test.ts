import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { encodeCursor } from '../../schema/relay/cursor.ts';
import { parseRegionCode } from '../../schema/region/region.ts';
import type { InstitutionEntry } from '../../schema/search/institution-entry.model.ts';
import { InstitutionSearch } from '../../schema/search/institution-search.ts';
import type { InstitutionQuery } from '../../schema/search/institution-query.ts';
import { generatedEntries, generatedEntry } from './entries.ts';
import { queryOf } from './plain-search.ts';
import { openSearch, STORES, type SearchUnderTest } from './search-under-test.ts';

const entry = (index: number, parts: Partial<InstitutionEntry> = {}): InstitutionEntry => ({
  ...generatedEntry(index),
  ...parts,
});

describe.each(STORES)('the search index of institutions in %s', (store) => {
  let opened: SearchUnderTest;
  let search: InstitutionSearch;
  beforeAll(async () => {
    opened = await openSearch(store);
    ({ search } = opened);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.connection.collection('institution_entries').deleteMany({});
  });

  const codesOf = async (parts: Partial<InstitutionQuery> = {}): Promise<string[]> =>
    (await search.search(queryOf(parts))).rows.map(({ creditCode }) => creditCode);

  describe('what is put', () => {
    it('is there once, however often it is put, and the last of one call counts', async () => {
      const old = entry(1, { name: '旧名' });
      const now = entry(1, { name: '新名' });
      await search.put([old, entry(2), now]);
      await search.put([entry(2)]);
      expect(await search.count()).toBe(2);
      expect(await search.entriesOf([now.creditCode])).toEqual([now]);
      expect(await codesOf({ text: '旧名' })).toEqual([]);
      expect(await codesOf({ text: '新名' })).toEqual([now.creditCode]);
    });

    it('is there once when two put the same new institutions at the same time', async () => {
      const entries = generatedEntries(200);
      await Promise.all([search.put(entries), search.put(entries), new InstitutionSearch(opened).put(entries)]);
      expect(await search.count()).toBe(200);
    });

    it('comes back as it was, in the order asked for, null where there is none', async () => {
      const [rated, unrated] = [entry(1, { riskScore: 12.5 }), entry(2, { riskScore: null, regionCode: null })];
      await search.put([rated, unrated]);
      expect(await search.entriesOf([unrated.creditCode, entry(3).creditCode, rated.creditCode])).toEqual([
        unrated,
        null,
        rated,
      ]);
    });

    it('goes when it is removed, and an unknown code does not matter', async () => {
      await search.put([entry(1), entry(2)]);
      await search.remove([entry(1).creditCode, entry(3).creditCode]);
      expect(await codesOf()).toEqual([entry(2).creditCode]);
      await search.remove([]);
      expect(await search.count()).toBe(1);
    });

    it('is not undone by a slow writer whose facts are older, nor brought back by it', async () => {
      const [first, second] = [entry(1, { name: '先' }), entry(2)];
      await search.put([second]);
      const rewriteSlowly = (older: InstitutionEntry, newer: InstitutionEntry | null) => {
        let held: InstitutionEntry | null = older;
        let isFirst = true;
        return search.rewrite([older.creditCode], async (codes) => {
          const seen = held;
          if (isFirst) {
            isFirst = false;
            held = newer;
            await search.rewrite(codes, () => Promise.resolve(new Map([[older.creditCode, newer]])));
          }
          return new Map([[older.creditCode, seen]]);
        });
      };
      await rewriteSlowly(first, { ...first, name: '后' });
      await rewriteSlowly(second, null);
      await rewriteSlowly(entry(3), null);
      expect(await search.entriesOf([1, 2, 3].map((index) => entry(index).creditCode))).toEqual([
        { ...first, name: '后' },
        null,
        null,
      ]);
      expect(await codesOf()).toEqual([first.creditCode]);
      expect(await codesOf({ orderBy: 'UPDATED_DESC', text: second.creditCode })).toEqual([]);
    });

    it('says which entries a new day has made untrue, the longest due first', async () => {
      const on = (day: number): Date => new Date(Date.UTC(2026, 3, day));
      await search.put([1, 2, 3].map((index) => entry(index, { changesAt: on(4 - index) })));
      await search.put([entry(4, { changesAt: null })]);
      const codes = [3, 2, 1].map((index) => entry(index).creditCode);
      expect(await search.due(on(2), 10)).toEqual(codes.slice(0, 2));
      expect(await search.due(on(3), 1)).toEqual(codes.slice(0, 1));
      await search.remove([entry(3).creditCode]);
      expect(await search.due(on(9), 10)).toEqual(codes.slice(1));
    });

    it('is refused as a whole when one entry cannot be sorted', async () => {
      await expect(search.put([entry(1), entry(2, { riskScore: Number.NaN })])).rejects.toThrow(RangeError);
      await expect(search.put([entry(1), entry(2, { riskScore: -3 })])).rejects.toThrow(RangeError);
      await expect(search.put([entry(1), entry(2, { updatedAt: new Date(Number.NaN) })])).rejects.toThrow(RangeError);
      expect(await search.count()).toBe(0);
    });
  });

  describe('a text', () => {
    const body = entry(1, { name: '示例（贵阳）ABC检测有限公司', cmaNumbers: ['262400000017'] });
    beforeEach(() => search.put([body, entry(2, { name: '贵例阳示检贵测中心' })]));

    it.each(['检测有限', '示例(贵阳)', 'abc检', 'ＡＢＣ', '检测 · 有限', '阳', 'b', body.name])(
      'finds the name that contains it: %s',
      async (text) => {
        expect(await codesOf({ text })).toContain(body.creditCode);
      },
    );

    it('does not find a name that holds the same pairs of characters apart from each other', async () => {
      const apart = entry(3, { name: '检测公司和测公检' });
      await search.put([apart]);
      expect(await codesOf({ text: '检测公检' })).toEqual([]);
      expect(await codesOf({ text: '和测公检' })).toEqual([apart.creditCode]);
    });

    it.each([
      ['the whole code', body.creditCode],
      ['its beginning', body.creditCode.slice(0, 12)],
      [
        'as people write it',
        ` ${body.creditCode.slice(0, 8).toLowerCase()} - ${body.creditCode.slice(8).toLowerCase()}`,
      ],
    ])('finds a credit code by %s', async (_, text) => {
      expect(await codesOf({ text })).toContain(body.creditCode);
    });

    it('finds a CMA number in full only', async () => {
      expect(await codesOf({ text: '262400000017' })).toEqual([body.creditCode]);
      expect(await codesOf({ text: '26240000001' })).toEqual([]);
    });

    it.each(['', '   ', '·，'])('without a letter, a digit or a character filters nothing: "%s"', async (text) => {
      expect(await codesOf({ text })).toHaveLength(2);
    });
  });

  describe('the other filters', () => {
    it('find an institution with a retired division under its successor, by either code', async () => {
      const old = entry(1, { regionCode: parseRegionCode('520114') });
      const current = entry(2, { regionCode: parseRegionCode('520111') });
      await search.put([old, current, entry(3, { regionCode: parseRegionCode('520201') })]);
      const both = [old.creditCode, current.creditCode].toSorted();
      for (const regionPrefix of ['520111', '520114', '5201']) {
        expect((await codesOf({ regionPrefix })).toSorted()).toEqual(both);
      }
    });

    it('show an institution of two kinds once when both are asked for', async () => {
      const two = entry(1, { kinds: ['VEHICLE_INSPECTION_BODY', 'ENV_MONITORING_BODY'] });
      await search.put([two]);
      expect(await codesOf({ kinds: ['VEHICLE_INSPECTION_BODY', 'ENV_MONITORING_BODY'] })).toEqual([two.creditCode]);
    });

    it('match nothing for an empty choice', async () => {
      await search.put([entry(1)]);
      expect(await codesOf({ kinds: [] })).toEqual([]);
      expect(await codesOf({ riskClasses: [] })).toEqual([]);
    });

    it('tell listed from not listed', async () => {
      const [listed, free] = [entry(1, { listed: true }), entry(2, { listed: false })];
      await search.put([listed, free]);
      expect(await codesOf({ listed: true })).toEqual([listed.creditCode]);
      expect(await codesOf({ listed: false })).toEqual([free.creditCode]);
    });
  });

  describe('the orders', () => {
    it('put the riskiest first and those without a score last', async () => {
      const scores = [null, 3, 99.5, 0];
      const entries = scores.map((riskScore, index) => entry(index, { riskScore }));
      await search.put(entries);
      expect(await codesOf({ orderBy: 'RISK_DESC' })).toEqual([2, 1, 3, 0].map((index) => entries[index]?.creditCode));
    });

    it('sort names by code points, also beyond the basic plane', async () => {
      const names = ['\u{20BB7}检测', '\uFA0E检测', '检测'];
      const entries = names.map((name, index) => entry(index, { name }));
      await search.put(entries);
      const [first, second, third] = entries.map(({ creditCode }) => creditCode);
      expect(await codesOf()).toEqual([third, second, first]);
      expect(await codesOf({ kinds: [...new Set(entries.flatMap(({ kinds }) => kinds))] })).toEqual([
        third,
        second,
        first,
      ]);
    });

    it('take a name of any length, and search all of it', async () => {
      const long = entry(1, { name: `${'示例'.repeat(5_000)}检测` });
      await search.put([long, entry(2)]);
      expect(await codesOf({ text: '例检测' })).toEqual([long.creditCode]);
      expect(await codesOf()).toHaveLength(2);
    });
  });

  describe('a page', () => {
    it('says whether more follows, and continues after the cursor of any row', async () => {
      await search.put(generatedEntries(5));
      const all = await search.search(queryOf({ first: 5 }));
      expect(all.hasNextPage).toBe(false);
      const page = await search.search(queryOf({ first: 2, after: all.rows[1]?.cursor ?? '' }));
      expect(page).toEqual({ rows: all.rows.slice(2, 4), hasNextPage: true });
    });

    it('continues after a row that is gone', async () => {
      const entries = generatedEntries(5);
      await search.put(entries);
      const all = await search.search(queryOf());
      await search.remove(all.rows.slice(0, 2).map(({ creditCode }) => creditCode));
      const rest = await search.search(queryOf({ after: all.rows[1]?.cursor ?? '' }));
      expect(rest.rows).toEqual(all.rows.slice(2));
    });

    it.each(['UPDATED_DESC', 'NAME', 'RISK_DESC'] as const)(
      'in order %s refuses a cursor of another order and a forged one, whose content it does not repeat',
      async (orderBy) => {
        const forged = [
          'not-a-cursor',
          '',
          encodeCursor(['name', { $ne: null }, 'x']),
          encodeCursor(['updated', 1e20, 'x']),
          encodeCursor(['risk', null, 'x']),
          encodeCursor(['risk', 1, ['x']]),
          encodeCursor(['register', 'secret']),
          encodeCursor([orderBy === 'NAME' ? 'risk' : 'name', orderBy === 'NAME' ? 1 : '示例', 'x']),
        ];
        for (const after of forged) {
          const attempt = search.search(queryOf({ orderBy, after }));
          await expect(attempt).rejects.toMatchObject({ code: 'INPUT_INVALID' });
          await expect(attempt).rejects.not.toThrow('secret');
        }
      },
    );

    it.each([0, -1, 101, 1.5, Number.NaN])('of %d rows is refused', async (first) => {
      await expect(search.search(queryOf({ first }))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    });
  });

  describe('an operator in place of a value', () => {
    const operator = { $ne: null } as unknown;

    it.each(['text', 'regionPrefix', 'kinds', 'riskClasses', 'listed', 'qualification', 'orderBy', 'after'])(
      'is refused as %s',
      async (part) => {
        await search.put([entry(1)]);
        const query = { ...queryOf(), [part]: operator };
        await expect(search.search(query)).rejects.toThrow(HubError);
        const nested = { ...queryOf(), [part]: [operator] };
        await expect(search.search(nested)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      },
    );

    it.each(['$where', '.*', '^示例', '{"$gt":""}', '\u0000', '['])(
      'that is a text finds names only: %j',
      async (text) => {
        await search.put([entry(1, { name: '示例检测中心' })]);
        expect(await codesOf({ text })).toEqual([]);
      },
    );

    it('may not make a text longer than any name', async () => {
      expect(await codesOf({ text: '示例'.repeat(100) })).toEqual([]);
      await expect(codesOf({ text: '示例'.repeat(101) })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    });

    it('is no division', async () => {
      for (const regionPrefix of ['', '5', '52x', '052', '5201150', '$gt']) {
        await expect(search.search(queryOf({ regionPrefix }))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      }
    });
  });
});
