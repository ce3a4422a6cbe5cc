/** Credit repair: from the application to the last department's word, with the notices, the lists and the score. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCreditClock } from '../../jobs/credit/credit-jobs.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { creditLog } from '../../schema/credit/credit-log.ts';
import { DECISIONS } from '../../sources/world/planted/keys.ts';
import type { SubjectKey } from '../../sources/world/subjects.ts';
import { codeOf, dataOf, errorsOf, nodesOf, present, type Connection } from '../hub/support.ts';
import { staff, startCreditHub, type CreditHub } from './support.ts';

let hub: CreditHub;
beforeAll(async () => {
  hub = await startCreditHub(0);
  await hub.follow();
}, 120_000);
afterAll(() => hub.close());

const clerk = (departmentId: string, roles: Caller['roles'] = ['PUBLIC', 'DETERMINER', 'RECIPIENT']): Caller =>
  staff({ subject: `${departmentId}-clerk`, departmentId, roles });

interface Repair {
  readonly id: string;
  readonly state: string;
  readonly dueAt: string | null;
  readonly edition: string;
  readonly reason: string | null;
  readonly retryFrom: string | null;
  readonly determiner: { readonly id: string };
  readonly holders: readonly { readonly department: { readonly id: string }; readonly confirmedAt: string | null }[];
}
const FIELDS = `id state dueAt edition reason retryFrom penaltyDocumentNumber listType listedOn appliedAt decidedAt
  determiner { id } holders { department { id } confirmedAt }`;

async function act(mutation: string, variables: object, caller: Caller) {
  return await hub.query<{ repair: Repair }>(mutation, { ...variables }, 15_000, caller);
}
const apply = (key: SubjectKey, what: object, caller = clerk('market-regulation')) =>
  act(
    `mutation ($input: RepairInput!) { repair: applyRepair(input: $input) { ${FIELDS} } }`,
    { input: { creditCode: codeOf(key), obligationsMet: true, committed: true, statement: '已整改', ...what } },
    caller,
  );
const accept = (id: string, caller: Caller) =>
  act(`mutation ($id: ID!) { repair: acceptRepair(id: $id) { ${FIELDS} } }`, { id }, caller);
const decide = (id: string, approve: boolean, caller: Caller) =>
  act(
    `mutation ($id: ID!, $approve: Boolean!) { repair: decideRepair(id: $id, approve: $approve, reason: "核实") { ${FIELDS} } }`,
    { id, approve },
    caller,
  );
const confirm = (id: string, caller: Caller) =>
  act(`mutation ($id: ID!) { repair: confirmRepair(id: $id) { ${FIELDS} } }`, { id }, caller);
const repaired = async (asked: ReturnType<typeof act>): Promise<Repair> => dataOf(await asked).repair;
const kinds = async (id: string): Promise<string[]> =>
  (await creditLog(hub.replica.models.records.db).where({ caseId: id }, 100)).map(({ kind }) => kind);

async function weights(key: SubjectKey): Promise<string[]> {
  const code = present(hub.world.byCreditCode(codeOf(key))).creditCode;
  const [profile] = await present(hub.services.credit).profiles.of([code]);
  return present(profile).factors.map(({ id, points }) => `${id} ${points}`);
}

const ROAD = { penaltyDocumentNumber: DECISIONS.roadTest };

describe('an application', () => {
  it.each<[string, SubjectKey, object, string]>([
    [
      'three months after a decision (order 58)',
      'INST-B',
      { penaltyDocumentNumber: DECISIONS.secondEmission },
      '2026-04-20',
    ],
    [
      'six months after market regulation’s',
      'INST-H',
      { penaltyDocumentNumber: DECISIONS.secondFalseReport },
      '2026-07-30',
    ],
    [
      'a year after entry on the serious list',
      'INST-H',
      { listType: 'SERIOUS_MR', listedOn: '2026-02-03' },
      '2027-02-03',
    ],
  ])('is possible %s, and says so before', async (_name, key, what, from) => {
    expect(errorsOf(await apply(key, what))).toMatchObject([
      { message: expect.stringContaining(from), extensions: { code: 'CONFLICT' } },
    ]);
  });

  it.each<[string, SubjectKey, object, string]>([
    ['of what nobody holds', 'INST-A', { penaltyDocumentNumber: '示罚〔2026〕99号' }, 'INPUT_INVALID'],
    ['of what has ended', 'INST-A', { penaltyDocumentNumber: DECISIONS.oldWarning }, 'CONFLICT'],
    ['of an entry that was removed', 'INST-D', { listType: 'ABNORMAL', listedOn: '2024-07-08' }, 'CONFLICT'],
    ['while obligations are open', 'INST-H', { ...ROAD, obligationsMet: false }, 'CONFLICT'],
    ['without a commitment', 'INST-H', { ...ROAD, committed: false }, 'CONFLICT'],
    ['of nothing', 'INST-H', {}, 'INPUT_INVALID'],
    ['of two things', 'INST-H', { ...ROAD, listType: 'ABNORMAL', listedOn: '2025-07-08' }, 'INPUT_INVALID'],
    ['without a word', 'INST-H', { ...ROAD, statement: ' ' }, 'INPUT_INVALID'],
  ])('is refused %s', async (_name, key, what, code) => {
    expect(errorsOf(await apply(key, what))).toMatchObject([{ extensions: { code } }]);
  });

  it('is a department’s to take in, not the public’s or an observer’s', async () => {
    expect(errorsOf(await apply('INST-H', ROAD, staff()))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a repair', () => {
  let id: string;
  let noticeId: string;

  it('is applied for once', async () => {
    const { service } = present(hub.services.notices);
    const subject = {
      ...{ creditCode: codeOf('INST-H'), name: '安顺示例辛机动车检测有限公司', regionCode: '520402', kinds: [] },
      registeredAsOf: hub.time,
    };
    const notice = await service.issue(
      clerk('transport'),
      {
        ...{ idempotencyKey: 'road-test-1', subjectCode: codeOf('INST-H'), stage: 'PUBLISHED', listType: null },
        ...{ decisionNumber: DECISIONS.roadTest, decidedOn: '2025-11-05' as never, severity: 'GENERAL' },
        ...{ factsSummary: '(示例)', measures: [{ measureId: 'M204', basis: null }] },
        ...{ startDate: '2026-03-01' as never, endDate: '2026-11-05' as never },
        recipients: [{ departmentId: 'ecology', mandatory: true }],
      },
      () => Promise.resolve(subject),
    );
    noticeId = notice._id;
    const hearing = { voice: 'MUTATION', receipt: 'a'.repeat(64) } as const;
    await service.sign(clerk('ecology'), present(notice.deliveries[0]).id, hearing);
    await hub.settle();
    expect(await weights('INST-H')).toContain('HISTORY-NOTICES 80');

    const applied = await repaired(apply('INST-H', ROAD));
    id = applied.id;
    // Three working days after Tuesday 2026-03-31.
    expect(applied).toMatchObject({ state: 'APPLIED', edition: 'NDRC-58', dueAt: '2026-04-03T23:59:59.999+08:00' });
    expect(applied.determiner).toEqual({ id: 'transport' });
    expect(errorsOf(await apply('INST-H', ROAD))).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('is accepted by the department whose decision it is; its notices wait', async () => {
    expect(errorsOf(await accept(id, clerk('ecology')))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(errorsOf(await decide(id, true, clerk('transport')))).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect(await repaired(accept(id, clerk('transport')))).toMatchObject({ state: 'ACCEPTED' });
    expect((await present(hub.services.notices).service.store.get(noticeId)).state).toBe('REPAIR_PENDING');
  });

  it('tells once when its time is up, and is extended once', async () => {
    const credit = present(hub.services.credit);
    await runCreditClock(credit, null, new Date('2026-04-30T12:00:00+08:00'));
    await runCreditClock(credit, null, new Date('2026-05-01T12:00:00+08:00'));
    await hub.settle();
    expect((await kinds(id)).filter((kind) => kind === 'REPAIR_ACCEPTED_OVERDUE')).toHaveLength(1);
    const extend = () =>
      act(
        `mutation ($id: ID!) { repair: extendRepair(id: $id, reason: "案情复杂") { ${FIELDS} } }`,
        { id },
        clerk('transport'),
      );
    expect((await repaired(extend())).dueAt).not.toBeNull();
    expect(errorsOf(await extend())).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('approved, ends publicity, notices and what it weighs, and waits for every department that holds it', async () => {
    expect((await weights('INST-H')).join()).toContain('ENFORCEMENT-MINOR');
    const approved = await repaired(decide(id, true, clerk('transport')));
    expect(approved).toMatchObject({
      state: 'APPROVED',
      holders: [{ department: { id: 'transport' }, confirmedAt: null }],
    });
    expect((await present(hub.services.notices).service.store.get(noticeId)).state).toBe('LIFTED');
    await hub.settle();
    expect(await weights('INST-H')).toContain('HISTORY-NOTICES 20');
    const shown = await hub.query<{
      institution: { penalties: Connection<{ documentNumber: string; publicity: object }> };
    }>(
      `{ institution(creditCode: "${codeOf('INST-H')}") { penalties { edges { node { documentNumber publicity { isPublic endsBy until } } } } } }`,
      {},
      15_000,
      staff(),
    );
    const publicity = nodesOf(dataOf(shown).institution.penalties).find(
      (each) => each.documentNumber === DECISIONS.roadTest,
    );
    expect(publicity?.publicity).toEqual({ isPublic: false, endsBy: 'REPAIR', until: '2026-03-31' });
  });

  it('is synchronised with the last confirmation', async () => {
    expect(errorsOf(await confirm(id, clerk('ecology')))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await repaired(confirm(id, clerk('transport')))).toMatchObject({ state: 'SYNCHRONISED', dueAt: null });
    expect(await repaired(confirm(id, clerk('transport')))).toMatchObject({ state: 'SYNCHRONISED' });
    await hub.settle();
    expect(await kinds(id)).toEqual([
      ...['REPAIR_APPLIED', 'REPAIR_ACCEPTED', 'REPAIR_ACCEPTED_OVERDUE', 'REPAIR_EXTENDED', 'REPAIR_APPROVED'],
      ...['REPAIR_CONFIRMED', 'REPAIR_SYNCHRONISED'],
    ]);
  });
});

describe('a repair of a list entry', () => {
  const ENTRY = { listType: 'ABNORMAL', listedOn: '2025-07-08' };
  const isListed = async (): Promise<boolean> => {
    const { search } = { search: present(hub.services.indexedInstitutions) };
    const query = { text: codeOf('INST-F'), regionPrefix: null, kinds: null, riskClasses: null, qualification: null };
    const page = await search.page({ ...query, listed: true, orderBy: 'NAME', first: 10, after: null });
    return present(page).rows.length > 0;
  };

  it('refused, says why and from when to try again, and changes nothing', async () => {
    const { id } = await repaired(apply('INST-F', ENTRY));
    const refused = await repaired(decide(id, false, clerk('market-regulation')));
    expect(refused).toMatchObject({ state: 'REJECTED', reason: '核实', retryFrom: '2026-03-31', dueAt: null });
    expect(await isListed()).toBe(true);
  });

  it('approved, takes the institution off the list at once, everywhere', async () => {
    hub.time = new Date(hub.time.getTime() + 60_000);
    const { id } = await repaired(apply('INST-F', ENTRY));
    await repaired(accept(id, clerk('market-regulation')));
    await repaired(decide(id, true, clerk('market-regulation')));
    await hub.settle();
    expect(await isListed()).toBe(false);
    expect((await weights('INST-F')).join()).not.toContain('OPERATION-ABNORMAL');
    const shown = await hub.query<{ institution: { listEntries: readonly { active: boolean }[] } }>(
      `{ institution(creditCode: "${codeOf('INST-F')}") { listEntries { active } } }`,
      {},
      15_000,
    );
    expect(dataOf(shown).institution.listEntries).toEqual([]);
  });

  it('is shown with the profile', async () => {
    const answer = await hub.query<{ institution: { credit: { repairs: readonly Repair[] } } }>(
      `{ institution(creditCode: "${codeOf('INST-F')}") { credit { repairs { id state } } } }`,
      {},
      15_000,
      staff(),
    );
    expect(dataOf(answer).institution.credit.repairs.map(({ state }) => state)).toEqual(['REJECTED', 'APPROVED']);
  });
});
