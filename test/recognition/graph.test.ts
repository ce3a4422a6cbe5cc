/** Recognitions through the graph, over the reference world and a real store. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { runClock } from '../../jobs/recognition/run-clock.ts';
import { PUBLIC_CALLER, type Caller, type Role } from '../../schema/access/caller.ts';
import { createOwnContext } from '../../schema/context.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { recognitionOutbox } from '../../schema/recognition/recognition-store.ts';
import { REPORTS } from '../../sources/world/planted/keys.ts';
import { codeOf, dataOf, errorsOf, nodesOf, PATIENCE_MS, present, type Connection } from '../hub/support.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

let now = new Date('2026-03-31T10:00:00+08:00');
const clock = { now: () => now };
let server: StoreUnderTest;
let hub: HubUnderTest;
beforeAll(async () => {
  server = await openStore();
  const guard = { failuresToOpen: 1_000 };
  hub = await startHub({ worldSize: 0, patienceMs: PATIENCE_MS, guard, clock, recognitionsOn: server.connection });
}, 120_000);
afterAll(async () => {
  await hub.close();
  await server.close();
});
beforeEach(() => {
  now = new Date('2026-03-31T10:00:00+08:00');
});

const as = (role: Role, departmentId: string | null = 'market-regulation', regions = ['52']): Caller => ({
  subject: `${role.toLowerCase()}-of-${departmentId ?? 'nobody'}`,
  departmentId,
  roles: ['PUBLIC', role],
  regions,
  credentialId: 'k',
});
const CLERK = as('DETERMINER');
const ask = <T>(text: string, variables: Record<string, unknown>, caller: Caller = PUBLIC_CALLER) =>
  hub.query<T>(text, variables, PATIENCE_MS, caller);

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly reasonCodes: readonly string[];
  readonly validTo: string | null;
  readonly isReproducible: boolean;
  readonly checks: readonly {
    readonly code: string;
    readonly passed: boolean | null;
    readonly doubt: string | null;
    readonly coverage: { readonly department: { readonly id: string }; readonly status: string } | null;
  }[];
  readonly syncTargets: readonly {
    readonly department: { readonly id: string };
    readonly state: string;
    readonly told: string | null;
  }[];
  readonly holds: readonly { readonly code: string; readonly cause: string }[];
  readonly timeline: readonly { readonly kind: string; readonly actor: string }[];
}
const FIELDS = `id state reasonCodes validTo isReproducible institution { name } requester { id } purpose
  checks { code name passed doubt evidence coverage { department { id } status } }
  syncTargets { department { id } state told } holds { code cause } timeline { kind actor }`;
const SUBMIT = `mutation ($input: RecognitionInput!) { recognition: submitRecognition(input: $input) { ${FIELDS} } }`;
const mutation = (call: string): string => `mutation ($id: ID!) { recognition: ${call} { ${FIELDS} } }`;

let keys = 0;
const input = (number: string, over: Record<string, unknown> = {}) => {
  keys += 1;
  return {
    idempotencyKey: `graph-test-${keys}`,
    number,
    institution: codeOf('INST-G'),
    purpose: 'LICENCE',
    relyingDepartments: ['ecology', 'transport'],
    ...over,
  };
};
const submit = async (number: string, over: Record<string, unknown> = {}, caller = CLERK): Promise<Shown> =>
  dataOf(await ask<{ recognition: Shown }>(SUBMIT, { input: input(number, over) }, caller)).recognition;
const act = async (call: string, id: string, caller: Caller): Promise<Shown> =>
  dataOf(await ask<{ recognition: Shown }>(mutation(call), { id }, caller)).recognition;
const refusal = async (call: string, id: string, caller: Caller) =>
  errorsOf(await ask(mutation(call), { id }, caller))[0]?.extensions;

const number = async (): Promise<void> => {
  const { service, log } = present(hub.services.recognitions);
  const sequencer = new Sequencer({
    outbox: recognitionOutbox(service.store),
    log,
    lease: new Lease(server.connection, 'sequencer:test', 5_000),
    doorbell: localDoorbell(),
    onNumbered: () => Promise.resolve(),
    onFailure: (error) => {
      throw error;
    },
  });
  await sequencer.run();
  await sequencer.close();
};
/** As the hub's clock does. */
const runDue = async (): Promise<{ looked: number; failed: number }> => {
  const { service } = present(hub.services.recognitions);
  const scope = { requestId: 'clock', signal: new AbortController().signal, deadlineAt: Infinity };
  const openContext = () => createOwnContext(hub.services, scope);
  return await runClock({ service, openContext, now: () => now, onFailure: (error) => expect(error).toBeUndefined() });
};

describe('a result handed in', () => {
  it('is checked at once, with every check, whose answer it rests on, and who is to be told', async () => {
    const recognition = await submit(REPORTS.authoritySample);
    expect(recognition).toMatchObject({
      state: 'RECOGNIZED',
      reasonCodes: [],
      validTo: '2027-02-11',
      isReproducible: true,
      institution: { name: '铜仁示例庚食品检测有限公司' },
      requester: { id: 'market-regulation' },
      purpose: 'LICENCE',
    });
    expect(recognition.checks).toHaveLength(11);
    expect(recognition.checks[0]).toMatchObject({
      code: 'RJ01',
      passed: true,
      coverage: { department: { id: 'market-regulation' }, status: 'LIVE' },
    });
    expect(recognition.syncTargets).toEqual([
      { department: { id: 'ecology' }, state: 'PENDING', told: 'RECOGNIZED' },
      { department: { id: 'transport' }, state: 'PENDING', told: 'RECOGNIZED' },
    ]);
  });

  it('gives the same recognition for the same key, and refuses the key for something else', async () => {
    const same = input(REPORTS.authoritySample);
    const first = dataOf(await ask<{ recognition: Shown }>(SUBMIT, { input: same }, CLERK)).recognition;
    const [one, two] = await Promise.all([
      ask<{ recognition: Shown }>(SUBMIT, { input: same }, CLERK),
      ask<{ recognition: Shown }>(SUBMIT, { input: same }, CLERK),
    ]);
    expect([dataOf(one).recognition.id, dataOf(two).recognition.id]).toEqual([first.id, first.id]);
    const other = await ask(SUBMIT, { input: { ...same, purpose: 'BIDDING' } }, CLERK);
    expect(errorsOf(other)[0]?.extensions).toMatchObject({ code: 'CONFLICT' });
    const ofAnother = await ask<{ recognition: Shown }>(
      SUBMIT,
      { input: { ...same, relyingDepartments: [] } },
      as('RECIPIENT', 'ecology'),
    );
    expect(dataOf(ofAnother).recognition.id).not.toBe(first.id);
  });

  it('by two at the same time under one new key is one recognition', async () => {
    const same = input(REPORTS.authoritySample);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => ask<{ recognition: Shown }>(SUBMIT, { input: same }, CLERK)),
    );
    expect(new Set(answers.map((answer) => dataOf(answer).recognition.id)).size).toBe(1);
  });

  it.each([
    [{ relyingDepartments: ['nowhere'] }, 'There is no department "nowhere".'],
    [{ relyingDepartments: ['ecology', 'ecology'] }, 'A relying department is named twice.'],
    [
      { relyingDepartments: ['market-regulation'] },
      'The department that asks need not be named among those that are told.',
    ],
    [{ number: ' ' }, /^"number" cannot be used/],
    [{ number: 'x'.repeat(65) }, /^"number" cannot be used/],
    [{ digest: 'abc' }, /^"presentedDigest" cannot be used: is no SM3 digest/],
    [{ idempotencyKey: '短' }, /^"idempotencyKey" cannot be used/],
  ])('is refused when %j is no good', async (over, message) => {
    const [error] = errorsOf(await ask(SUBMIT, { input: input(REPORTS.authoritySample, over) }, CLERK));
    expect(error?.extensions).toMatchObject({ code: 'INPUT_INVALID' });
    expect(error?.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});

describe('while a department is silent', () => {
  it('a result waits, whatever it is; it is settled by the clock when the department answers', async () => {
    const waiting = await hub.during('market-regulation', { kind: 'down' }, () => submit(REPORTS.authoritySample));
    expect(waiting).toMatchObject({
      state: 'NEED_MORE',
      reasonCodes: [],
      syncTargets: [{ told: null }, { told: null }],
    });
    expect(waiting.checks.filter(({ passed }) => passed === true).map(({ code }) => code)).toEqual([]);
    expect(waiting.checks[0]).toMatchObject({ doubt: 'SILENT', coverage: { status: 'UNAVAILABLE' } });
    await runDue();
    now = new Date(now.getTime() + 31 * 60_000);
    expect((await runDue()).failed).toBe(0);
    const read = dataOf(
      await ask<{ recognition: Shown & { institution: { name: string } } }>(
        `query ($id: ID!) { recognition(id: $id) { ${FIELDS} } }`,
        { id: waiting.id },
        CLERK,
      ),
    );
    expect(read.recognition).toMatchObject({
      state: 'RECOGNIZED',
      institution: { name: '铜仁示例庚食品检测有限公司' },
    });
  });

  it('in the middle of the checks, a result is not taken for settled', async () => {
    const waiting = await hub.during('ecology', { kind: 'down' }, () =>
      submit(REPORTS.authentic, { institution: codeOf('INST-A') }),
    );
    expect(waiting.state).toBe('NEED_MORE');
    expect(waiting.checks.flatMap(({ code, passed }) => (passed === true ? [] : [code]))).toEqual(['RJ02']);
    const settled = await act('supplementRecognition(id: $id)', waiting.id, CLERK);
    expect(settled.state).toBe('RECOGNIZED');
  });
});

describe('a person', () => {
  const waiting = () =>
    submit(REPORTS.authoritySample, {
      digest: undefined,
      number: REPORTS.foundFalse[0],
      institution: codeOf('INST-H'),
    });

  it('decides what the checks leave open, with a reason', async () => {
    const { id, state } = await waiting();
    expect(state).toBe('NEED_MORE');
    expect(await refusal('decideRecognition(id: $id, decision: REJECT)', id, CLERK)).toMatchObject({
      code: 'INPUT_INVALID',
    });
    const rejected = await act('decideRecognition(id: $id, decision: REJECT, reason: "found to be false")', id, CLERK);
    expect(rejected.state).toBe('REJECTED');
    expect(await refusal('decideRecognition(id: $id, decision: RECOGNIZE, reason: "x")', id, CLERK)).toEqual({
      code: 'RECOGNITION_STATE',
      state: 'REJECTED',
    });
  });

  it('may do so for their own department, or as a supervisor of the region', async () => {
    const decide = 'decideRecognition(id: $id, decision: NEED_MORE, reason: "ask the institution")';
    const { id } = await waiting();
    for (const caller of [
      as('RECIPIENT'),
      as('DETERMINER', 'ecology'),
      as('AUDITOR', null),
      as('SUPERVISOR', null, ['5203']),
    ]) {
      expect(await refusal(decide, id, caller)).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await act(decide, id, as('SUPERVISOR', null, ['5204']))).state).toBe('NEED_MORE');
  });

  it('revokes, and every department is told', async () => {
    const { id } = await submit(REPORTS.authoritySample);
    for (const departmentId of ['ecology', 'transport']) {
      const caller = as('RECIPIENT', departmentId);
      await act('confirmRecognition(id: $id, state: RECOGNIZED)', id, caller);
      await act('confirmRecognition(id: $id, state: RECOGNIZED)', id, caller);
    }
    const read = await act('supplementRecognition(id: $id)', id, CLERK).catch(() => null);
    expect(read).toBeNull();
    const revoked = await act('revokeRecognition(id: $id, reason: "recognised by mistake")', id, CLERK);
    expect(revoked).toMatchObject({
      state: 'REVOKED',
      syncTargets: [
        { state: 'PENDING', told: 'REVOKED' },
        { state: 'PENDING', told: 'REVOKED' },
      ],
    });
    expect(await refusal('revokeRecognition(id: $id, reason: "again")', id, CLERK)).toEqual({
      code: 'RECOGNITION_STATE',
      state: 'REVOKED',
    });
    await number();
    const { timeline } = await act('confirmRecognition(id: $id, state: REVOKED)', id, as('RECIPIENT', 'ecology'));
    expect(timeline.map(({ kind }) => kind)).toEqual(
      'SUBMITTED VERIFYING RECOGNIZED SYNC_QUEUED SYNC_QUEUED SYNC_CONFIRMED SYNC_CONFIRMED SYNCED REVOKED SYNC_QUEUED SYNC_QUEUED'.split(
        ' ',
      ),
    );
  });
});

describe('who may see what', () => {
  const LIST =
    'query ($filter: RecognitionFilter) { recognitions(filter: $filter, first: 100) { edges { node { id state } } } }';
  const EVENTS = '{ recognitionEvents(first: 1000) { edges { node { kind recognition { id } } } } }';
  interface Listed {
    readonly recognitions: Connection<{ readonly id: string }>;
  }
  interface Logged {
    readonly recognitionEvents: Connection<{ readonly kind: string; readonly recognition: { readonly id: string } }>;
  }

  it('the requester and those that rely on it see it in lists, in the log and by itself; others of the region by role', async () => {
    const { id } = await submit(REPORTS.authoritySample, { relyingDepartments: ['ecology'] });
    await number();
    const sees = async (caller: Caller): Promise<string> => {
      const listed = nodesOf(dataOf(await ask<Listed>(LIST, {}, caller)).recognitions).some((node) => node.id === id);
      const logged = nodesOf(dataOf(await ask<Logged>(EVENTS, {}, caller)).recognitionEvents).some(
        ({ recognition }) => recognition.id === id,
      );
      const alone =
        (await ask('query ($id: ID!) { recognition(id: $id) { id } }', { id }, caller)).errors === undefined;
      return [listed, logged, alone].map((each) => (each ? 'yes' : 'no')).join(' ');
    };
    for (const caller of [CLERK, as('RECIPIENT', 'ecology'), as('AUDITOR', null), as('ENFORCER', null, ['5206'])]) {
      expect([caller.subject, await sees(caller)]).toEqual([caller.subject, 'yes yes yes']);
    }
    for (const caller of [as('RECIPIENT', 'transport'), as('ENFORCER', null, ['5201'])]) {
      expect([caller.subject, await sees(caller)]).toEqual([caller.subject, 'no no no']);
    }
  });

  it('the public and mere operators see nothing, and are told so', async () => {
    for (const text of [LIST, EVENTS]) {
      expect(errorsOf(await ask(text, {}))[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(errorsOf(await ask(text, {}, as('OPERATOR', null)))[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(errorsOf(await ask(SUBMIT, { input: input(REPORTS.authoritySample) }))[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(
      errorsOf(await ask(SUBMIT, { input: input(REPORTS.authoritySample) }, as('AUDITOR', null)))[0]?.extensions,
    ).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('lists are filtered by state, institution and requester', async () => {
    const { id } = await submit(REPORTS.sentSample);
    const found = async (filter: object) =>
      nodesOf(dataOf(await ask<Listed>(LIST, { filter }, as('AUDITOR', null))).recognitions).map((node) => node.id);
    expect(
      await found({ state: ['REJECTED'], institution: codeOf('INST-G'), requester: 'market-regulation' }),
    ).toContain(id);
    expect(await found({ state: ['RECOGNIZED'] })).not.toContain(id);
    expect(await found({ institution: codeOf('INST-A') })).not.toContain(id);
    expect(await found({ requester: 'transport' })).toEqual([]);
  });

  it('a report shows its recognitions to those who may see them', async () => {
    const { id } = await submit(REPORTS.authoritySample, { relyingDepartments: [] });
    const text = 'query ($n: String!) { verifyReport(number: $n) { report { recognitions { id } } } }';
    const ofReport = (caller?: Caller) =>
      ask<{ verifyReport: { report: { recognitions: { id: string }[] } } }>(
        text,
        { n: REPORTS.authoritySample },
        caller,
      );
    expect(dataOf(await ofReport(CLERK)).verifyReport.report.recognitions.map((one) => one.id)).toContain(id);
    expect(
      dataOf(await ofReport(as('RECIPIENT', 'transport'))).verifyReport.report.recognitions.map((one) => one.id),
    ).not.toContain(id);
    expect(errorsOf(await ofReport())[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('what the hub itself keeps of an institution', () => {
  const CLUE = `mutation ($input: ReportClueInput!) { recordReportClue(input: $input) { id state recordedBy department { id } } }`;
  const RESULT = `mutation ($input: ProficiencyResultInput!) { recordProficiencyResult(input: $input) { id state } }`;
  const clue = (over: object = {}) => ({
    number: 'XS-1',
    institution: codeOf('INST-G'),
    reportNumber: REPORTS.authoritySample,
    state: 'OPEN',
    note: 'duplicated curves',
    ...over,
  });
  const marked = async (): Promise<void> => {
    const { findings } = present(hub.services.recognitions);
    while ((await findings.ofInstitution(as('AUDITOR', null), codeOf('INST-G'))).some(({ isNews }) => isNews))
      await new Promise((resolve) => setImmediate(resolve));
  };
  const stateOf = async (id: string): Promise<Shown> =>
    dataOf(await ask<{ recognition: Shown }>(`query ($id: ID!) { recognition(id: $id) { ${FIELDS} } }`, { id }, CLERK))
      .recognition;

  it('an open clue suspends what rests on the report, and it is good again when the clue is dismissed', async () => {
    const { id } = await submit(REPORTS.authoritySample);
    await act('confirmRecognition(id: $id, state: RECOGNIZED)', id, as('RECIPIENT', 'ecology'));
    dataOf(await ask(CLUE, { input: clue() }, CLERK));
    await marked();
    await runDue();
    expect(await stateOf(id)).toMatchObject({ state: 'SUSPENDED', holds: [{ code: 'RJ09', cause: 'OPEN_CLUE' }] });
    expect((await submit(REPORTS.authoritySample)).reasonCodes).toEqual(['RJ09']);
    dataOf(await ask(CLUE, { input: clue({ state: 'DISMISSED' }) }, CLERK));
    await marked();
    await runDue();
    expect(await stateOf(id)).toMatchObject({ state: 'RECOGNIZED', holds: [] });
  });

  it('a confirmed clue revokes, and a result of proficiency testing keeps the item from being recognised', async () => {
    const { id } = await submit(REPORTS.authoritySample);
    dataOf(await ask(CLUE, { input: clue({ state: 'CONFIRMED' }) }, CLERK));
    await marked();
    await runDue();
    expect(await stateOf(id)).toMatchObject({ state: 'REVOKED', holds: [{ cause: 'CONFIRMED_CLUE' }] });
    dataOf(await ask(CLUE, { input: clue({ state: 'DISMISSED' }) }, CLERK));
    const result = {
      number: 'NL-1',
      institution: codeOf('INST-G'),
      parameter: '水分',
      grade: 'UNSATISFACTORY',
      evaluatedOn: '2026-02-01',
      note: 'round 1',
    };
    dataOf(await ask(RESULT, { input: result }, CLERK));
    expect((await submit(REPORTS.authoritySample)).reasonCodes).toEqual(['RJ11']);
    dataOf(await ask(RESULT, { input: { ...result, closedOn: '2026-02-10' } }, CLERK));
    expect((await submit(REPORTS.authoritySample)).state).toBe('RECOGNIZED');
    await marked();
  });

  it('is recorded by departments that determine, and read by those whose work it is', async () => {
    for (const caller of [as('RECIPIENT', 'ecology'), as('AUDITOR', null)]) {
      expect(errorsOf(await ask(CLUE, { input: clue() }, caller))[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    const READ =
      'query ($code: CreditCode!) { recognitionFindings(institution: $code) { id kind state department { id } } }';
    const read = await ask<{ recognitionFindings: { id: string }[] }>(
      READ,
      { code: codeOf('INST-G') },
      as('AUDITOR', null),
    );
    expect(dataOf(read).recognitionFindings.map(({ id }) => id)).toEqual([
      'CLUE.market-regulation.XS-1',
      'PROFICIENCY.market-regulation.NL-1',
    ]);
    expect(errorsOf(await ask(READ, { code: codeOf('INST-G') }))[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it.each([
    [CLUE, clue({ concernsFrom: '2026-01-01' })],
    [CLUE, clue({ number: 'a b' })],
    [CLUE, clue({ note: ' ' })],
    [
      RESULT,
      {
        number: 'N',
        institution: codeOf('INST-G'),
        parameter: 'x',
        grade: 'SATISFACTORY',
        evaluatedOn: '2026-02-01',
        closedOn: '2026-01-01',
        note: 'x',
      },
    ],
  ])('is refused when it makes no sense: %#', async (text, wrong) => {
    expect(errorsOf(await ask(text, { input: wrong }, CLERK))[0]?.extensions).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
