/** A threshold that is reached is an event with the counted rows; a person decides, and nothing is issued by the hub. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { creditLog } from '../../schema/credit/credit-log.ts';
import { codeOf, dataOf, errorsOf, nodesOf, present, type Connection } from '../hub/support.ts';
import { staff, startCreditHub, type CreditHub } from './support.ts';

let hub: CreditHub;
beforeAll(async () => {
  hub = await startCreditHub(0);
  await hub.follow();
  await hub.settle();
}, 120_000);
afterAll(() => hub.close());

const clerk = (departmentId: string): Caller =>
  staff({ subject: `${departmentId}-clerk`, departmentId, roles: ['PUBLIC', 'DETERMINER'] });

interface Case {
  readonly id: string;
  readonly state: string;
  readonly creditCode: string;
  readonly noticeId: string | null;
  readonly threshold: { readonly ruleId: string; readonly criterion: string; readonly counted: number };
  readonly departments: readonly { readonly id: string }[];
  readonly noticeDraft: { readonly listType: string; readonly measureIds: readonly string[] } | null;
}
const CASE = `id state creditCode noticeId threshold { ruleId criterion counted } departments { id }
  noticeDraft { decisionNumber decidedOn listType severity factsSummary measureIds startDate endDate }`;
async function cases(caller = staff()): Promise<readonly Case[]> {
  const answer = await hub.query<{ thresholdCases: Connection<Case> }>(
    `{ thresholdCases(first: 100) { edges { node { ${CASE} } } } }`,
    {},
    15_000,
    caller,
  );
  return nodesOf(dataOf(answer).thresholdCases);
}
const named = async (name: string): Promise<Case> =>
  present((await cases()).find(({ threshold: { ruleId, criterion } }) => `${ruleId} ${criterion}` === name));
const decide = (id: string, proceed: boolean, caller: Caller) =>
  hub.query<{ decideThreshold: Case }>(
    `mutation ($id: ID!, $proceed: Boolean!) { decideThreshold(id: $id, proceed: $proceed, reason: "核实") { ${CASE} } }`,
    { id, proceed },
    15_000,
    caller,
  );
const events = async () => (await creditLog(hub.replica.models.records.db).page(0, 1_000)).events;

describe('what is reached', () => {
  it('is told once, with the rows, to whom it concerns', async () => {
    const told = (await cases()).map(
      ({ creditCode, threshold: { ruleId, criterion } }) => `${creditCode} ${ruleId} ${criterion}`,
    );
    expect(told.sort()).toEqual(
      [
        ...['AGAIN', 'VEHICLES'].map((each) => `${codeOf('INST-B')} SER-ENV ${each}`),
        ...['GAINS', 'GAINS_ENV'].map((each) => `${codeOf('INST-C')} CRIM ${each}`),
        `${codeOf('INST-F')} CARB ANY`,
        ...['SER-PQ AGAIN', 'SER-PQ KEY_REPORTS', 'CRIM GAINS'].map((each) => `${codeOf('INST-H')} ${each}`),
      ].sort(),
    );
    expect((await named('SER-ENV VEHICLES')).departments).toEqual([{ id: 'ecology' }]);
    const logged = await events();
    expect(logged.filter(({ kind }) => kind === 'SERIOUS_THRESHOLD_REACHED')).toHaveLength(told.length);
    expect(logged.map(({ detail }) => detail)).toContain(
      'SER-ENV VEHICLES 15/10: 示环罚〔2024〕11号, 示环罚〔2026〕12号',
    );
    await hub.follow();
    await hub.settle();
    expect(await events()).toHaveLength(logged.length);
  });

  it('is not shown to the public or in other divisions', async () => {
    expect(await cases(staff({ regions: ['5206'] }))).toEqual([]);
    const answer = await hub.query('{ thresholdCases { edges { cursor } } }', {}, 15_000, PUBLIC_CALLER);
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('a decision', () => {
  it('is the determining department’s alone', async () => {
    const { id } = await named('SER-ENV VEHICLES');
    expect(errorsOf(await decide(id, true, clerk('transport')))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(errorsOf(await decide(id, true, staff()))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await named('SER-ENV VEHICLES')).state).toBe('OPEN');
  });

  it('to proceed drafts a notice, which stays a draft and goes to nobody', async () => {
    const { id, noticeDraft } = await named('SER-ENV VEHICLES');
    expect(noticeDraft).toMatchObject({ listType: 'QUAL_CANCELLED', severity: 'SERIOUS', decidedOn: '2026-01-20' });
    const decided = dataOf(await decide(id, true, clerk('ecology'))).decideThreshold;
    expect(decided.state).toBe('PROCEEDED');
    const notices = present(hub.services.notices).service.store;
    const notice = await notices.get(present(decided.noticeId));
    expect(notice).toMatchObject({ state: 'DRAFT', determinerId: 'ecology', deliveries: [], publishedAt: null });
    // Said again, it is the same.
    expect(dataOf(await decide(id, true, clerk('ecology'))).decideThreshold.noticeId).toBe(decided.noticeId);
    expect(await notices.model.countDocuments({})).toBe(1);
    expect(errorsOf(await decide(id, false, clerk('ecology')))).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('not to proceed drafts nothing', async () => {
    const { id } = await named('SER-ENV AGAIN');
    expect(dataOf(await decide(id, false, clerk('ecology'))).decideThreshold).toMatchObject({
      ...{ state: 'DISMISSED', noticeId: null },
    });
  });
});

describe('a report that a department finds to be false', () => {
  const CONFIRM = `mutation ($input: FalseReportInput!) { confirmFalseReport(input: $input) }`;
  const confirm = (reportNumber: string, caller: Caller) => {
    const input = {
      creditCode: codeOf('INST-A'),
      reportNumber,
      vehicle: `V${reportNumber}`,
      confirmedOn: '2026-03-30',
    };
    return hub.query<{ confirmFalseReport: string }>(
      CONFIRM,
      { input: { ...input, subject: '排放检验' } },
      15_000,
      caller,
    );
  };

  it('is counted, and raises the threshold with the tenth vehicle', async () => {
    for (let n = 1; n <= 9; n += 1) dataOf(await confirm(`PF-000${n}`, clerk('ecology')));
    await hub.settle();
    const ofA = async () => (await cases()).filter(({ creditCode }) => creditCode === codeOf('INST-A'));
    expect(await ofA()).toEqual([]);
    const { confirmFalseReport: id } = dataOf(await confirm('PF-0010', clerk('ecology')));
    await hub.settle();
    expect(await ofA()).toMatchObject([{ threshold: { ruleId: 'SER-ENV', criterion: 'VEHICLES', counted: 10 } }]);
    // Withdrawn, it is counted no more; what was told stays on record.
    dataOf(
      await hub.query(
        'mutation ($id: ID!) { withdrawFalseReport(id: $id, reason: "误报") }',
        { id },
        15_000,
        clerk('ecology'),
      ),
    );
    await hub.settle();
    const code = present(hub.world.byCreditCode(codeOf('INST-A'))).creditCode;
    const [profile] = await present(hub.services.credit).profiles.of([code]);
    expect(profile?.thresholds.find(({ criterion }) => criterion === 'VEHICLES')).toMatchObject({
      counted: 9,
      reached: false,
    });
  });

  it('is a department’s own finding, of the past', async () => {
    expect(errorsOf(await confirm('PF-0011', staff()))).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const input = { creditCode: codeOf('INST-A'), reportNumber: '1', confirmedOn: '2026-03-30', subject: '排放检验' };
    const refused = async (over: object) =>
      errorsOf(await hub.query(CONFIRM, { input: { ...input, ...over } }, 15_000, clerk('ecology')));
    expect(await refused({})).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
    expect(await refused({ reportNumber: 'PF-0012', confirmedOn: '2026-04-01' })).toMatchObject([
      { extensions: { code: 'INPUT_INVALID' } },
    ]);
  });
});
