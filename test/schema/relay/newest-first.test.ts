import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeCursor } from '../../../schema/relay/cursor.ts';
import { newestFirstPage, newestFirstQuery } from '../../../schema/relay/newest-first.ts';

interface Item {
  readonly id: string;
  readonly time: string;
  readonly department: number;
}

/** An order of equal times that nobody can foresee: another one for every call and department. */
function disorder(id: string, call: number): number {
  let hash = call * 2_654_435_761;
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 0x5bd1e995) >>> 0;
  return hash;
}

/** Departments that know nothing of cursors: each gives its newest items up to a time, equal times in any order. */
class Departments {
  readonly items: Item[];
  #calls = 0;

  constructor(items: readonly Item[]) {
    this.items = [...items];
  }

  page(first: number, after: string | null) {
    const query = newestFirstQuery(first, after);
    const given = [...new Set(this.items.map(({ department }) => department))].flatMap((department) => {
      const call = ++this.#calls;
      return this.items
        .filter((item) => item.department === department && (query.upTo === null || item.time <= query.upTo))
        .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : disorder(a.id, call) - disorder(b.id, call)))
        .slice(0, query.limit);
    });
    return newestFirstPage(query, given, ({ time, id }) => [time, id], null);
  }
}

/** Few times and many items, so that equal times fill pages. */
const someItems = fc
  .array(fc.record({ time: fc.constantFrom('01', '02', '03', '04'), department: fc.integer({ min: 1, max: 4 }) }), {
    maxLength: 30,
  })
  .map((facts) => facts.map((each, index): Item => ({ ...each, id: `i${index}` })));
const pageSize = fc.integer({ min: 1, max: 8 });

const idsOf = (items: readonly Item[]): string[] => items.map(({ id }) => id).sort();
const isNewestFirst = (items: readonly Item[]): boolean =>
  items.every((item, index) => index === 0 || item.time <= (items[index - 1]?.time ?? ''));

describe('walking a list newest first', () => {
  it('meets every item exactly once and in order, whatever order departments give to equal times', () => {
    fc.assert(
      fc.property(someItems, pageSize, (items, size) => {
        const departments = new Departments(items);
        const walked: Item[] = [];
        let pages = 0;
        for (let after: string | null = null, more = true; more; pages++) {
          const { edges, pageInfo } = departments.page(size, after);
          expect(pageInfo.hasPreviousPage).toBe(pages > 0);
          if (pageInfo.hasNextPage) expect(edges).toHaveLength(size);
          walked.push(...edges.map(({ node }) => node));
          after = pageInfo.endCursor;
          more = pageInfo.hasNextPage;
        }
        expect(idsOf(walked)).toEqual(idsOf(items));
        expect(isNewestFirst(walked)).toBe(true);
        expect(pages).toBe(Math.max(1, Math.ceil(items.length / size)));
      }),
    );
  });

  it('continues after any edge of a page, not only after the last', () => {
    fc.assert(
      fc.property(someItems, pageSize, fc.nat(), (items, size, pick) => {
        const departments = new Departments(items);
        const walked: Item[] = [];
        let after: string | null = null;
        for (let steps = 0; ; steps++) {
          const { edges, pageInfo } = departments.page(size, after);
          const taken = edges.slice(0, ((pick + steps) % size) + 1);
          walked.push(...taken.map(({ node }) => node));
          after = taken.at(-1)?.cursor ?? null;
          if (!pageInfo.hasNextPage && taken.length === edges.length) break;
        }
        expect(idsOf(walked)).toEqual(idsOf(items));
        expect(isNewestFirst(walked)).toBe(true);
      }),
    );
  });

  it('meets items that come in between where they are older than the page, and is not disturbed by newer ones', () => {
    fc.assert(
      fc.property(someItems, fc.array(someItems, { maxLength: 4 }), pageSize, (items, arrivals, size) => {
        const departments = new Departments(items);
        const expected = [...items];
        const walked: Item[] = [];
        for (let after: string | null = null, more = true, page = 0; more; page++) {
          const { edges, pageInfo } = departments.page(size, after);
          walked.push(...edges.map(({ node }) => node));
          after = pageInfo.endCursor;
          more = pageInfo.hasNextPage;
          const shownUpTo = edges.at(-1)?.node.time ?? '';
          const arrived = more ? (arrivals[page] ?? []).map((item) => ({ ...item, id: `${item.id}-${page}` })) : [];
          departments.items.push(...arrived);
          expected.push(...arrived.filter(({ time }) => time <= shownUpTo));
        }
        expect(idsOf(walked)).toEqual(idsOf(expected));
        expect(isNewestFirst(walked)).toBe(true);
      }),
    );
  });

  it('says of an empty list that there is nothing before and after', () => {
    expect(new Departments([]).page(5, null)).toEqual({
      edges: [],
      totalCount: null,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});

describe('a page of a list newest first', () => {
  it('needs one item more than it shows, and those already shown at the time of the cursor', () => {
    expect(newestFirstQuery(20, null)).toEqual({ first: 20, upTo: null, limit: 21, shownAtThatTime: [] });
    expect(newestFirstQuery(20, encodeCursor(['2026-03-02', ['a', 'b']]))).toEqual({
      first: 20,
      upTo: '2026-03-02',
      limit: 23,
      shownAtThatTime: ['a', 'b'],
    });
  });

  it.each([0, -1, 101, Number.NaN])('cannot have %p items', (first) => {
    expect(() => newestFirstQuery(first, null)).toThrow(
      expect.objectContaining({ name: 'HubError', code: 'INPUT_INVALID' }),
    );
  });

  it.each([1, 100])('can have %i items', (first) => {
    expect(newestFirstQuery(first, null).first).toBe(first);
  });

  it.each([
    ['of another list', encodeCursor(['register', 'abc'])],
    ['without its ids', encodeCursor(['2026-03-02'])],
    ['with a part too many', encodeCursor(['2026-03-02', [], 1])],
    ['with ids of another kind', encodeCursor(['2026-03-02', [1]])],
    ['that is no tuple', encodeCursor({ time: '2026-03-02' })],
    ['that is no JSON', Buffer.from('{').toString('base64url')],
    ['that is empty', ''],
  ])('cannot begin after a cursor %s', (_, after) => {
    expect(() => newestFirstQuery(20, after)).toThrow(
      expect.objectContaining({ name: 'HubError', code: 'INPUT_INVALID', message: expect.stringContaining('cursor') }),
    );
  });
});
