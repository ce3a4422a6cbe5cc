/** One institution as four departments know it, joined in one operation. */
import { describe, expect, it } from '@jest/globals';
import { formatInstant } from '../../schema/time/instant.ts';
import { SPECIAL_INDEXES } from '../../sources/world/special-indexes.ts';
import { DEMO_VEHICLES } from '../../sources/world/vehicles.ts';
import type { WorldInstitution, WorldVisit } from '../../sources/world/types.ts';
import {
  codeOf,
  dataOf,
  inWords,
  nodesOf,
  PATIENCE_MS,
  present,
  subjectOf,
  STAFF,
  useHub,
  type Connection,
  type CoverageSeen,
} from './support.ts';

const hub = useHub({ worldSize: 60, patienceMs: PATIENCE_MS });

const INST_A = codeOf('INST-A');

const PROVENANCE = 'provenance { department { id } sourceRecordId asOf fetchedAt receipt adapterVersion }';
interface Provenance {
  readonly department: { readonly id: string };
  readonly sourceRecordId: string;
  readonly asOf: string;
  readonly fetchedAt: string;
  readonly receipt: string;
  readonly adapterVersion: string;
}
interface Proven {
  readonly provenance: Provenance;
}

interface InspectionSeen extends Proven {
  readonly __typename: string;
  readonly startedAt: string;
  readonly vehicle: { readonly vin: string; readonly plate: string };
  readonly report: { readonly signatory: string | null } | null;
}

interface WholeInstitution {
  readonly institution: {
    readonly provenance: readonly Provenance[];
    readonly aliases: readonly unknown[];
    readonly qualifications: readonly (Proven & { readonly scheme: string; readonly number: string })[];
    readonly facilities: readonly (Proven & { readonly kind: string })[];
    readonly inspections: Connection<InspectionSeen>;
    readonly reports: Connection<Proven & { readonly signatory: string | null }>;
    readonly penalties: Connection<Proven & { readonly documentNumber: string }>;
    readonly listEntries: readonly (Proven & { readonly listType: string })[];
    readonly coverage: readonly CoverageSeen[];
  };
}

const WHOLE_INSTITUTION = `
  query ($code: CreditCode!) {
    institution(creditCode: $code) {
      creditCode name status kinds address region { path } ${PROVENANCE}
      aliases { department { id } localId matchedBy confidence confirmedBy }
      qualifications(at: "2026-03-31T12:00:00+08:00") { scheme number status validTo issuer ${PROVENANCE} }
      facilities { kind name calibrationValidTo ${PROVENANCE} }
      inspections(first: 100) { edges { node {
        __typename id startedAt result vehicle { vin plate } report { number signatory } ${PROVENANCE}
      } } }
      reports(first: 100) { edges { node { number conclusion signatory digest ${PROVENANCE} } } }
      penalties { edges { node { documentNumber fineFen ${PROVENANCE} } } }
      listEntries(activeOnly: false) { listType reason ${PROVENANCE} }
      conflicts { field }
      coverage { department { id } facet status reason }
    }
  }`;

async function wholeInstitution(code: string): Promise<WholeInstitution['institution']> {
  const answer = await hub().query<WholeInstitution>(WHOLE_INSTITUTION, { code }, PATIENCE_MS, STAFF);
  return dataOf(answer).institution;
}

const departmentsOf = (records: readonly Proven[]): string[] =>
  [...new Set(records.map(({ provenance }) => provenance.department.id))].sort();

describe('INST-A in one operation', () => {
  it('is registered as the register says', async () => {
    expect(await wholeInstitution(INST_A)).toMatchObject({
      creditCode: '91520115MAYDM00198',
      name: '贵州示例甲机动车检测有限公司',
      status: 'ACTIVE',
      kinds: ['VEHICLE_INSPECTION_BODY'],
      address: '贵州省贵阳市观山湖区示例路1号',
      region: { path: ['贵州省', '贵阳市', '观山湖区'] },
      conflicts: [],
    });
  });

  it('has a qualification or filing with each department', async () => {
    const { qualifications } = await wholeInstitution(INST_A);
    expect(qualifications).toMatchObject([
      { scheme: 'CMA', number: '232405340017', status: 'VALID', validTo: '2029-03-14' },
      { scheme: 'ECOLOGY_FILING', number: '520115-0007', status: 'VALID', issuer: '贵阳市生态环境局' },
      { scheme: 'POLICE_FILING', number: '5200000117', status: 'VALID', issuer: '贵A' },
      { scheme: 'TRANSPORT_FILING', number: '黔交检备5201150007', status: 'VALID' },
    ]);
  });

  it('goes by a number of its own with three departments, each matched with a reason', async () => {
    const { aliases } = await wholeInstitution(INST_A);
    const byCma = { matchedBy: 'CMA_NUMBER', confidence: 0.98, confirmedBy: null };
    expect(aliases).toEqual([
      { department: { id: 'ecology' }, localId: '520115-0007', ...byCma },
      {
        department: { id: 'transport' },
        localId: '5201150007',
        matchedBy: 'CREDIT_CODE',
        confidence: 1,
        confirmedBy: null,
      },
      { department: { id: 'public-security' }, localId: '5200000117', ...byCma },
    ]);
  });

  it('shows inspections of three departments, newest first', async () => {
    const inspections = nodesOf((await wholeInstitution(INST_A)).inspections);
    expect(new Set(inspections.map(({ __typename }) => __typename))).toEqual(
      new Set(['VehicleEmissionTest', 'VehicleSafetyInspection', 'RoadVehicleTest']),
    );
    const times = inspections.map(({ startedAt }) => startedAt);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('shows facilities, reports and penalties of every department that holds such facts', async () => {
    const { facilities, reports, penalties, listEntries } = await wholeInstitution(INST_A);
    expect(departmentsOf(facilities)).toEqual(['ecology', 'public-security']);
    expect(new Set(facilities.map(({ kind }) => kind))).toEqual(
      new Set([
        ...['LINE', 'GAS_ANALYSER', 'OPACIMETER', 'DYNAMOMETER'],
        ...['BRAKE_TESTER', 'HEADLAMP_TESTER', 'SPEEDOMETER_TESTER', 'SIDE_SLIP_TESTER', 'AXLE_LOAD_SCALE'],
      ]),
    );
    expect(departmentsOf(nodesOf(reports))).toEqual(['ecology', 'market-regulation', 'transport']);
    expect(nodesOf(penalties)).toMatchObject([{ documentNumber: '示市监处罚〔2023〕3号' }]);
    expect(listEntries).toEqual([]);
  });

  it('says of every record whose it is, how old, and what was received', async () => {
    const seen = await wholeInstitution(INST_A);
    const records = [
      ...seen.qualifications,
      ...seen.facilities,
      ...nodesOf(seen.inspections),
      ...nodesOf(seen.reports),
      ...nodesOf(seen.penalties),
    ];
    const provenances = [...seen.provenance, ...records.map(({ provenance }) => provenance)];
    expect(seen.provenance.map(({ department }) => department.id)).toEqual([
      'market-regulation',
      'ecology',
      'transport',
      'public-security',
    ]);
    for (const provenance of provenances) {
      expect(provenance).toEqual({
        department: { id: expect.stringMatching(/^(market-regulation|ecology|transport|public-security)$/) },
        sourceRecordId: expect.stringMatching(/\S/),
        asOf: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+08:00$/),
        fetchedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+08:00$/),
        receipt: expect.stringMatching(/^[0-9a-f]{64}$/),
        adapterVersion: expect.stringMatching(/\S/),
      });
      expect(Date.parse(provenance.asOf)).toBeLessThanOrEqual(Date.parse(provenance.fetchedAt));
    }
  });

  it('says of every department and kind of facts whether it answered or holds no such facts', async () => {
    const { coverage } = await wholeInstitution(INST_A);
    const holders: Readonly<Record<string, readonly string[]>> = {
      INSTITUTIONS: ['market-regulation', 'ecology', 'transport', 'public-security'],
      QUALIFICATIONS: ['market-regulation', 'ecology', 'transport', 'public-security'],
      FACILITIES: ['ecology', 'public-security'],
      INSPECTIONS: ['ecology', 'transport', 'public-security'],
      REPORTS: ['market-regulation', 'ecology', 'transport'],
      PENALTIES: ['market-regulation', 'ecology', 'transport'],
      LIST_ENTRIES: ['market-regulation'],
    };
    const expected = Object.entries(holders).flatMap(([facet, own]) =>
      ['market-regulation', 'ecology', 'transport', 'public-security'].map(
        (department) => `${department} ${facet} ${own.includes(department) ? 'LIVE' : 'UNSUPPORTED'}`,
      ),
    );
    expect(inWords(coverage).toSorted()).toEqual(expected.toSorted());
    expect(coverage.filter(({ reason }) => reason !== null)).toEqual([]);
  });

  it('shows no plate, vehicle number, name of a person or telephone number', async () => {
    const institution = subjectOf(hub().world, 'INST-A');
    const visits = hub().world.visitsOf(institution);
    const secrets = [
      institution.legalRepresentative,
      institution.contactPhone,
      ...hub()
        .world.qualificationsOf(institution)
        .flatMap(({ signatories }) => signatories.map(({ name }) => name)),
      ...visits.flatMap(({ vehicle, road }) => [vehicle.vin, vehicle.plate, vehicle.engineNumber, road?.signatory]),
    ].flatMap((secret) => secret ?? []);
    const seen = await wholeInstitution(INST_A);
    const text = JSON.stringify(seen);
    expect([...new Set(secrets)].filter((secret) => text.includes(secret))).toEqual([]);

    const vehicles = nodesOf(seen.inspections).map(({ vehicle }) => vehicle);
    expect(vehicles.every(({ vin }) => /^LDM\*{12}\w\w$/.test(vin))).toBe(true);
    expect(vehicles.every(({ plate }) => /^贵[A-Z]\*+\w$/.test(plate))).toBe(true);
    const signatories = nodesOf(seen.reports).flatMap(({ signatory }) => signatory ?? []);
    expect(new Set(signatories)).toEqual(new Set(['示**']));
  });
});

describe('the sample records of INST-A are found by filter', () => {
  const FIND = `
    query ($code: CreditCode!, $filter: InspectionFilter!) {
      institution(creditCode: $code) { inspections(filter: $filter) { edges { node {
        __typename startedAt endedAt result rawResult report { number issuedOn } vehicle { vin plate }
        provenance { sourceRecordId }
        ... on VehicleEmissionTest {
          method lineNumber temperatureCelsius humidityPercent pressureKilopascal
          measurements { name value limit unit result }
        }
        ... on VehicleSafetyInspection { lineNumber pass }
        ... on RoadVehicleTest { lineNumber pass technicalGrade gradeValidTo transportPermit odometerKm }
      } } } }
    }`;

  async function find(filter: Record<string, unknown>): Promise<unknown[]> {
    type Found = { institution: { inspections: Connection<unknown> } };
    const answer = await hub().query<Found>(FIND, { code: INST_A, filter }, PATIENCE_MS);
    return nodesOf(dataOf(answer).institution.inspections);
  }

  it('the emission test, by vehicle and department', async () => {
    expect(await find({ vin: DEMO_VEHICLES.petrol.vin, departments: ['ecology'] })).toEqual([
      {
        __typename: 'VehicleEmissionTest',
        startedAt: '2026-03-02T10:05:00+08:00',
        endedAt: '2026-03-02T10:08:32+08:00',
        result: 'PASS',
        rawResult: '1',
        report: { number: '520115PF260302000000117', issuedOn: '2026-03-02' },
        vehicle: { vin: 'LDM************01', plate: '贵A****1' },
        provenance: { sourceRecordId: expect.stringMatching(/^9f0c3a51/) },
        method: 'VMAS',
        lineNumber: '2',
        temperatureCelsius: 14.2,
        humidityPercent: 61,
        pressureKilopascal: 88.6,
        measurements: [
          { name: 'HC', value: 0.41, limit: 1.6, unit: 'g/km', result: 'PASS' },
          { name: 'CO', value: 2.1, limit: 8, unit: 'g/km', result: 'PASS' },
          { name: 'NOx', value: 0.38, limit: 1.3, unit: 'g/km', result: 'PASS' },
        ],
      },
    ]);
  });

  it('the safety inspection, by its minute, verdict and department', async () => {
    const filter = {
      from: '2026-03-02T10:02:00+08:00',
      to: '2026-03-02T10:03:00+08:00',
      result: 'PASS',
      departments: ['public-security'],
    };
    expect(await find(filter)).toMatchObject([
      {
        __typename: 'VehicleSafetyInspection',
        startedAt: '2026-03-02T10:02:11+08:00',
        endedAt: '2026-03-02T10:31:40+08:00',
        result: 'PASS',
        vehicle: { plate: '贵A****1' },
        provenance: { sourceRecordId: '5200000117260302000031' },
        lineNumber: '2',
        pass: 1,
      },
    ]);
    expect(await find({ ...filter, result: 'FAIL' })).toEqual([]);
    expect(await find({ ...filter, departments: ['ecology', 'transport'] })).toEqual([]);
    expect(await find({ ...filter, from: '2026-03-02T10:02:12+08:00' })).toEqual([]);
    expect(await find({ ...filter, to: '2026-03-02T10:02:10+08:00' })).toEqual([]);
  });

  it('the road test, by vehicle; the same truck was at the police and at ecology that morning', async () => {
    const found = await find({ vin: DEMO_VEHICLES.truck.vin });
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({
      __typename: 'RoadVehicleTest',
      startedAt: '2026-03-02T10:20:00+08:00',
      endedAt: null,
      result: 'PASS',
      rawResult: '1',
      report: { number: 'ZJ2026030200021', issuedOn: '2026-03-02' },
      vehicle: { vin: 'LDM************07', plate: '贵H****7' },
      provenance: { sourceRecordId: 'T0001' },
      lineNumber: 'A',
      pass: 1,
      technicalGrade: '1',
      gradeValidTo: '2027-03-31',
      transportPermit: '522601000207',
      odometerKm: 84_210,
    });
  });
});

describe('one visit of one vehicle', () => {
  /** A generated station's visit that all three departments recorded, by clocks that are all wrong. */
  function visitAtThree(): { station: WorldInstitution; visit: WorldVisit } {
    for (const station of hub().world.institutions.slice(14)) {
      const visit = hub()
        .world.visitsOf(station)
        .find(({ safety, emission, road }) => safety !== null && emission !== null && road !== null);
      const { ecology = 0, transport = 0, publicSecurity = 0 } = visit?.clockOffsetSeconds ?? {};
      if (visit !== undefined && ecology * transport * publicSecurity !== 0) return { station, visit };
    }
    throw new Error('the world has no such visit');
  }

  const plus = (instant: Date, seconds: number): string => formatInstant(new Date(instant.getTime() + seconds * 1000));

  it('is told by three departments, each under its own number and by its own clock', async () => {
    const { station, visit } = visitAtThree();
    const { safety, emission, road, clockOffsetSeconds: offset } = visit;
    const answer = await hub().query<{ institution: { inspections: Connection<InspectionSeen> } }>(
      `query ($code: CreditCode!, $vin: String!) {
        institution(creditCode: $code) { inspections(filter: { vin: $vin }) { edges { node {
          startedAt provenance { department { id } sourceRecordId }
        } } } }
      }`,
      { code: station.creditCode, vin: visit.vehicle.vin },
      PATIENCE_MS,
    );
    const told = nodesOf(dataOf(answer).institution.inspections);
    const expected = [
      ['ecology', present(emission).id, plus(present(emission).startedAt, offset.ecology)],
      ['transport', present(road).id, plus(present(road).testedAt, offset.transport)],
      ['public-security', present(safety).serial, plus(present(safety).startedAt, offset.publicSecurity)],
    ] as const;
    for (const [department, sourceRecordId, startedAt] of expected) {
      expect(told).toContainEqual({ startedAt, provenance: { department: { id: department }, sourceRecordId } });
    }
  });
});

describe('local numbers', () => {
  interface Matched {
    readonly creditCode: string;
    readonly aliases: readonly { department: { id: string }; localId: string; matchedBy: string; confidence: number }[];
  }

  async function matchedInstitutions(): Promise<Matched[]> {
    const answer = await hub().query<{ institutions: Connection<Matched> }>(
      '{ institutions(first: 100) { edges { node { creditCode aliases { department { id } localId matchedBy confidence } } } } }',
      {},
      PATIENCE_MS,
    );
    return nodesOf(dataOf(answer).institutions);
  }

  it('lead to their own institution and to no other, in the whole world', async () => {
    // Only a person can say which of ecology's two stations of one name is whose.
    const isTorn = ({ index }: WorldInstitution): boolean =>
      SPECIAL_INDEXES.sameNameSameRegion.some((each) => each === index);
    const numbersOf = (institution: WorldInstitution): string[] => {
      const { localNumbers } = institution;
      return [
        ['ecology', isTorn(institution) ? null : localNumbers.ecology],
        ['public-security', localNumbers.publicSecurity],
        ['transport', localNumbers.transport],
      ].flatMap(([department, number]) => (number ? [`${department ?? ''} ${number}`] : []));
    };

    const matched = await matchedInstitutions();
    expect(matched).toHaveLength(hub().world.institutions.length);
    for (const { creditCode, aliases } of matched) {
      const truth = numbersOf(present(hub().world.byCreditCode(creditCode)));
      const found = aliases.map(({ department, localId }) => `${department.id} ${localId}`).toSorted();
      expect({ creditCode, found }).toEqual({ creditCode, found: truth });
    }
  });

  it('are matched by code, by certificate and by name and place, with falling confidence', async () => {
    const kinds = new Map(
      (await matchedInstitutions()).flatMap(({ aliases }) =>
        aliases.map(({ matchedBy, confidence }) => [matchedBy, confidence] as const),
      ),
    );
    expect(kinds.get('CREDIT_CODE')).toBe(1);
    expect(kinds.get('CMA_NUMBER')).toBe(0.98);
    expect(kinds.get('NAME_AND_REGION')).toBeLessThan(0.98);
  });
});
