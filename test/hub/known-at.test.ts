/** What the hub knew at a time: one institution, amended twice at its departments, asked for at three times. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import type { ReplicatedRead } from '../../schema/ports.ts';
import type { Feed } from '../../schema/replica/facts.ts';
import { subjectKeysOf } from '../../schema/replica/read-records.ts';
import { callScope } from '../support/source-under-test.ts';
import { startHub, type DepartmentName } from '../support/hub.ts';
import {
  DEPARTMENTS,
  errorsOf,
  nodesOf,
  PATIENCE_MS,
  present,
  STAFF,
  startReplicatedHub,
  type Connection,
  type ReplicatedHub,
} from './support.ts';
import { IN_A_CASE, INSPECTOR } from '../support/callers.ts';

const THEN = `fragment Then on Institution {
  address
  aliases { department { id } localId }
  qualifications(scheme: TRANSPORT_FILING) { number issuer }
  inspections { edges { node { id } } }
  roadTests: inspections(filter: { departments: ["transport"] }) {
    edges { node { id ... on RoadVehicleTest { odometerKm } } }
  }
  penalties { edges { node { documentNumber reason provenance { department { id } } } } }
  facilities { id }
  reports { edges { node { number } } }
  listEntries(activeOnly: false) { reason }
  provenance { department { id } }
  coverage { department { id } facet status asOf reason }
}`;

interface Then {
  readonly address: string;
  readonly aliases: readonly { readonly department: { readonly id: string }; readonly localId: string }[];
  readonly qualifications: readonly { readonly number: string; readonly issuer: string }[];
  readonly roadTests: Connection<{ readonly id: string; readonly odometerKm: number }>;
  readonly penalties: Connection<{
    readonly documentNumber: string;
    readonly reason: string;
    readonly provenance: { readonly department: { readonly id: string } };
  }>;
  readonly coverage: readonly {
    readonly department: { readonly id: string };
    readonly facet: string;
    readonly status: string;
    readonly asOf: string | null;
    readonly reason: string | null;
  }[];
}

let hub: ReplicatedHub;
/** An institution with a penalty, a filing and tests at transport. */
let code: string;
/** Before anything was read; then after each reading. */
const times: Date[] = [];

const sync = async (id: DepartmentName, reads: readonly ReplicatedRead[]): Promise<void> => {
  const { services, replica } = hub;
  const source = present(services.registry.find(id));
  for (const read of reads) {
    await syncFeed({ source, replica, read, full: false, clock: services.clock, scope: callScope(120_000) });
  }
};
/** Everything but the inspections of transport, which come later. */
const readAtFirst = () =>
  Promise.all(
    DEPARTMENTS.map((id) => {
      const feeds = [...present(hub.services.registry.find(id)).changeFeeds];
      return sync(
        id,
        feeds.filter((read) => id !== 'transport' || read !== 'inspections'),
      );
    }),
  );
const readAgain = async (): Promise<void> => {
  await sync('market-regulation', ['institutions']);
  await sync('transport', ['penalties', 'qualifications', 'inspections']);
};
const noteTime = async (): Promise<void> => {
  // A reading is known from the millisecond in which it began.
  times.push(new Date());
  await new Promise((resolve) => setTimeout(resolve, 5));
};
/** The newest record of a feed that is filed under the institution. */
const recordOf = async (feed: Feed): Promise<string> => {
  const { creditCode, localNumbers } = present(hub.world.byCreditCode(code));
  const subjects = subjectKeysOf({ creditCode, localIds: [present(localNumbers.transport)] });
  const held = await hub.replica.models.records
    .findOne({ feed, deleted: false, subjects: { $in: subjects } })
    .sort({ sortKey: -1 })
    .lean();
  return present(held).recordId;
};
const amend = (id: DepartmentName, read: ReplicatedRead, recordId: string, kind: 'CHANGE' | 'WITHDRAW') =>
  hub.upstream(id).amend({ read, recordId, kind, at: new Date() });

beforeAll(async () => {
  hub = await startReplicatedHub({ worldSize: 5 });
  code = present(
    hub.world.institutions.find(
      (each) =>
        each.localNumbers.transport !== null &&
        hub.world.penaltiesOf(each).some(({ heldBy }) => heldBy === 'transport'),
    ),
  ).creditCode;
  await noteTime();
  await readAtFirst();
  await noteTime();
  const [institution, penalty, filing] = await Promise.all([
    recordOf('market-regulation|institutions'),
    recordOf('transport|penalties'),
    recordOf('transport|qualifications'),
  ]);
  await amend('market-regulation', 'institutions', institution, 'CHANGE');
  await amend('transport', 'penalties', penalty, 'CHANGE');
  await amend('transport', 'qualifications', filing, 'CHANGE');
  await readAgain();
  await noteTime();
  await amend('market-regulation', 'institutions', institution, 'CHANGE');
  await amend('transport', 'penalties', penalty, 'WITHDRAW');
  await amend('transport', 'inspections', await recordOf('transport|inspections'), 'CHANGE');
  await readAgain();
  await noteTime();
}, 180_000);
afterAll(() => hub.close());

const askAt = async (asOf: Date): Promise<Then> => {
  const { data, errors } = await hub.query<{ institution: Then }>(
    `${THEN} query ($code: CreditCode!, $asOf: DateTime) { institution(creditCode: $code, asOf: $asOf) { ...Then } }`,
    { code, asOf: asOf.toISOString() },
    PATIENCE_MS,
    STAFF,
  );
  expect(errors).toBeUndefined();
  return data.institution;
};
const transportPenalties = ({ penalties }: Then): string[] =>
  nodesOf(penalties).flatMap(({ provenance, reason }) => (provenance.department.id === 'transport' ? [reason] : []));
const coverageOf = ({ coverage }: Then, id: DepartmentName, facet: string) =>
  present(coverage.find((each) => each.department.id === id && each.facet === facet));

describe('institution(asOf)', () => {
  it('shows what was known after each reading, side by side, without asking anybody', async () => {
    hub.resetCalls();
    const [, first, second, third] = times.map((time) => time.toISOString());
    const { data, errors } = await hub.query<Record<'first' | 'second' | 'third' | 'again', Then>>(
      `${THEN} query ($code: CreditCode!, $first: DateTime, $second: DateTime, $third: DateTime) {
        first: institution(creditCode: $code, asOf: $first) { ...Then }
        second: institution(creditCode: $code, asOf: $second) { ...Then }
        third: institution(creditCode: $code, asOf: $third) { ...Then }
        again: institution(creditCode: $code, asOf: $first) { ...Then }
      }`,
      { code, first, second, third },
      PATIENCE_MS,
      STAFF,
    );
    expect(errors).toBeUndefined();
    expect(Object.values(hub.calls())).toEqual([{}, {}, {}, {}]);
    expect(new Set([data.first.address, data.second.address, data.third.address]).size).toBe(3);
    const [before, after, gone] = [data.first, data.second, data.third].map(transportPenalties);
    expect(before).toHaveLength(present(gone).length + 1);
    expect(after).toHaveLength(present(gone).length + 1);
    expect(after).not.toEqual(before);
    expect(data.first.qualifications).toHaveLength(1);
    expect(data.second.qualifications).not.toEqual(data.first.qualifications);
    expect(data.third.qualifications).toEqual(data.second.qualifications);
    const [tests = [], amendedTests = []] = [data.second, data.third].map(({ roadTests }) => nodesOf(roadTests));
    expect(amendedTests).toEqual(
      tests.map((test, index) => (index > 0 ? test : { ...test, odometerKm: test.odometerKm + 1 })),
    );
    expect(data.again).toEqual(data.first);
  });

  it('shows, as of now, what the replica shows', async () => {
    const known = await askAt(new Date());
    const { data } = await hub.query<{ institution: Then }>(
      `${THEN} query ($code: CreditCode!) { institution(creditCode: $code, maxAgeSeconds: 9999) { ...Then } }`,
      { code },
      PATIENCE_MS,
      STAFF,
    );
    const { coverage, ...facts } = data.institution;
    expect(new Set(coverage.map(({ status }) => status))).not.toContain('UNAVAILABLE');
    expect(known).toMatchObject({ ...facts });
  });

  it('is REPLICA as of that time, UNSUPPORTED where a department has no such facts, UNAVAILABLE before it was read', async () => {
    const [, first = new Date(), second = new Date()] = times;
    const early = await askAt(first);
    expect(coverageOf(early, 'transport', 'PENALTIES')).toMatchObject({ status: 'REPLICA', reason: null });
    expect(Date.parse(coverageOf(early, 'transport', 'PENALTIES').asOf ?? '')).toBe(first.getTime());
    expect(coverageOf(early, 'market-regulation', 'INSPECTIONS').status).toBe('UNSUPPORTED');
    expect(coverageOf(early, 'transport', 'INSPECTIONS')).toMatchObject({
      status: 'UNAVAILABLE',
      reason: expect.stringMatching(/^SOURCE_UNAVAILABLE: Before .* not read the inspections of Transport in full/),
    });
    const late = await askAt(second);
    expect(coverageOf(late, 'transport', 'INSPECTIONS')).toMatchObject({ status: 'REPLICA', reason: null });
    expect(new Set(late.coverage.map(({ status }) => status))).toEqual(new Set(['REPLICA', 'UNSUPPORTED']));
    expect(late.aliases.map(({ department }) => department.id)).toContain('transport');
  });

  it('does not say that nothing was on record before anything had been read', async () => {
    const { data, errors } = await hub.query<{ institution: null }>(
      'query ($code: CreditCode!, $asOf: DateTime) { institution(creditCode: $code, asOf: $asOf) { name } }',
      { code, asOf: present(times[0]).toISOString() },
    );
    expect(data.institution).toBeNull();
    expect(errorsOf({ data, errors })).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
  });

  it('is null for a code that the register was known not to hold', async () => {
    const stranger = '91520115MAYDM00G1Y';
    const { data, errors } = await hub.query<{ institution: null }>(
      'query ($code: CreditCode!, $asOf: DateTime) { institution(creditCode: $code, asOf: $asOf) { name } }',
      { code: stranger, asOf: present(times[1]).toISOString() },
    );
    expect(errors).toBeUndefined();
    expect(data.institution).toBeNull();
  });

  it('answers for valid time and recorded time too', async () => {
    const known = `query ($code: CreditCode!, $asOf: DateTime, $at: DateTime, $knownAt: DateTime) {
      institution(creditCode: $code, asOf: $asOf) { qualifications(at: $at, knownAt: $knownAt, scheme: CMA) { number } }
    }`;
    const numbers = async (at: string | null, knownAt: string | null): Promise<number> => {
      const asOf = present(times[1]).toISOString();
      const { data, errors } = await hub.query<{ institution: Then }>(known, { code, asOf, at, knownAt });
      expect(errors).toBeUndefined();
      return data.institution.qualifications.length;
    };
    expect(await numbers(null, null)).toBeGreaterThan(0);
    expect(await numbers('1999-01-01T00:00:00+08:00', null)).toBe(0);
    expect(await numbers(null, '1999-01-01T00:00:00+08:00')).toBe(0);
  });

  it('is no ground for a decision of today', async () => {
    const { data } = await hub.query<{ institution: { decisionSafety: { safe: boolean } } }>(
      `query ($code: CreditCode!, $asOf: DateTime) {
        institution(creditCode: $code, asOf: $asOf) { decisionSafety(maxAgeSeconds: 0, facets: [PENALTIES]) { safe } }
      }`,
      { code, asOf: present(times[2]).toISOString() },
    );
    expect(data.institution.decisionSafety.safe).toBe(false);
  });

  it('has no per-second data, and says so', async () => {
    const { errors } = await hub.query(
      `query ($code: CreditCode!, $asOf: DateTime) { institution(creditCode: $code, asOf: $asOf) {
        inspections { edges { node { ... on VehicleEmissionTest { processSeries { second } } } } }
      } }`,
      { code, asOf: present(times[2]).toISOString() },
      PATIENCE_MS,
      INSPECTOR,
      IN_A_CASE,
    );
    expect(errorsOf({ data: null, errors })[0]?.message).toMatch(/keeps no earlier processSeries of Ecology/);
  });

  it.each([
    ['a time to come', { asOf: new Date(Date.now() + 3_600_000).toISOString() }],
    ['a time and an age', { asOf: '2026-03-02T10:00:00+08:00', maxAgeSeconds: 60 }],
  ])('refuses %s', async (_, terms) => {
    hub.resetCalls();
    const answer = await hub.query(
      `query ($code: CreditCode!, $asOf: DateTime, $maxAgeSeconds: Int) {
        institution(creditCode: $code, asOf: $asOf, maxAgeSeconds: $maxAgeSeconds) { name }
      }`,
      { code, ...terms },
    );
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
    expect(Object.values(hub.calls())).toEqual([{}, {}, {}, {}]);
  });
});

describe('an operation', () => {
  it('looks back to ten times, equal ones counted once, and not to more', async () => {
    const at = (count: number): string =>
      Array.from({ length: count + 1 }, (_, index) => {
        const minute = String(index % count).padStart(2, '0');
        return `i${index}: institution(creditCode: "${code}", asOf: "2026-03-02T10:${minute}:00+08:00") { name }`;
      }).join('\n');
    const codesOf = async (count: number): Promise<unknown[]> =>
      errorsOf(await hub.query(`{ ${at(count)} }`)).map(({ extensions }) => extensions?.['code']);
    expect(new Set(await codesOf(10))).toEqual(new Set(['SOURCE_UNAVAILABLE']));
    expect(new Set(await codesOf(11))).toEqual(new Set(['SOURCE_UNAVAILABLE', 'INPUT_INVALID']));
  });
});

describe('a hub without a replica', () => {
  it('says that it does not know what it knew', async () => {
    const other = await startHub({ worldSize: 10, coldDirectories: true });
    const answer = await other.query(
      'query ($code: CreditCode!) { institution(creditCode: $code, asOf: "2026-03-02T10:00:00+08:00") { name } }',
      { code },
    );
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'UNSUPPORTED' } }]);
    await other.close();
  });
});
