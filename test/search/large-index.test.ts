/** 100,000 institutions: every page is read by an index, and little more is read than shown. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDERS } from '../../schema/search/institution-order.ts';
import type { InstitutionQuery } from '../../schema/search/institution-query.ts';
import { toStoredEntry } from '../../schema/search/stored-entry.ts';
import { generatedEntries } from './entries.ts';
import { readingsOf } from './explain.ts';
import { inOrder, matcherOf, queryOf } from './plain-search.ts';
import { openSearch, STORES, type SearchUnderTest } from './search-under-test.ts';

const SIZE = 100_000;
const DEEP = 90_000;
const FIRST = 20;
/** Filled before it is indexed, which takes a third of the time. */
const PER_STATEMENT = 5_000;
/** At most so many documents are read for each row shown where what is asked for is frequent. */
const READ_PER_ROW = 40;
/** Where it is rare: what leads to it leads to no more than counts as rare. */
const RARE = 1_000;
const entries = generatedEntries(SIZE);
const [sample] = entries;
const ORDER_NAMES = ['NAME', 'UPDATED_DESC', 'RISK_DESC'] as const;
const ordered = new Map(ORDER_NAMES.map((order) => [order, inOrder(entries, order)]));

type Filter = Partial<InstitutionQuery>;
/** What is frequent enough for full pages. */
const FREQUENT: Readonly<Record<string, Filter>> = {
  everything: {},
  'a province': { regionPrefix: '52' },
  'a prefecture': { regionPrefix: '5201' },
  'a county': { regionPrefix: '520115' },
  'a kind': { kinds: ['CERTIFICATION_BODY'] },
  'three kinds': { kinds: ['CERTIFICATION_BODY', 'ENV_MONITORING_BODY', 'CARBON_VERIFICATION_BODY'] },
  'all classes': { riskClasses: ['A', 'B', 'C', 'D'] },
  'the worst class': { riskClasses: ['D'] },
  listed: { listed: true },
  'not listed': { listed: false },
  'a valid qualification': { qualification: 'VALID' },
  'a suspended qualification': { qualification: 'SUSPENDED' },
  'a text that most names contain': { text: '有限公司' },
  'a text that some names contain': { text: '环境监测' },
  'one character': { text: '检' },
  'the beginning of most codes': { text: '9152' },
  'a prefecture and a kind': { regionPrefix: '5204', kinds: ['CERTIFICATION_BODY'] },
  'a prefecture and the listed': { regionPrefix: '5203', listed: true },
  'a prefecture, two kinds and two classes': {
    ...{ regionPrefix: '5203', kinds: ['VEHICLE_INSPECTION_BODY', 'ENV_MONITORING_BODY'], riskClasses: ['C', 'D'] },
  },
  'a kind, not listed, with a valid qualification': {
    ...{ kinds: ['FOOD_AGRI_TESTING_BODY'], listed: false, qualification: 'VALID' },
  },
  'a prefecture and a text': { regionPrefix: '5203', text: '机动车' },
};
const RARELY: Readonly<Record<string, Filter>> = {
  'a whole name': { text: sample?.name ?? '' },
  'a whole code': { text: sample?.creditCode ?? '' },
  'the beginning of a code': { text: sample?.creditCode.slice(0, 11) ?? '' },
  'a CMA number': { text: sample?.cmaNumbers[0] ?? '' },
  'a text that no name contains': { text: '宇宙飞船' },
  'a county, a kind and the worst class': {
    ...{ regionPrefix: '520115', kinds: ['ENV_MONITORING_BODY'], riskClasses: ['D'] },
  },
  'the listed of the worst class with a suspended qualification': {
    ...{ listed: true, riskClasses: ['D'], qualification: 'SUSPENDED' },
  },
  'everything at once': {
    ...{ text: '检测', regionPrefix: '5201', kinds: ['VEHICLE_INSPECTION_BODY'], riskClasses: ['C', 'D'] },
    ...{ listed: true, qualification: 'VALID' },
  },
};
const cases = (filters: Readonly<Record<string, Filter>>) =>
  ORDER_NAMES.flatMap((orderBy) => Object.entries(filters).map(([name, filter]) => ({ orderBy, name, filter })));

describe.each(STORES)('a large index in %s', (store) => {
  let opened: SearchUnderTest;
  beforeAll(async () => {
    opened = await openSearch(store, { indexes: 'LATER' });
    const from = performance.now();
    const collection = opened.connection.collection('institution_entries');
    for (let start = 0; start < SIZE; start += PER_STATEMENT) {
      await collection.insertMany(entries.slice(start, start + PER_STATEMENT).map((entry) => toStoredEntry(entry)));
    }
    await opened.search.ensureIndexes();
    console.log(`${store}: ${SIZE} institutions indexed in ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  }, 300_000);
  afterAll(() => opened.close());

  /** What a search finds; no command that it sent has read more documents than this. */
  async function searchReading(query: InstitutionQuery, mostRead: number): Promise<string[]> {
    const { result, readings } = await readingsOf(opened.connection, () => opened.search.search(query));
    expect(readings.length).toBeGreaterThan(0);
    expect(readings.filter(({ isScan }) => isScan)).toEqual([]);
    expect(readings.filter(({ isCount, documents }) => documents > (isCount ? RARE : mostRead))).toEqual([]);
    return result.rows.map(({ creditCode }) => creditCode);
  }

  it.each(cases(FREQUENT))('reads little for the first page of $name by $orderBy', async ({ orderBy, filter }) => {
    const query = queryOf({ ...filter, orderBy, first: FIRST });
    expect(await searchReading(query, FIRST * READ_PER_ROW)).toEqual(firstMatches(query, 0));
  });

  it.each(cases(FREQUENT))('reads little far down the list of $name by $orderBy', async ({ orderBy, filter }) => {
    const last = ordered.get(orderBy)?.[DEEP - 1];
    if (last === undefined) throw new Error('the list is too short');
    const order = ORDERS[orderBy];
    const after = order.cursorOf(order.positionOf(toStoredEntry(last)));
    const query = queryOf({ ...filter, orderBy, first: FIRST, after });
    expect(await searchReading(query, FIRST * READ_PER_ROW)).toEqual(firstMatches(query, DEEP));
  });

  it.each(cases(RARELY))('reads no more than few where $name is asked for by $orderBy', async ({ orderBy, filter }) => {
    const query = queryOf({ ...filter, orderBy, first: FIRST });
    expect(await searchReading(query, RARE)).toEqual(firstMatches(query, 0));
  });
});

/** The first page of what matches after so many institutions of the list. */
function firstMatches(query: InstitutionQuery, from: number): string[] {
  const matches = matcherOf(query);
  const found: string[] = [];
  for (const entry of (ordered.get(query.orderBy) ?? []).slice(from)) {
    if (found.length === FIRST) break;
    if (matches(entry)) found.push(entry.creditCode);
  }
  return found;
}
