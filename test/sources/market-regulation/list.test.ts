import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InstitutionListPage, InstitutionListQuery } from '../../../schema/ports.ts';
import definition from '../../../sources/market-regulation/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import type { SourceUnderTest } from '../../support/source-under-test.ts';

const EVERYTHING: InstitutionListQuery = {
  text: null,
  regionPrefix: null,
  kinds: null,
  listed: null,
  qualification: null,
  orderBy: 'NAME',
  first: 100,
  after: null,
};

let hub: SourceUnderTest;
let all: readonly WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(definition, { worldSize: 230 });
  all = hub.world.institutions;
});
afterAll(() => hub.close());
beforeEach(async () => {
  await hub.upstream.setFault(null);
  hub.upstream.resetCalls();
});

async function list(query: Partial<InstitutionListQuery>): Promise<InstitutionListPage> {
  if (hub.source.listInstitutions === undefined) throw new Error('the register offers no list');
  return await hub.source.listInstitutions({ ...EVERYTHING, ...query }, callScope());
}
const codesOf = (page: InstitutionListPage) => page.rows.map(({ institution }) => institution.creditCode);
const codesWhere = (test: (institution: WorldInstitution) => boolean) =>
  all
    .filter(test)
    .map(({ creditCode }) => creditCode)
    .sort();

async function allPages(query: Partial<InstitutionListQuery>): Promise<InstitutionListPage[]> {
  const pages: InstitutionListPage[] = [];
  let after: string | null = null;
  do {
    const page: InstitutionListPage = await list({ ...query, after });
    pages.push(page);
    after = page.hasNextPage ? (page.rows.at(-1)?.cursor ?? null) : null;
  } while (after !== null);
  return pages;
}

describe('the list of institutions', () => {
  it.each(['NAME', 'UPDATED_DESC'] as const)('by %s pages through everyone once, in order', async (orderBy) => {
    const pages = await allPages({ orderBy, first: 37 });
    expect(pages).toHaveLength(Math.ceil(all.length / 37));
    expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => all.length));
    expect(pages.flatMap(({ malformed }) => malformed)).toEqual([]);
    const rows = pages.flatMap((page) => page.rows.map(({ institution }) => institution));
    expect(rows.map(({ creditCode }) => creditCode).sort()).toEqual(codesWhere(() => true));
    const keys = rows.map(({ name, provenance }) => (orderBy === 'NAME' ? name : -provenance.asOf.getTime()));
    expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(hub.upstream.calls()).toEqual({ listInstitutions: pages.length });
  });

  it('continues after any row, not only after the last of a page', async () => {
    const whole = await list({ first: 10 });
    const rest = await list({ first: 6, after: whole.rows[3]?.cursor ?? null });
    expect(codesOf(rest)).toEqual(codesOf(whole).slice(4, 10));
  });

  it('takes its order into account and refuses the cursor of another one', async () => {
    const cursor = (await list({ first: 1 })).rows[0]?.cursor ?? null;
    await expect(list({ after: cursor, orderBy: 'UPDATED_DESC' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(list({ after: 'no cursor' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('finds by a part of the name, by the code and by the CMA number', async () => {
    const subjectOf = all.find((each) => hub.world.cmaNumberOf(each) !== null);
    if (subjectOf === undefined) throw new Error('nobody has a CMA number');
    expect(codesOf(await list({ text: subjectOf.creditCode.toLowerCase() }))).toEqual([subjectOf.creditCode]);
    expect(codesOf(await list({ text: hub.world.cmaNumberOf(subjectOf) }))).toEqual([subjectOf.creditCode]);
    const found = await allPages({ text: '机动车' });
    expect(found.flatMap(codesOf).sort()).toEqual(codesWhere(({ name }) => name.includes('机动车')));
    expect(codesOf(await list({ text: '没有这样的机构' }))).toEqual([]);
  });

  it('narrows by region and by kind', async () => {
    const inRegion = await allPages({ regionPrefix: '5201' });
    expect(inRegion.flatMap(codesOf).sort()).toEqual(codesWhere(({ region }) => region.startsWith('5201')));
    const kinds = ['ENV_MONITORING_BODY', 'CERTIFICATION_BODY'] as const;
    const ofKind = await allPages({ kinds });
    expect(ofKind.flatMap(codesOf).sort()).toEqual(
      codesWhere((each) => each.kinds.some((kind) => kinds.some((asked) => asked === kind))),
    );
    expect(await list({ kinds: [] })).toMatchObject({ rows: [], hasNextPage: false, totalCount: 0 });
  });

  it('narrows by standing on a list', async () => {
    const onList = (each: WorldInstitution) =>
      hub.world.listEntriesOf(each).some(({ removedOn }) => removedOn === null || removedOn > hub.world.today);
    expect((await allPages({ listed: true })).flatMap(codesOf).sort()).toEqual(codesWhere(onList));
    expect((await allPages({ listed: false })).flatMap(codesOf).sort()).toEqual(codesWhere((each) => !onList(each)));
  });

  it.each(['VALID', 'SUSPENDED', 'RECTIFYING', 'EXPIRED'] as const)(
    'narrows by a qualification that is %s now',
    async (status) => {
      const pages = await allPages({ qualification: status });
      const holds = (each: WorldInstitution) =>
        hub.world
          .qualificationsOf(each)
          .some(
            (version) => version.supersededAt === null && version.effectiveTo === null && version.status === status,
          );
      expect(pages.flatMap(codesOf).sort()).toEqual(codesWhere(holds));
    },
  );

  it('gives a page of nothing its next page', async () => {
    expect(await list({ first: 0 })).toMatchObject({ rows: [], hasNextPage: true, totalCount: all.length });
  });

  it.each(['duplicate-rows', 'out-of-order'] as const)('is the same under %s', async (kind) => {
    const usual = await list({ first: 20 });
    await hub.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
    const disturbed = await list({ first: 20 });
    expect(disturbed.rows.map(({ cursor }) => cursor)).toEqual(usual.rows.map(({ cursor }) => cursor));
    expect(codesOf(disturbed)).toEqual(codesOf(usual));
    expect(disturbed.hasNextPage).toBe(true);
  });

  it('names the row that it could not read and keeps the others', async () => {
    const usual = await list({ first: 20 });
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'first' });
    const drifted = await list({ first: 20 });
    expect(codesOf(drifted)).toEqual(codesOf(usual).slice(1));
    expect(drifted.malformed).toEqual([
      { recordId: codesOf(usual)[0], field: 'ENTNAME', problem: expect.any(String) as unknown },
    ]);
  });

  it('rejects when the register does not serve it', async () => {
    await hub.upstream.setFault({ kind: 'refused', delayMs: 0, scope: 'all' });
    await expect(list({})).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });
});
