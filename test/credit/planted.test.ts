/** The planted cases of the reference world, from the departments' own protocols to the profile that the graph shows. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { DECISIONS } from '../../sources/world/planted/keys.ts';
import type { SubjectKey } from '../../sources/world/subjects.ts';
import { codeOf, dataOf, errorsOf, inWords, nodesOf, type Connection, type CoverageSeen } from '../hub/support.ts';
import { staff, startCreditHub, type CreditHub } from './support.ts';

const CREDIT = `query ($code: CreditCode!) { institution(creditCode: $code) { credit {
  riskClass riskScore modelVersion computedAt computedFrom
  factors { id points labelZh evidence { department { id } sourceRecordId } }
  seriousThresholds { ruleId criterion counted threshold reached windowFrom windowTo evidence { department { id } } }
  coverage { department { id } facet status reason }
} } }`;

interface Shown {
  readonly riskClass: string;
  readonly riskScore: number;
  readonly modelVersion: string;
  readonly computedFrom: string;
  readonly factors: readonly {
    readonly id: string;
    readonly points: number;
    readonly evidence: readonly { readonly department: { readonly id: string } }[];
  }[];
  readonly seriousThresholds: readonly {
    readonly ruleId: string;
    readonly criterion: string;
    readonly counted: number;
    readonly threshold: number;
    readonly reached: boolean;
  }[];
  readonly coverage: readonly CoverageSeen[];
}

let hub: CreditHub;
beforeAll(async () => {
  hub = await startCreditHub(30);
}, 120_000);
afterAll(() => hub.close());

const ask = (code: string, caller = staff()) =>
  hub.query<{ institution: { credit: Shown } }>(CREDIT, { code }, 15_000, caller);
const creditOf = async (key: SubjectKey): Promise<Shown> => dataOf(await ask(codeOf(key))).institution.credit;
const weights = ({ factors }: Shown): string[] => factors.map(({ id, points }) => `${id} ${points}`);
const reached = ({ seriousThresholds }: Shown): string[] =>
  seriousThresholds
    .filter((each) => each.reached)
    .map(({ ruleId, criterion, counted, threshold }) => `${ruleId} ${criterion} ${counted}/${threshold}`);

describe('before the departments have been read', () => {
  it('there is no profile, which is an error and not a low risk', async () => {
    const answer = await ask(codeOf('INST-A'));
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
  });

  it('a department that has not been read is shown in coverage and changes nothing', async () => {
    await hub.follow(['market-regulation', 'transport', 'public-security']);
    const credit = await creditOf('INST-B');
    expect(inWords(credit.coverage)).toContain('ecology PENALTIES UNAVAILABLE');
    expect(inWords(credit.coverage)).toContain('market-regulation PENALTIES REPLICA');
    expect(weights(credit)).toEqual(['BASIC-KIND 40', 'CAPABILITY-QUALIFICATION 120']);
    await hub.follow(['ecology']);
    expect(inWords((await creditOf('INST-B')).coverage)).toContain('ecology PENALTIES REPLICA');
  });
});

describe('the profile of', () => {
  it.each<[SubjectKey, string, number, string[]]>([
    ['INST-A', 'A', 40, ['BASIC-KIND 40']],
    [
      'INST-B',
      'D',
      780,
      [
        ...['BASIC-KIND 40', 'ENFORCEMENT-GENERAL 160', 'ENFORCEMENT-REPEATED 60'],
        ...['ENFORCEMENT-FALSE 400', 'CAPABILITY-QUALIFICATION 120'],
      ],
    ],
    ['INST-C', 'C', 320, ['BASIC-KIND 40', 'ENFORCEMENT-GENERAL 80', 'ENFORCEMENT-FALSE 200']],
    ['INST-D', 'A', 0, []],
    ['INST-E', 'A', 20, ['BASIC-KIND 20']],
    [
      'INST-F',
      'C',
      490,
      [
        ...['BASIC-KIND 30', 'OPERATION-ABNORMAL 100', 'ENFORCEMENT-GENERAL 80', 'ENFORCEMENT-FALSE 200'],
        'CAPABILITY-QUALIFICATION 80',
      ],
    ],
    ['INST-G', 'A', 20, ['BASIC-KIND 20']],
  ])('%s: class %s, %i points', async (key, riskClass, riskScore, factors) => {
    const credit = await creditOf(key);
    expect(weights(credit)).toEqual(factors);
    expect(credit).toMatchObject({ riskClass, riskScore, modelVersion: '2026.1' });
    for (const { evidence } of credit.factors) expect(evidence.length).toBeGreaterThan(0);
  });

  it('INST-H is the highest of all', async () => {
    const credit = await creditOf('INST-H');
    expect(credit).toMatchObject({ riskClass: 'D', riskScore: 1_000 });
    expect(weights(credit)).toContain('ENFORCEMENT-LISTED 600');
  });
});

describe('serious thresholds', () => {
  it.each<[SubjectKey, string[]]>([
    ['INST-A', []],
    ['INST-B', ['SER-ENV AGAIN 2/2', 'SER-ENV VEHICLES 15/10']],
    ['INST-C', ['CRIM GAINS_ENV 326800/300000', 'CRIM GAINS 326800/100000']],
    ['INST-D', []],
    ['INST-F', ['CARB ANY 1/1']],
    ['INST-G', []],
    ['INST-H', ['SER-PQ AGAIN 2/2', 'SER-PQ KEY_REPORTS 2/2', 'CRIM GAINS 128000/100000']],
  ])('reached by %s: %j', async (key, expected) => {
    expect(reached(await creditOf(key))).toEqual(expected);
  });
});

describe('who sees a profile', () => {
  it.each([
    ['the public', PUBLIC_CALLER, 'UNAUTHENTICATED'],
    ['staff of another region', staff({ regions: ['5203'] }), 'FORBIDDEN'],
    ['whoever keeps the hub', staff({ roles: ['PUBLIC', 'OPERATOR'] }), 'FORBIDDEN'],
  ])('not %s', async (_name, caller, code) => {
    const answer = await ask(codeOf('INST-A'), caller);
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code } }]);
    expect(answer.data.institution).toBeNull();
  });
});

describe('the list of institutions', () => {
  const LIST = `query ($filter: InstitutionFilter, $orderBy: InstitutionOrder, $after: Cursor) {
    institutions(filter: $filter, orderBy: $orderBy, after: $after, first: 10) {
      pageInfo { hasNextPage endCursor } edges { node { creditCode credit { riskScore riskClass } } } } }`;
  interface Row {
    readonly creditCode: string;
    readonly credit: { readonly riskScore: number; readonly riskClass: string };
  }
  const list = (variables: object, caller = staff()) =>
    hub.query<{ institutions: Connection<Row> }>(LIST, { ...variables }, 15_000, caller);

  it('by risk begins with the riskiest and holds everybody once', async () => {
    const rows: Row[] = [];
    for (let after: string | null = null; ;) {
      const { institutions }: { institutions: Connection<Row> } = dataOf(await list({ orderBy: 'RISK_DESC', after }));
      rows.push(...nodesOf(institutions));
      if (!institutions.pageInfo.hasNextPage) break;
      after = institutions.pageInfo.endCursor;
    }
    const scores = rows.map(({ credit }) => credit.riskScore);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(rows[0]?.creditCode).toBe(codeOf('INST-H'));
    expect(new Set(rows.map(({ creditCode }) => creditCode)).size).toBe(hub.world.institutions.length);
  });

  it('by class holds that class only, and with "listed" those on a list', async () => {
    const { institutions } = dataOf(await list({ filter: { riskClass: ['D'] }, orderBy: 'RISK_DESC' }));
    const rows = nodesOf(institutions);
    expect(rows.map(({ creditCode }) => creditCode).slice(0, 2)).toEqual([codeOf('INST-H'), codeOf('INST-B')]);
    expect(new Set(rows.map(({ credit }) => credit.riskClass))).toEqual(new Set(['D']));
    const listed = dataOf(await list({ filter: { riskClass: ['C', 'D'], listed: true } })).institutions;
    const codes = nodesOf(listed).map(({ creditCode }) => creditCode);
    expect(codes).toContain(codeOf('INST-F'));
    expect(codes).toContain(codeOf('INST-H'));
    expect(codes).not.toContain(codeOf('INST-B'));
  });

  it('is not given to those who may not see classes there', async () => {
    const filter = { riskClass: ['D'] };
    const own = staff({ regions: ['5201'] });
    expect(errorsOf(await list({ filter }, own))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(dataOf(await list({ filter: { ...filter, region: '5201' } }, own)).institutions.edges).toBeDefined();
  });
});

describe('publication', () => {
  const PUBLISHED = `query ($code: CreditCode!) { institution(creditCode: $code) {
    penalties { totalCount edges { node { documentNumber publicity { from until endsBy isPublic edition } } } }
    listEntries(activeOnly: false) { listedOn publicity { until endsBy isPublic } } } }`;
  interface Published {
    readonly institution: {
      readonly penalties: Connection<{ readonly documentNumber: string }>;
      readonly listEntries: readonly object[];
    };
  }
  const shown = async (key: SubjectKey, caller: Caller) =>
    dataOf(await hub.query<Published>(PUBLISHED, { code: codeOf(key) }, 15_000, caller)).institution;
  const numbers = async (key: SubjectKey, caller: Caller): Promise<string[]> =>
    nodesOf((await shown(key, caller)).penalties).map(({ documentNumber }) => documentNumber);

  it('shows the public what is public today, and staff also what has ended, with what ended it', async () => {
    expect(nodesOf((await shown('INST-A', staff())).penalties)).toEqual([
      {
        documentNumber: DECISIONS.oldWarning,
        publicity: {
          ...{ from: '2023-05-16', until: '2023-08-10', endsBy: 'SOURCE', isPublic: false, edition: 'SAMR-2021-3' },
        },
      },
    ]);
    expect((await shown('INST-A', PUBLIC_CALLER)).penalties).toMatchObject({ totalCount: 0, edges: [] });
    expect(await numbers('INST-B', PUBLIC_CALLER)).toEqual(await numbers('INST-B', staff()));
  });

  it('shows the public no entry that was removed', async () => {
    expect((await shown('INST-D', staff())).listEntries).toMatchObject([
      { listedOn: '2024-07-08', publicity: { endsBy: 'SOURCE', isPublic: false } },
    ]);
    expect((await shown('INST-D', PUBLIC_CALLER)).listEntries).toEqual([]);
    expect((await shown('INST-F', PUBLIC_CALLER)).listEntries).toHaveLength(1);
  });

  it('ends by itself with the day', async () => {
    const { time } = hub;
    const [last] = nodesOf((await shown('INST-B', staff())).penalties);
    expect(last).toMatchObject({ documentNumber: DECISIONS.secondEmission, publicity: { until: '2029-01-21' } });
    hub.time = new Date('2029-01-20T23:59:59+08:00');
    expect(await numbers('INST-B', PUBLIC_CALLER)).toEqual([DECISIONS.secondEmission]);
    hub.time = new Date('2029-01-21T00:00:00+08:00');
    expect(await numbers('INST-B', PUBLIC_CALLER)).toEqual([]);
    hub.time = time;
  });
});
