import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHub, type HubUnderTest } from '../support/hub.ts';

const WORLD_SIZE = 20_000;
/** This is about being right on a slow machine, not about being fast. */
const PATIENCE_MS = 60_000;

const PAGE = `query Page($first: Int!, $after: Cursor) {
  institutions(first: $first, after: $after, filter: { kinds: [VEHICLE_INSPECTION_BODY] }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      creditCode
      qualifications { scheme number provenance { department { id } } }
      inspections(first: 2) { edges { node { __typename startedAt } } }
      penalties { totalCount }
      coverage { department { id } facet status reason }
    } }
  }
}`;

interface Page {
  readonly institutions: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    readonly edges: readonly {
      readonly node: {
        readonly creditCode: string;
        readonly inspections: { readonly edges: readonly unknown[] };
        readonly coverage: readonly { readonly status: string; readonly reason: string | null }[];
      };
    }[];
  };
}

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await startHub({ worldSize: WORLD_SIZE, patienceMs: PATIENCE_MS });
}, 120_000);
afterAll(() => hub.close());

describe('a province of 20,000 institutions', () => {
  it('joins two pages of 100 in full, each with one call per department and operation', async () => {
    const total = hub.world.institutions.filter(({ kinds }) => kinds.includes('VEHICLE_INSPECTION_BODY')).length;
    let after: string | null = null;
    const seen = new Set<string>();
    for (let page = 0; page < 2; page += 1) {
      hub.resetCalls();
      const { data, errors }: { data: Page; errors: unknown } = await hub.query<Page>(
        PAGE,
        { first: 100, after },
        PATIENCE_MS,
      );
      expect(errors).toBeUndefined();
      expect(data.institutions.totalCount).toBe(total);
      expect(data.institutions.edges).toHaveLength(100);
      for (const { node } of data.institutions.edges) {
        seen.add(node.creditCode);
        expect(node.coverage.filter((each) => each.status === 'UNAVAILABLE')).toEqual([]);
        expect(node.inspections.edges.length).toBeGreaterThan(0);
      }
      for (const operations of Object.values(hub.calls())) {
        for (const count of Object.values(operations)) expect(count).toBe(1);
      }
      after = data.institutions.pageInfo.endCursor;
    }
    expect(seen.size).toBe(200);
  }, 180_000);
});
