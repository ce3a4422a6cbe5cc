import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answered } from '../../schema/department-answer.ts';
import type { HubServices } from '../../schema/context.ts';
import type { IdentityDirectory } from '../../schema/identity/identity-directory.ts';
import type { InspectionRequest, SubjectReference } from '../../schema/ports.ts';
import type { InstitutionRecord } from '../../schema/records.ts';
import {
  ANSWERED_AT,
  fakeDepartment,
  loadersOver,
  servicesOf,
  type FakeDepartment,
} from './support/fake-departments.ts';
import { A, at, B, codeOf, inspection, institution, NAME_OF_A, penalty, station } from './support/records.ts';

const ALL_INSPECTIONS = { from: null, to: null, vin: null, result: null, limit: 21 };
const WITHOUT_TERMS = {};

/** The register: knows every code, names each institution after it. */
const nameOf = (code: string): string => (code === A ? NAME_OF_A : `示例${code}有限公司`);
const theRegister = () =>
  fakeDepartment('market-regulation', {
    register: true,
    answers: {
      institutions: ({ creditCode }) => [institution('market-regulation', { creditCode, name: nameOf(creditCode) })],
      penalties: ({ creditCode }) => [penalty({ id: creditCode })],
    },
  });
/** Knows the first hundred institutions by name, under its own numbers. */
const ecologyWith = (answers: Parameters<typeof fakeDepartment>[1] = {}) =>
  fakeDepartment('ecology', {
    directory: Array.from({ length: 100 }, (_, n) => station(`TS-${n + 1}`, { name: nameOf(codeOf(n + 1)) })),
    answers: {
      institutions: ({ localIds }) => localIds.map((localId) => institution('ecology', { creditCode: null, localId })),
      inspections: ({ localIds }) => localIds.map((id) => inspection(`ecology~${id}`, at('2026-03-02'))),
    },
    ...answers,
  });

const readsOf = ({ calls }: FakeDepartment): string[] =>
  calls.map(({ read, requests }) => `${read} × ${requests.length}`);
const asked = ({ calls }: FakeDepartment): readonly unknown[] => calls.flatMap(({ requests }) => requests);

const identities: IdentityDirectory[] = [];
/** Services whose directories have been read, as they are a moment after the start. */
async function startedServices(...sources: FakeDepartment[]): Promise<HubServices> {
  const services = servicesOf(sources);
  identities.push(services.identity);
  services.identity.start();
  await services.identity.settled();
  return services;
}
afterEach(() => {
  for (const identity of identities.splice(0)) identity.stop();
});

describe('calls to departments', () => {
  it.each([1, 20, 100])('are one per department and read for a page of %i institutions', async (count) => {
    const [register, ecology] = [theRegister(), ecologyWith()];
    const loaders = loadersOver([register, ecology], await startedServices(register, ecology));
    const page = Array.from({ length: count }, (_, n) => codeOf(n + 1));
    const shown = await Promise.all(
      page.map(async (code) => ({
        institutions: await loaders.institutions(code),
        penalties: await loaders.facet('penalties', code, WITHOUT_TERMS),
        inspections: await loaders.facet('inspections', code, ALL_INSPECTIONS),
      })),
    );
    expect(readsOf(register)).toEqual([`institutions × ${count}`, `penalties × ${count}`]);
    expect(readsOf(ecology)).toEqual([`institutions × ${count}`, `inspections × ${count}`]);
    expect(
      shown.map(({ institutions, penalties, inspections }) => [
        institutions[0]?.records[0]?.name,
        institutions[1]?.records[0]?.localId,
        penalties[0]?.records[0]?.id,
        inspections[1]?.records[0]?.id,
      ]),
    ).toEqual(page.map((code, n) => [nameOf(code), `TS-${n + 1}`, code, `ecology~TS-${n + 1}`]));
  });

  it('are put once when the same question comes up again in an operation', async () => {
    const register = theRegister();
    const loaders = loadersOver([register]);
    const ask = () => loaders.facet('penalties', A, WITHOUT_TERMS);
    await Promise.all([ask(), ask(), loaders.facet('penalties', A, {})]);
    await ask();
    expect(readsOf(register)).toEqual(['penalties × 1']);
  });

  it('are put again by the next operation', async () => {
    const register = theRegister();
    const services = servicesOf([register]);
    await loadersOver([register], services).facet('penalties', A, WITHOUT_TERMS);
    await loadersOver([register], services).facet('penalties', A, WITHOUT_TERMS);
    expect(readsOf(register)).toEqual(['penalties × 1', 'penalties × 1']);
  });

  it('hold different questions about one institution side by side, each with its own terms', async () => {
    const transport = fakeDepartment('transport', {
      answers: { inspections: ({ limit }) => [inspection(`limit ${limit}`, at('2026-03-02'))] },
    });
    const loaders = loadersOver([transport]);
    const answers = await Promise.all(
      [5, 21].map((limit) => loaders.facet('inspections', A, { ...ALL_INSPECTIONS, limit })),
    );
    expect(readsOf(transport)).toEqual(['inspections × 2']);
    expect(answers.map(([answer]) => answer?.records[0]?.id)).toEqual(['limit 5', 'limit 21']);
    expect(asked(transport)[0]).toEqual({ ...ALL_INSPECTIONS, limit: 5, creditCode: A, localIds: [] });
  });
});

describe('the departments that are part of a question', () => {
  const keepers = () => [
    fakeDepartment('market-regulation', { answers: { penalties: () => [penalty()] } }),
    fakeDepartment('transport', { answers: { penalties: () => [penalty({}, 'transport')] } }),
  ];

  it('are those named, and the others are not asked', async () => {
    const [marketRegulation, transport] = keepers() as [FakeDepartment, FakeDepartment];
    const loaders = loadersOver([marketRegulation, transport]);
    const answers = await loaders.facet('penalties', A, WITHOUT_TERMS, ['transport']);
    expect(answers.map(({ coverage }) => coverage.department.id)).toEqual(['transport']);
    expect([readsOf(marketRegulation), readsOf(transport)]).toEqual([[], ['penalties × 1']]);
  });

  it('can differ between questions of one call', async () => {
    const [marketRegulation, transport] = keepers() as [FakeDepartment, FakeDepartment];
    const loaders = loadersOver([marketRegulation, transport]);
    const answers = await Promise.all([
      loaders.facet('penalties', A, WITHOUT_TERMS, ['transport']),
      loaders.facet('penalties', B, WITHOUT_TERMS),
      loaders.facet('penalties', A, WITHOUT_TERMS, []),
    ]);
    expect(answers.map((each) => each.map(({ coverage }) => coverage.department.id))).toEqual([
      ['transport'],
      ['market-regulation', 'transport'],
      [],
    ]);
    expect(asked(marketRegulation)).toEqual([{ creditCode: B, localIds: [] }]);
    expect(asked(transport)).toEqual([A, B].map((creditCode) => ({ creditCode, localIds: [] })));
  });

  it('answer in order of department code, and those without such facts say UNSUPPORTED', async () => {
    const sources = [theRegister(), ecologyWith(), fakeDepartment('transport')];
    const answers = await loadersOver(sources, await startedServices(...sources)).facet(
      'inspections',
      A,
      ALL_INSPECTIONS,
    );
    expect(answers.map(({ coverage: { department, facet, status } }) => `${department.id} ${facet} ${status}`)).toEqual(
      ['market-regulation INSPECTIONS UNSUPPORTED', 'ecology INSPECTIONS LIVE', 'transport INSPECTIONS UNSUPPORTED'],
    );
  });
});

describe('a department with local numbers', () => {
  it('is asked with the numbers that belong to the institution, and only for institutions it knows', async () => {
    const register = theRegister();
    const ecology = ecologyWith({
      directory: [
        station('TS-1', { creditCode: A }),
        station('TS-2', { creditCode: A }),
        station('TS-3', { name: nameOf(codeOf(3)) }),
      ],
    });
    const loaders = loadersOver([register, ecology], await startedServices(register, ecology));
    const answers = await Promise.all(
      [A, B, codeOf(3)].map((code) => loaders.facet('inspections', code, ALL_INSPECTIONS)),
    );
    expect((asked(ecology) as InspectionRequest[]).map(({ localIds }) => localIds)).toEqual([
      ['TS-1', 'TS-2'],
      ['TS-3'],
    ]);
    expect(answers.map(([, own]) => own?.records.map(({ id }) => id))).toEqual([
      ['ecology~TS-1', 'ecology~TS-2'],
      [],
      ['ecology~TS-3'],
    ]);
  });

  it('that does not know the institution has nothing on record, as of its directory, and is not asked', async () => {
    const [register, ecology] = [theRegister(), ecologyWith({ directory: [] })];
    const loaders = loadersOver([register, ecology], await startedServices(register, ecology));
    const [, own] = await loaders.facet('inspections', A, ALL_INSPECTIONS);
    expect(own).toMatchObject({ coverage: { status: 'LIVE', asOf: ANSWERED_AT, reason: null }, records: [] });
    expect(ecology.calls).toEqual([]);
  });

  it('whose directory has never been read is UNAVAILABLE, not empty', async () => {
    const [register, ecology] = [theRegister(), ecologyWith()];
    ecology.failure = 'SOURCE_UNAVAILABLE';
    const loaders = loadersOver([register, ecology], await startedServices(register, ecology));
    const [, own] = await loaders.facet('inspections', A, ALL_INSPECTIONS);
    expect(own?.coverage).toMatchObject({ status: 'UNAVAILABLE', reason: 'SOURCE_UNAVAILABLE: ecology is silent' });
  });

  it('is asked for penalties by the credit code as well, even where it has no number', async () => {
    const register = theRegister();
    const ecology = ecologyWith({ directory: [], answers: { penalties: () => [penalty({}, 'ecology')] } });
    const loaders = loadersOver([register, ecology], await startedServices(register, ecology));
    const [, own] = await loaders.facet('penalties', A, WITHOUT_TERMS);
    expect(own?.records).toHaveLength(1);
    expect(asked(ecology)).toEqual([{ creditCode: A, localIds: [] }]);
  });

  it('with entries that only a person can tell apart is PARTIAL, and those entries are not used', async () => {
    const [register, ecology] = [theRegister(), ecologyWith({ directory: [station('TS-1'), station('TS-2')] })];
    const loaders = loadersOver([register, ecology], await startedServices(register, ecology));
    const [, own] = await loaders.facet('inspections', A, ALL_INSPECTIONS);
    expect(own).toMatchObject({
      coverage: { status: 'PARTIAL', reason: expect.stringMatching(/^IDENTITY_UNCERTAIN: 2 entries of Ecology/) },
      records: [],
    });
    expect(ecology.calls).toEqual([]);
  });
});

describe('while the register is silent', () => {
  async function silentRegister(...others: FakeDepartment[]) {
    const register = theRegister();
    const services = await startedServices(register, ...others);
    return { register, services, silence: () => (register.failure = 'SOURCE_TIMEOUT') };
  }

  it('institutions are matched by what it said before', async () => {
    const ecology = ecologyWith();
    const { register, services, silence } = await silentRegister(ecology);
    await loadersOver([register, ecology], services).institutions(A);
    silence();
    const answers = await loadersOver([register, ecology], services).facet('inspections', A, ALL_INSPECTIONS);
    expect(answers[1]).toMatchObject({ coverage: { status: 'LIVE' }, records: [{ id: 'ecology~TS-1' }] });
  });

  it('institutions are matched by what another department with credit codes says', async () => {
    const ecology = ecologyWith();
    const transport = fakeDepartment('transport', {
      answers: { institutions: ({ creditCode }) => [institution('transport', { creditCode })] },
    });
    const { register, services, silence } = await silentRegister(ecology, transport);
    silence();
    const answers = await loadersOver([register, ecology, transport], services).facet(
      'inspections',
      A,
      ALL_INSPECTIONS,
    );
    expect(answers[1]).toMatchObject({ coverage: { status: 'LIVE' }, records: [{ id: 'ecology~TS-1' }] });
    expect(readsOf(transport)).toEqual(['institutions × 1']);
  });

  it('a station under the credit code itself is still found', async () => {
    const ecology = ecologyWith({ directory: [station('TS-1', { creditCode: A })] });
    const { register, services, silence } = await silentRegister(ecology);
    silence();
    const answers = await loadersOver([register, ecology], services).facet('inspections', A, ALL_INSPECTIONS);
    expect(answers[1]).toMatchObject({ coverage: { status: 'LIVE' }, records: [{ id: 'ecology~TS-1' }] });
  });

  it('an institution that nobody can name is UNAVAILABLE at departments with local numbers, not empty', async () => {
    const ecology = ecologyWith();
    const { register, services, silence } = await silentRegister(ecology);
    silence();
    const answers = await loadersOver([register, ecology], services).facet('inspections', A, ALL_INSPECTIONS);
    expect(answers[1]).toMatchObject({ coverage: { status: 'UNAVAILABLE' }, records: [] });
    expect(ecology.calls).toEqual([]);
  });

  it('a hundred institutions still cost it one call', async () => {
    const ecology = ecologyWith();
    const { register, services, silence } = await silentRegister(ecology);
    silence();
    const loaders = loadersOver([register, ecology], services);
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => loaders.facet('inspections', codeOf(n + 1), ALL_INSPECTIONS)),
    );
    expect(readsOf(register)).toEqual(['institutions × 100']);
  });
});

describe('an institution that came with a list', () => {
  it('is not asked for again, and is remembered', async () => {
    const register = theRegister();
    const services = servicesOf([register]);
    const loaders = loadersOver([register], services);
    const record: InstitutionRecord = institution('market-regulation', { name: '列表中的名称' });
    const question = { department: register.department, facet: 'INSTITUTIONS' as const };
    loaders.primeInstitution(
      'market-regulation',
      A,
      answered(question, { records: [record], malformed: [] }, ANSWERED_AT),
    );
    expect((await loaders.registration(A)).records).toEqual([record]);
    expect(register.calls).toEqual([]);
    expect(services.identity.subjects.factsOf(A)?.name).toBe('列表中的名称');
  });
});

describe('the registration', () => {
  it('is the register’s word only, and nobody else is asked', async () => {
    const register = theRegister();
    const transport = fakeDepartment('transport', { answers: { institutions: () => [institution('transport')] } });
    const answer = await loadersOver([transport, register]).registration(A);
    expect(answer.records.map(({ provenance }) => provenance.departmentId)).toEqual(['market-regulation']);
    expect(transport.calls).toEqual([]);
  });

  it('is UNSUPPORTED where no department keeps a register', async () => {
    const transport = fakeDepartment('transport', { answers: { institutions: () => [institution('transport')] } });
    expect((await loadersOver([transport]).registration(A)).coverage.status).toBe('UNSUPPORTED');
  });
});

describe('coverage', () => {
  it('holds every question that was put about the institution, with the worst word on it', async () => {
    const [register, transport] = [theRegister(), fakeDepartment('transport', { answers: { penalties: () => [] } })];
    transport.malformed = [{ recordId: 'CF-7', field: 'CF_JDRQ', problem: 'is not a day' }];
    const loaders = loadersOver([register, transport]);
    void loaders.facet('penalties', A, WITHOUT_TERMS);
    void loaders.registration(A);
    void loaders.facet('penalties', B, WITHOUT_TERMS);
    const coverage = await loaders.coverage.of(A);
    expect(coverage.map(({ department, facet, status }) => `${facet} ${department.id} ${status}`)).toEqual([
      'PENALTIES market-regulation LIVE',
      'PENALTIES transport PARTIAL',
      'INSTITUTIONS market-regulation LIVE',
    ]);
  });
});

describe('a look-up by number', () => {
  it('asks every department that offers it once for all numbers, and answers in the order of the numbers', async () => {
    const transport = fakeDepartment('transport', {
      answers: { reportsByNumber: (number) => (number === 'BG-2' ? [] : [{ number } as never]) },
    });
    const loaders = loadersOver([theRegister(), transport]);
    const numbers = ['BG-3', 'BG-2', 'BG-1', 'BG-3'];
    const answers = await Promise.all(numbers.map((number) => loaders.reportsByNumber.load(number)));
    expect(transport.calls).toEqual([{ read: 'reportsByNumber', requests: ['BG-3', 'BG-2', 'BG-1'] }]);
    expect(answers.map((each) => each.map(({ coverage: { status }, records }) => [status, records]))).toEqual(
      ['BG-3', null, 'BG-1', 'BG-3'].map((number) => [
        ['UNSUPPORTED', []],
        ['LIVE', number === null ? [] : [{ number }]],
      ]),
    );
  });

  it('shows a silent department as UNAVAILABLE for every number', async () => {
    const transport = fakeDepartment('transport', { answers: { certificates: () => [] } });
    transport.failure = 'SOURCE_REFUSED';
    const answers = await loadersOver([transport]).certificates.loadMany(['1', '2']);
    for (const answer of answers) {
      expect(answer).toMatchObject([{ coverage: { status: 'UNAVAILABLE', facet: 'QUALIFICATIONS' } }]);
    }
  });

  it('of process data goes to the one department that the test came from', async () => {
    const ecology = ecologyWith({ answers: { processSeries: () => [] } });
    const transport = fakeDepartment('transport', { answers: { processSeries: () => [] } });
    const loaders = loadersOver([ecology, transport]);
    await loaders.processSeries.get('ecology')?.load('9f0c');
    expect([ecology.calls, transport.calls]).toEqual([[{ read: 'processSeries', requests: ['9f0c'] }], []]);
  });
});

describe('a reference to an institution', () => {
  it('is the credit code alone for departments that are keyed by it', async () => {
    const transport = fakeDepartment('transport', { answers: { facilities: () => [] } });
    await loadersOver([transport]).facet('facilities', A, WITHOUT_TERMS);
    expect(asked(transport) as SubjectReference[]).toEqual([{ creditCode: A, localIds: [] }]);
  });
});
