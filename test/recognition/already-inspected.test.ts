/** Whether something has been inspected already, over the reference world. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { syncHere } from '../../jobs/commands/sync-command.ts';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { REPORTS } from '../../sources/world/planted/keys.ts';
import { DEMO_VEHICLES } from '../../sources/world/vehicles.ts';
import { codeOf, dataOf, errorsOf, PATIENCE_MS } from '../hub/support.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const clock = { now: () => new Date('2026-03-31T10:00:00+08:00') };
let server: StoreUnderTest;
let hub: HubUnderTest;
beforeAll(async () => {
  server = await openStore();
  const replica = new Replica(server.connection);
  await replica.open();
  const options = { worldSize: 0, patienceMs: PATIENCE_MS, guard: { failuresToOpen: 1_000 }, clock };
  hub = await startHub({ ...options, replica, recognitionsOn: server.connection });
  for (const source of hub.services.registry.all()) await syncHere(source, replica, false, clock, () => undefined);
}, 120_000);
afterAll(async () => {
  await hub.close();
  await server.close();
});

const OFFICER: Caller = {
  subject: 'officer',
  departmentId: 'transport',
  roles: ['PUBLIC', 'RECIPIENT'],
  regions: ['52'],
  credentialId: 'k',
};
const ASK = `query ($subject: CreditCode, $vin: String, $kind: InspectionKind!, $days: Int!, $purpose: RecognitionPurpose!) {
  alreadyInspected(subject: $subject, vin: $vin, kind: $kind, withinDays: $days, purpose: $purpose) {
    verdict
    results { kind department { id } startedAt reportNumber institution { creditCode } counts reasonCodes checks { code passed } }
    coverage { department { id } status }
  }
}`;
interface Answer {
  readonly alreadyInspected: {
    readonly verdict: string;
    readonly results: readonly {
      readonly kind: string;
      readonly reportNumber: string | null;
      readonly institution: { readonly creditCode: string } | null;
      readonly counts: boolean;
      readonly reasonCodes: readonly string[];
      readonly checks: readonly { readonly code: string; readonly passed: boolean | null }[];
    }[];
    readonly coverage: readonly { readonly department: { readonly id: string }; readonly status: string }[];
  };
}
const asked = { kind: 'VehicleEmissionTest', days: 365, purpose: 'INSPECTION_WAIVER' };
const ask = (variables: object, caller: Caller = OFFICER) =>
  hub.query<Answer>(ASK, { ...asked, ...variables }, PATIENCE_MS, caller);
const answer = async (variables: object) => dataOf(await ask(variables)).alreadyInspected;
const { vin } = DEMO_VEHICLES.petrol;

describe('a vehicle', () => {
  it('that was tested at a qualified station need not be tested again, and the result is named', async () => {
    const { verdict, results, coverage } = await answer({ vin });
    expect(verdict).toBe('YES');
    expect(results.find(({ counts }) => counts)).toMatchObject({
      kind: 'VehicleEmissionTest',
      reportNumber: REPORTS.authentic,
      institution: { creditCode: codeOf('INST-A') },
      reasonCodes: [],
    });
    expect(coverage.find(({ department }) => department.id === 'ecology')?.status).toBe('REPLICA');
  });

  it('is looked for at one station when that is named', async () => {
    const { results } = await answer({ vin, subject: codeOf('INST-A') });
    expect(results.map(({ reportNumber, counts }) => `${reportNumber ?? ''} ${String(counts)}`)).toEqual([
      `${REPORTS.authentic} true`,
    ]);
  });

  it('whose every test fails a check has to be tested again, and each says why not', async () => {
    const { verdict, results } = await answer({
      vin,
      subject: codeOf('INST-A'),
      purpose: 'INSPECTION_WAIVER',
      days: 28,
    });
    expect([verdict, results]).toEqual(['NO', []]);
    const failed = await answer({ subject: codeOf('INST-H'), days: 58 });
    expect(failed.results.length).toBeGreaterThan(0);
    expect(failed.verdict).toBe('NO');
    for (const { counts, reasonCodes } of failed.results)
      expect([counts, reasonCodes]).toEqual([false, expect.arrayContaining(['RJ03'])]);
  });

  it('may be tested by an inspection that rules take for the one that is needed', async () => {
    const { results } = await answer({ vin, kind: 'RoadVehicleTest' });
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['VehicleSafetyInspection']));
  });

  it('of whose safety inspection no report is registered is neither inspected nor not', async () => {
    const { verdict, results } = await answer({ vin, kind: 'VehicleSafetyInspection' });
    expect(results.every(({ checks }) => checks.length === 0)).toBe(true);
    expect(verdict).toBe('UNKNOWN');
  });
});

it('"no" is not said while a department is silent', async () => {
  const { verdict } = await hub.during('ecology', { kind: 'down' }, () =>
    answer({ subject: codeOf('INST-A'), vin, days: 20 }),
  );
  // Fresh enough in the replica: the department need not answer.
  expect(verdict).toBe('NO');
  const later = { now: () => new Date('2026-05-31T10:00:00+08:00') };
  const { now } = clock;
  Object.assign(clock, later);
  try {
    const { verdict: unknown } = await hub.during('ecology', { kind: 'down' }, () =>
      answer({ subject: codeOf('INST-A'), vin, days: 20 }),
    );
    expect(unknown).toBe('UNKNOWN');
  } finally {
    Object.assign(clock, { now });
  }
});

it.each([
  [{}, 'Name the vehicle'],
  [{ vin, days: 0 }, '"withinDays" must be between'],
  [{ vin: 'OIQ' }, 'A VIN has 17 characters'],
])('is refused for %j', async (variables, message) => {
  const [error] = errorsOf(await ask(variables));
  expect(error).toMatchObject({ message: expect.stringContaining(message), extensions: { code: 'INPUT_INVALID' } });
});

it('is not for the public', async () => {
  const [error] = errorsOf(await hub.query(ASK, { ...asked, vin }, PATIENCE_MS, PUBLIC_CALLER));
  expect(error?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});
