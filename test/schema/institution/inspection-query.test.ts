import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { createHubContext, type HubContext } from '../../../schema/context.ts';
import { InspectionFilter } from '../../../schema/institution/institution.input.ts';
import { inspectionsOf } from '../../../schema/institution/inspection-query.ts';
import { institutionNode } from '../../../schema/institution/institution-node.ts';
import type { InspectionRequest } from '../../../schema/ports.ts';
import { encodeCursor } from '../../../schema/relay/cursor.ts';
import { fakeDepartment, operation, servicesOf, type FakeDepartment } from '../support/fake-departments.ts';
import { A, at, inspection, institution } from '../support/records.ts';
import { INSPECTOR } from '../../support/callers.ts';

const NODE = institutionNode(A, institution('market-regulation'));
const DAYS = ['2026-03-01', '2026-03-04', '2026-03-02', '2026-03-03'];

/** Two departments with two inspections each. */
function world(): { readonly context: HubContext; readonly transport: FakeDepartment } {
  const holds = (days: readonly string[]) => ({
    inspections: ({ to }: InspectionRequest) =>
      days.map((each) => inspection(each, at(each))).filter(({ startedAt }) => to === null || startedAt <= to),
  });
  const marketRegulation = fakeDepartment('market-regulation', { answers: holds(DAYS.slice(0, 2)) });
  const transport = fakeDepartment('transport', { answers: holds(DAYS.slice(2)) });
  return {
    context: createHubContext(servicesOf([marketRegulation, transport]), operation().scope, INSPECTOR),
    transport,
  };
}

const filterOf = (facts: Partial<InspectionFilter>): InspectionFilter => Object.assign(new InspectionFilter(), facts);

async function page(filter: Partial<InspectionFilter>, first: number, after: string | null = null) {
  const { context, transport } = world();
  const { edges, pageInfo } = await inspectionsOf(NODE, filterOf(filter), first, after, context);
  const ids = edges.map(({ node }) => (node as unknown as { id: string }).id);
  const [request] = transport.calls.flatMap(({ requests }) => requests as InspectionRequest[]);
  return { ids, next: pageInfo.hasNextPage ? pageInfo.endCursor : null, request };
}

describe('the inspections of an institution', () => {
  it('are read from all departments, newest first, page by page', async () => {
    const first = await page({}, 3);
    expect(first.ids).toEqual(['2026-03-04', '2026-03-03', '2026-03-02']);
    const second = await page({}, 3, first.next);
    expect([second.ids, second.next]).toEqual([['2026-03-01'], null]);
  });

  it('are asked for as the filter says, up to where the last page ended', async () => {
    const { next } = await page({}, 2);
    const from = at('2026-01-01');
    const { request } = await page({ from, to: at('2026-12-31'), result: 'FAIL' }, 2, next);
    expect(request).toMatchObject({ creditCode: A, from, to: at('2026-03-03'), result: 'FAIL', limit: 4 });
    expect((await page({ to: at('2026-01-31') }, 2, next)).request?.to).toEqual(at('2026-01-31'));
  });

  it.each([
    ['a cursor of the list of reports', {}, encodeCursor(['2026-03-02', ['1']])],
    ['a cursor of the list of institutions', {}, encodeCursor(['register', 'abc'])],
    ['a cursor with a time that is none', {}, encodeCursor(['soon', []])],
    ['a department that there is not', { departments: ['water-resources'] }, null],
    ['a VIN that is none', { vin: 'LDMHCV3B7P000010' }, null],
  ])('are not asked for with %s', async (_, filter, after) => {
    const { context, transport } = world();
    await expect(inspectionsOf(NODE, filterOf(filter), 2, after, context)).rejects.toMatchObject({
      name: 'HubError',
      code: 'INPUT_INVALID',
    });
    expect(transport.calls).toEqual([]);
  });
});
