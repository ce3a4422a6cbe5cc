import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INSTITUTION_KINDS, QUALIFICATION_STATUSES } from '../../schema/records.ts';
import { RISK_CLASSES } from '../../schema/search/institution-entry.model.ts';
import type { InstitutionQuery } from '../../schema/search/institution-query.ts';
import { generatedEntries } from './entries.ts';
import { plainSearch, queryOf } from './plain-search.ts';
import { openSearch, STORES, type SearchUnderTest } from './search-under-test.ts';

const LASTING = 400;
const PASSING = 200;
const all = generatedEntries(LASTING + PASSING);
const lasting = all.slice(0, LASTING);
const passing = all.slice(LASTING);

const choiceOf = <T>(values: readonly T[]) => fc.option(fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 }));
/** A piece of a name or a code, so that most texts find something. */
const anyText = fc
  .tuple(fc.constantFrom(...all), fc.nat(12), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 9 }))
  .map(([{ name, creditCode }, from, length, kind]) =>
    kind === 0 ? creditCode.slice(0, 4 + from) : name.slice(from, from + length),
  );
const anyRegion = fc
  .tuple(fc.constantFrom(...all), fc.constantFrom(2, 4, 6))
  .map(([{ regionCode }, length]) => (regionCode ?? '520115').slice(0, length));

const anyQuery: fc.Arbitrary<InstitutionQuery> = fc
  .record({
    text: fc.option(anyText),
    regionPrefix: fc.option(anyRegion),
    kinds: choiceOf(INSTITUTION_KINDS),
    riskClasses: choiceOf(RISK_CLASSES),
    listed: fc.option(fc.boolean(), { freq: 1 }),
    qualification: fc.option(fc.constantFrom(...QUALIFICATION_STATUSES)),
    orderBy: fc.constantFrom('NAME', 'UPDATED_DESC', 'RISK_DESC'),
    first: fc.integer({ min: 1, max: 100 }),
  })
  .map(queryOf);

describe.each(STORES)('every search in %s', (store) => {
  let opened: SearchUnderTest;
  beforeAll(async () => {
    opened = await openSearch(store);
    await opened.search.put(lasting);
  });
  afterAll(() => opened.close());

  /** All pages of a query, one after the other. */
  async function pagesOf(query: InstitutionQuery, beforePage: () => Promise<unknown> = () => Promise.resolve()) {
    const codes: string[] = [];
    let after: string | null = null;
    for (;;) {
      const change = beforePage();
      const page = await opened.search.search({ ...query, after });
      await change;
      expect(page.rows.length).toBeLessThanOrEqual(query.first);
      codes.push(...page.rows.map(({ creditCode }) => creditCode));
      if (!page.hasNextPage) return codes;
      expect(page.rows).toHaveLength(query.first);
      after = page.rows.at(-1)?.cursor ?? null;
    }
  }

  it('finds what a look at every institution finds, in that order', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        expect(await pagesOf(query)).toEqual(plainSearch(lasting, query));
      }),
      { numRuns: 150 },
    );
  });

  it('neither skips nor doubles what stays while others come and go', async () => {
    const stays = new Set<string>(lasting.map(({ creditCode }) => creditCode));
    const broad = anyQuery.map((query) => ({ ...query, text: null, riskClasses: null, first: 1 + (query.first % 20) }));
    const changes = fc.infiniteStream(
      fc.record({ some: fc.subarray(passing, { maxLength: 20 }), isPut: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(broad, changes, async (query, stream) => {
        const change = async (): Promise<void> => {
          const next = stream.next();
          if (next.done === true) return;
          const { some, isPut } = next.value;
          if (isPut) await opened.search.put(some);
          else await opened.search.remove(some.map(({ creditCode }) => creditCode));
        };
        const codes = await pagesOf(query, change);
        expect(codes.filter((code) => stays.has(code))).toEqual(plainSearch(lasting, query));
        expect(new Set(codes).size).toBe(codes.length);
        const matching = new Set<string>(plainSearch(all, query));
        expect(codes.filter((code) => !matching.has(code))).toEqual([]);
      }),
      { numRuns: 40 },
    );
    await opened.search.remove(passing.map(({ creditCode }) => creditCode));
    expect(await opened.search.count()).toBe(LASTING);
  });
});
