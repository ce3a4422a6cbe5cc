/** Whose a local number is: what waits for a person, what a decision changes, and that it can be taken back. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { inForce } from '../../schema/identity/alias-decision.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import type { AliasDesk } from '../../schema/identity/alias-desk.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { SPECIAL_INDEXES } from '../../sources/world/special-indexes.ts';
import type { WorldInstitution } from '../../sources/world/types.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { callScope } from '../support/source-under-test.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import {
  codeOf,
  dataOf,
  errorsOf,
  institutionAt,
  nodesOf,
  PATIENCE_MS,
  present,
  type Connection,
  type CoverageSeen,
} from './support.ts';
import { INSPECTOR } from '../support/callers.ts';

const OPERATOR: Caller = {
  subject: 'operator',
  departmentId: null,
  roles: ['PUBLIC', 'OPERATOR'],
  regions: ['52'],
  credentialId: 'k1',
};
const AUDITOR: Caller = { ...OPERATOR, subject: 'auditor', roles: ['PUBLIC', 'AUDITOR'] };

let store: StoreUnderTest;
let hub: HubUnderTest;
let desk: AliasDesk;
/** Two institutions of one name and region; ecology has no certificate number of either. */
let one: WorldInstitution;
let other: WorldInstitution;
const byCode = (...institutions: WorldInstitution[]): WorldInstitution[] =>
  institutions.toSorted((a, b) => (a.creditCode < b.creditCode ? -1 : 1));
const stationOf = ({ localNumbers }: WorldInstitution): string => present(localNumbers.ecology);

beforeAll(async () => {
  store = await openStore();
  const replica = new Replica(store.connection);
  await replica.open();
  const aliasStore = await openAliasStore(store.connection);
  hub = await startHub({ worldSize: 40, patienceMs: PATIENCE_MS, replica, aliasStore });
  desk = present(hub.services.aliases);
  const source = present(hub.services.registry.find('market-regulation'));
  const { clock } = hub.services;
  await syncFeed({ source, replica, read: 'institutions', full: true, clock, scope: callScope(60_000) });
  await hub.register?.refresh();
  await desk.refreshList();
  [one, other] = [
    institutionAt(hub.world, SPECIAL_INDEXES.sameNameSameRegion[0]),
    institutionAt(hub.world, SPECIAL_INDEXES.sameNameSameRegion[1]),
  ];
}, 120_000);
/** Whatever a test has decided is undone before the next one. */
beforeEach(async () => {
  for (const station of [one, other].map(stationOf)) {
    const decision = await desk.decisions.find('ecology', station);
    if (decision !== null && inForce(decision).length > 0) dataOf(await undo(station));
  }
});
afterAll(async () => {
  await hub.close();
  await store.close();
});

const ask = <T>(text: string, variables: Record<string, unknown> = {}, caller = OPERATOR) =>
  hub.query<T>(text, variables, PATIENCE_MS, caller);

const DECISION = 'department { id } localId confirmed { creditCode by } rejected { creditCode } history { kind note }';
const ALIAS = 'department { id } localId matchedBy confidence confirmedBy evidence { field agrees }';
const PAIR = '$code: CreditCode!, $department: DepartmentId = "ecology", $localId: String!';
const GIVEN = 'creditCode: $code, department: $department, localId: $localId';
const CONFIRM = `mutation (${PAIR}) { confirmAlias(${GIVEN}) { ${ALIAS} } }`.replaceAll(
  'DepartmentId =',
  'DepartmentId! =',
);
const REJECT = `mutation (${PAIR}, $reason: String = "another company") {
  rejectAlias(${GIVEN}, reason: $reason) { ${DECISION} } }`
  .replaceAll('DepartmentId =', 'DepartmentId! =')
  .replaceAll('String =', 'String! =');
const UNDO = `mutation ($localId: String!, $department: DepartmentId! = "ecology", $code: CreditCode) {
  undoAlias(department: $department, localId: $localId, reason: "a mistake", creditCode: $code) { ${DECISION} } }`;
const LIST = `query ($department: DepartmentId, $kind: AliasCandidateKind, $first: Int, $after: Cursor) {
  uncertainAliases(department: $department, kind: $kind, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node {
      department { id } localId kind name region { code } cmaNumbers creditCode since
      candidates { creditCode name why confidence evidence { field ours theirs agrees } }
    } }
  } }`;

interface Waiting {
  readonly localId: string;
  readonly kind: string;
  readonly candidates: readonly { readonly creditCode: string; readonly why: string }[];
}
interface WaitingList {
  readonly uncertainAliases: Connection<Waiting>;
}

const list = async (variables: Record<string, unknown> = {}, caller = OPERATOR) =>
  dataOf(await ask<WaitingList>(LIST, variables, caller)).uncertainAliases;
const waiting = async (): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    nodesOf(await list()).map(({ localId, candidates }) => [localId, candidates.map((each) => each.creditCode)]),
  );
const confirm = (institution: WorldInstitution, localId: string) =>
  ask(CONFIRM, { code: institution.creditCode, localId });
const undo = (localId: string) => ask(UNDO, { localId });

interface Shown {
  readonly institution: {
    readonly aliases: readonly { readonly department: { readonly id: string }; readonly localId: string }[];
    readonly inspections: Connection<{ readonly id: string }>;
    readonly conflicts: readonly {
      readonly field: string;
      readonly values: readonly {
        readonly value: string;
        readonly provenance: { readonly department: { id: string } };
      }[];
    }[];
    readonly coverage: readonly CoverageSeen[];
  };
}
const INSTITUTION = `query ($code: CreditCode!, $maxAgeSeconds: Int) {
  institution(creditCode: $code, maxAgeSeconds: $maxAgeSeconds) {
    aliases { ${ALIAS} } conflicts { field values { value provenance { department { id } } } }
    coverage { department { id } facet status reason }
    inspections(first: 100) { edges { node { id } } }
  } }`;

/** Whose emission tests ecology shows for an institution, under which numbers, and how sure that is. */
async function atEcology({ creditCode }: WorldInstitution, maxAgeSeconds: number | null = null) {
  const { institution } = dataOf(await ask<Shown>(INSTITUTION, { code: creditCode, maxAgeSeconds }, INSPECTOR));
  const shown = nodesOf(institution.inspections).flatMap(({ id }) => (id.startsWith('ecology~') ? [id.slice(8)] : []));
  const owners = shown.map((id) => hub.world.visitByEmissionId(id)?.institution.creditCode);
  const ecology = institution.coverage.find(
    ({ department, facet }) => department.id === 'ecology' && facet === 'INSPECTIONS',
  );
  return {
    numbers: institution.aliases.flatMap(({ department, localId }) => (department.id === 'ecology' ? [localId] : [])),
    testsOf: [...new Set(owners)],
    /** What ecology says otherwise than somebody else. */
    disputed: institution.conflicts.flatMap(({ values }) =>
      values.flatMap(({ value, provenance }) => (provenance.department.id === 'ecology' ? [value] : [])),
    ),
    status: present(ecology).status,
    reason: present(ecology).reason?.split(':')[0] ?? null,
  };
}

describe('the list of numbers that wait', () => {
  it('shows the entry of the directory and between whom a person has to choose', async () => {
    const nodes = nodesOf(await list({ department: 'ecology', kind: 'UNCERTAIN' }));
    expect(nodes.map(({ localId }) => localId).sort()).toEqual([stationOf(one), stationOf(other)].sort());
    const evidence = [
      { field: 'name', ours: one.name, theirs: one.name, agrees: true },
      { field: 'region', ours: one.region, theirs: one.region, agrees: true },
    ];
    expect(nodes[0]).toMatchObject({
      department: { id: 'ecology' },
      name: one.name,
      region: { code: one.region.slice(0, 6) },
      cmaNumbers: [],
      creditCode: null,
      since: expect.stringContaining('+08:00'),
      candidates: byCode(one, other).map(({ creditCode, name }) => ({
        creditCode,
        name,
        why: 'SHARED_NAME',
        confidence: 0.5,
        evidence: expect.arrayContaining(evidence),
      })),
    });
  });

  it('comes in pages', async () => {
    const first = await list({ first: 1 });
    const rest = await list({ first: 100, after: first.pageInfo.endCursor });
    expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    expect(rest.pageInfo.hasNextPage).toBe(false);
    const seen = [...nodesOf(first), ...nodesOf(rest)].map(({ localId }) => localId);
    expect(seen.sort()).toEqual([stationOf(one), stationOf(other)].sort());
  });

  it('has for each caller the numbers of its divisions', async () => {
    expect((await list({}, AUDITOR)).totalCount).toBe(2);
    expect((await list({}, { ...OPERATOR, regions: [one.region] })).totalCount).toBe(2);
    const elsewhere = one.region.startsWith('5201') ? '5203' : '5201';
    expect(await list({}, { ...OPERATOR, regions: [elsewhere] })).toMatchObject({ totalCount: 0, edges: [] });
  });
});

describe('until somebody has decided', () => {
  it('neither institution has the numbers, and the coverage says so', async () => {
    for (const institution of [one, other]) {
      expect(await atEcology(institution)).toEqual({
        numbers: [],
        testsOf: [],
        disputed: [],
        status: 'PARTIAL',
        reason: 'IDENTITY_UNCERTAIN',
      });
    }
  });
});

describe('a number that was confirmed', () => {
  it('feeds the right institution at once, and nothing waits any more when both are', async () => {
    const answer = dataOf(await confirm(one, stationOf(one)));
    expect(answer).toEqual({
      confirmAlias: {
        department: { id: 'ecology' },
        localId: stationOf(one),
        matchedBy: 'MANUAL',
        confidence: 1,
        confirmedBy: 'operator',
        evidence: expect.arrayContaining([{ field: 'name', agrees: true }]),
      },
    });
    expect(await waiting()).toEqual({ [stationOf(other)]: [other.creditCode] });
    dataOf(await confirm(other, stationOf(other)));
    expect(await waiting()).toEqual({});
    for (const institution of [one, other]) {
      expect(await atEcology(institution)).toMatchObject({
        status: 'LIVE',
        reason: null,
        numbers: [stationOf(institution)],
        testsOf: [institution.creditCode],
      });
    }
    dataOf(await undo(stationOf(one)));
    dataOf(await undo(stationOf(other)));
    expect(Object.keys(await waiting()).sort()).toEqual([stationOf(one), stationOf(other)].sort());
  });

  it('and was another’s, feeds the wrong one until it is undone; then both are as they were', async () => {
    const before = [await atEcology(one), await atEcology(other)];
    dataOf(await confirm(other, stationOf(one)));
    const wrong = await atEcology(other);
    expect(wrong).toMatchObject({ numbers: [stationOf(one)], testsOf: [one.creditCode], status: 'LIVE' });
    expect(wrong.disputed).toEqual([one.addressAt.ecology ?? one.address]);
    await hub.settled();
    // Now from the replica, which has learned it.
    expect(await atEcology(other, 600)).toEqual({ ...wrong, status: 'REPLICA' });
    expect(await atEcology(one)).toMatchObject({ numbers: [], testsOf: [], status: 'PARTIAL' });

    expect(dataOf(await undo(stationOf(one)))).toMatchObject({ undoAlias: { confirmed: null } });
    expect([await atEcology(one), await atEcology(other)]).toEqual(before);
    expect([await atEcology(one, 600), await atEcology(other, 600)]).toEqual(before);
    dataOf(await confirm(one, stationOf(one)));
    dataOf(await confirm(other, stationOf(other)));
    for (const institution of [one, other]) {
      expect((await atEcology(institution, 600)).testsOf).toEqual([institution.creditCode]);
    }
  });

  it('beside its own number, leaves nothing of the other’s in the replica when it is undone', async () => {
    dataOf(await confirm(other, stationOf(other)));
    dataOf(await confirm(other, stationOf(one)));
    const both = await atEcology(other);
    expect([both.numbers.length, both.testsOf.length]).toEqual([2, 2]);
    await hub.settled();
    dataOf(await ask(UNDO, { localId: stationOf(one) }));
    dataOf(await confirm(one, stationOf(one)));
    for (const institution of [one, other]) {
      for (const maxAgeSeconds of [600, 0, 600]) {
        expect((await atEcology(institution, maxAgeSeconds)).testsOf).toEqual([institution.creditCode]);
        await hub.settled();
      }
    }
  });

  it('is confirmed once, however often and by whomever it is repeated', async () => {
    dataOf(await confirm(one, stationOf(one)));
    const variables = { code: one.creditCode, localId: stationOf(one) };
    const again = await ask(CONFIRM, variables, { ...OPERATOR, subject: 'colleague' });
    expect(dataOf(again)).toMatchObject({ confirmAlias: { confirmedBy: 'operator' } });
    expect(dataOf(await undo(stationOf(one)))).toMatchObject({
      undoAlias: { history: expect.arrayContaining([{ kind: 'UNDO', note: 'a mistake' }]) },
    });
  });

  it('cannot be confirmed for another institution: the message says for whom it is, by whom and since when', async () => {
    dataOf(await confirm(one, stationOf(one)));
    const answer = await confirm(other, stationOf(one));
    expect(errorsOf(answer)).toMatchObject([
      {
        extensions: { code: 'CONFLICT' },
        message: expect.stringMatching(`confirmed for ${one.creditCode} by "operator" at \\d{4}-`),
      },
    ]);
    dataOf(await undo(stationOf(one)));
  });

  it('tells whose a report is that only the number names', async () => {
    const report = present(
      hub.world.reportsOf(one).find(({ number }) => hub.world.institutionOfReport(number).length === 1),
    );
    const verify = async (): Promise<unknown> =>
      dataOf(
        await ask(
          'query ($number: String!) { verifyReport(number: $number) { report { institution { creditCode } } } }',
          {
            number: report.number,
          },
        ),
      );
    expect(await verify()).toMatchObject({ verifyReport: {} });
    dataOf(await confirm(one, stationOf(one)));
    expect(await verify()).toEqual({ verifyReport: { report: { institution: { creditCode: one.creditCode } } } });
    dataOf(await undo(stationOf(one)));
  });
});

describe('a pair that was rejected', () => {
  it('no longer waits; the number waits for the others, and then for a suggestion', async () => {
    const localId = stationOf(one);
    dataOf(await ask(REJECT, { code: other.creditCode, localId }));
    expect((await waiting())[localId]).toEqual([one.creditCode]);
    expect(dataOf(await ask(REJECT, { code: one.creditCode, localId }))).toEqual({
      rejectAlias: {
        department: { id: 'ecology' },
        localId,
        confirmed: null,
        rejected: [{ creditCode: other.creditCode }, { creditCode: one.creditCode }],
        history: expect.arrayContaining([{ kind: 'REJECT', note: 'another company' }]),
      },
    });
    const unmatched = nodesOf(await list({ kind: 'UNMATCHED' }));
    expect(unmatched).toMatchObject([{ localId }]);
    expect(unmatched[0]?.candidates.filter(({ creditCode }) => creditCode === one.creditCode)).toEqual([]);
    dataOf(await ask(UNDO, { localId, code: other.creditCode }));
    dataOf(await ask(UNDO, { localId, code: one.creditCode }));
    expect((await waiting())[localId]?.toSorted()).toEqual([one.creditCode, other.creditCode].toSorted());
  });
});

describe('what was decided', () => {
  const HISTORY = `query ($localId: String!) { aliasDecision(department: "ecology", localId: $localId) {
    history { kind creditCode by at note evidence { field agrees } } } }`;

  it('can be read with its evidence by those who audit', async () => {
    const localId = stationOf(other);
    dataOf(await ask(REJECT, { code: one.creditCode, localId, reason: ' seen on site ' }));
    dataOf(await undo(localId));
    const { aliasDecision } = dataOf(
      await ask<{ aliasDecision: { history: readonly object[] } }>(HISTORY, { localId }, AUDITOR),
    );
    expect(aliasDecision.history.slice(-2)).toMatchObject([
      {
        kind: 'REJECT',
        creditCode: one.creditCode,
        by: 'operator',
        note: 'seen on site',
        evidence: expect.arrayContaining([{ field: 'name', agrees: true }]),
      },
      { kind: 'UNDO', creditCode: one.creditCode, by: 'operator', note: 'a mistake', evidence: [] },
    ]);
  });

  it('can be read in the regions that it concerns only', async () => {
    dataOf(await confirm(one, stationOf(one)));
    const at = async (region: string) =>
      errorsOf(await ask(HISTORY, { localId: stationOf(one) }, { ...AUDITOR, regions: [region] })).map(
        ({ extensions }) => extensions?.['code'],
      );
    expect(await at(one.region)).toEqual([]);
    expect(await at(one.region.startsWith('5201') ? '5203' : '5201')).toEqual(['FORBIDDEN']);
  });

  it('of a number of which nobody ever spoke is null', async () => {
    expect(dataOf(await ask(HISTORY, { localId: '520115-0007' }))).toEqual({ aliasDecision: null });
  });
});

describe('those who follow decisions', () => {
  it('are told of the institutions that may gain or lose by one, and told again until they succeed', async () => {
    const told: string[][] = [];
    let isBroken = true;
    desk.follow((codes) => {
      told.push([...codes].sort());
      return isBroken ? Promise.reject(new Error('the index is away')) : Promise.resolve();
    });
    const both = [one.creditCode, other.creditCode].toSorted();
    dataOf(await confirm(one, stationOf(one)));
    expect(told).toEqual([both]);
    expect(hub.replicaFailures.at(-1)).toEqual(new Error('the index is away'));
    isBroken = false;
    await desk.tellUntold();
    await desk.tellUntold();
    expect(told).toEqual([both, both]);
    dataOf(await undo(stationOf(one)));
    expect(told).toEqual([both, both, both]);
  });
});

describe('who may not, or asks for what is not there, is refused', () => {
  const acts = (): readonly (readonly [string, Record<string, unknown>])[] => [
    [CONFIRM, { code: one.creditCode, localId: stationOf(one) }],
    [REJECT, { code: one.creditCode, localId: stationOf(one) }],
    [UNDO, { localId: stationOf(one) }],
  ];
  const codes = async (text: string, variables: Record<string, unknown>, caller = OPERATOR) =>
    errorsOf(await ask(text, variables, caller)).map(({ extensions }) => extensions?.['code']);

  it.each<[string, Caller, string]>([
    ['the public', PUBLIC_CALLER, 'UNAUTHENTICATED'],
    ['an auditor', AUDITOR, 'FORBIDDEN'],
    ['a department', { ...OPERATOR, roles: ['PUBLIC', 'RECIPIENT'], departmentId: 'ecology' }, 'FORBIDDEN'],
  ])('%s', async (_, caller, code) => {
    for (const [text, variables] of acts()) expect(await codes(text, variables, caller)).toEqual([code]);
  });

  it('an operator of another division', async () => {
    const elsewhere = { ...OPERATOR, regions: [one.region.startsWith('5201') ? '5203' : '5201'] };
    const [confirmation, rejection, undoing] = acts();
    for (const [text, variables] of [present(confirmation), present(rejection)]) {
      expect(await codes(text, variables, elsewhere)).toEqual(['FORBIDDEN']);
    }
    dataOf(await confirm(one, stationOf(one)));
    expect(await codes(...present(undoing), elsewhere)).toEqual(['FORBIDDEN']);
    dataOf(await undo(stationOf(one)));
  });

  it('the public and departments that would read what waits and what was decided', async () => {
    const read = 'query ($localId: String!) { aliasDecision(department: "ecology", localId: $localId) { localId } }';
    for (const text of [LIST, read]) {
      expect(await codes(text, { localId: '7' }, PUBLIC_CALLER)).toEqual(['UNAUTHENTICATED']);
      expect(await codes(text, { localId: '7' }, { ...OPERATOR, roles: ['PUBLIC', 'DETERMINER'] })).toEqual([
        'FORBIDDEN',
      ]);
    }
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['an unknown department', { department: 'weather' }, /no such department/],
    ['a department that holds credit codes', { department: 'transport' }, /Transport holds credit codes/],
    ['a number that the directory does not have', { localId: '999999-9999' }, /directory of Ecology of .* has no such/],
    ['a blank number', { localId: '' }, /1 to 64 characters/],
    ['an endless number', { localId: '7'.repeat(65) }, /1 to 64 characters/],
    ['a code that the register does not know', { code: '91520115MAYDM00199' }, /CreditCode|check|knows no/i],
    ['an institution that does not exist', { code: '91520000MAYDM9999P' }, /check|knows no/i],
    ['a blank reason', { reason: '  ' }, /1 to 500 characters/],
    ['an endless reason', { reason: 'x'.repeat(501) }, /1 to 500 characters/],
  ])('%s', async (_, given, message) => {
    const answer = await ask(REJECT, { code: one.creditCode, localId: stationOf(one), ...given });
    expect(errorsOf(answer)).toMatchObject([
      { extensions: { code: 'INPUT_INVALID' }, message: expect.stringMatching(message) },
    ]);
  });

  it('a cursor of another list, or a page of no size', async () => {
    expect(await codes(LIST, { after: 'WyJyZWdpc3RlciIsIngiXQ' })).toEqual(['INPUT_INVALID']);
    expect(await codes(LIST, { first: 0 })).toEqual(['INPUT_INVALID']);
    expect(await codes(LIST, { department: 'market-regulation' })).toEqual(['INPUT_INVALID']);
  });

  it('whoever undoes what was never done', async () => {
    expect(await codes(UNDO, { localId: '520115-0007' })).toEqual(['CONFLICT']);
  });
});

it('an institution that is matched by its code or number shows its evidence', async () => {
  const { institution } = dataOf(
    await ask<{ institution: { aliases: readonly object[] } }>(INSTITUTION, { code: codeOf('INST-A') }, INSPECTOR),
  );
  expect(institution.aliases).toMatchObject([
    {
      matchedBy: 'CMA_NUMBER',
      confirmedBy: null,
      evidence: expect.arrayContaining([{ field: 'cmaNumber', agrees: true }]),
    },
    { matchedBy: 'CREDIT_CODE', evidence: expect.arrayContaining([{ field: 'creditCode', agrees: true }]) },
    { matchedBy: 'CMA_NUMBER' },
  ]);
});
