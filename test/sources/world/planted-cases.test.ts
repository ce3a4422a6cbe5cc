import { describe, expect, it } from '@jest/globals';
import { buildWorld } from '../../../sources/world/build-world.ts';
import { SAMPLE_EMISSION_ID } from '../../../sources/world/planted/demo-visits.ts';
import { CERTIFICATES, DECISIONS, LIST_ENTRIES, REPORTS } from '../../../sources/world/planted/keys.ts';
import { PLANTED_VEHICLES } from '../../../sources/world/planted/vehicles.ts';
import { isBelievedAt } from '../../../sources/world/qualification-history.ts';
import { scopeOn, signatoriesOn } from '../../../sources/world/scope.ts';
import { PLANTED_CASES } from '../../../sources/world/subjects.ts';
import type { SubjectKey } from '../../../sources/world/subjects.ts';
import type { World, WorldInstitution, WorldReport, WorldVisit } from '../../../sources/world/types.ts';
import { present, subjectOf, visitsOfVehicle } from './support.ts';

const world = buildWorld({ size: 5 });
const V = PLANTED_VEHICLES;

function visitsOf(key: SubjectKey): readonly WorldVisit[] {
  return world.visitsOf(subjectOf(world, key));
}

function reportsOf(key: SubjectKey, number: string): WorldReport[] {
  return world.reportsOf(subjectOf(world, key)).filter((report) => report.number === number);
}

function qualificationsOf(key: SubjectKey) {
  return world.qualificationsOf(subjectOf(world, key));
}

/** The CMA status on a day, as believed today. */
function statusOn(key: SubjectKey, date: string) {
  const instant = new Date(`${date}T12:00:00+08:00`);
  return qualificationsOf(key).find((version) => version.scheme === 'CMA' && isBelievedAt(version, instant))?.status;
}

function penalty(key: SubjectKey, documentNumber: string) {
  return present(world.penaltiesOf(subjectOf(world, key)).find((each) => each.documentNumber === documentNumber));
}

function overlap(one: { startedAt: Date; endedAt: Date }, other: { startedAt: Date; endedAt: Date }): boolean {
  return one.startedAt < other.endedAt && other.startedAt < one.endedAt;
}

/** How far an institution's pass rate of repeated emission tests lies from that of all generated bodies. */
function zScoresOfRepeats(province: World) {
  const repeats = (institution: WorldInstitution) =>
    province
      .visitsOf(institution)
      .flatMap(({ pass, emission }) =>
        pass > 1 && emission !== null && emission.passed !== null ? [emission.passed] : [],
      );
  const passRate = (verdicts: readonly boolean[]) => verdicts.filter(Boolean).length / verdicts.length;
  const usual = passRate(province.institutions.filter(({ key }) => key === null).flatMap(repeats));
  return (institution: WorldInstitution): number => {
    const own = repeats(institution);
    return own.length === 0 ? 0 : (passRate(own) - usual) / Math.sqrt((usual * (1 - usual)) / own.length);
  };
}

describe('the list of planted cases', () => {
  it('is there for every seed', () => {
    for (const seed of [1, 2, 3, -4, 2_147_483_647]) {
      const other = buildWorld({ size: 0, seed });
      for (const { reports = [], certificates = [] } of PLANTED_CASES) {
        for (const number of reports.filter((each) => each !== REPORTS.unknown)) {
          expect(other.institutionOfReport(number)).not.toEqual([]);
        }
        for (const number of certificates) expect(other.institutionOfCertificate(number)?.key).toMatch(/^INST-/);
      }
      const [authentic] = other
        .reportsOf(subjectOf(other, 'INST-A'))
        .filter(({ number }) => number === REPORTS.authentic);
      expect(authentic?.digest).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('covers every rule F01 to F18 and the thresholds of sector law', () => {
    const rules = new Set(PLANTED_CASES.map(({ rule }) => rule));
    for (let number = 1; number <= 18; number += 1) expect(rules).toContain(`F${String(number).padStart(2, '0')}`);
    for (const rule of ['SER-ENV', 'SER-PQ', 'CARB', 'CRIM']) expect(rules).toContain(rule);
    expect(new Set(PLANTED_CASES.map(({ id }) => id)).size).toBe(PLANTED_CASES.length);
  });

  it('names only things that its subjects really have', () => {
    for (const {
      id,
      subjects,
      vins = [],
      reports = [],
      decisions = [],
      listEntries = [],
      certificates = [],
    } of PLANTED_CASES) {
      if (id === 'unknown-number') continue;
      const institutions = subjects.map((key) => subjectOf(world, key));
      const existing = new Set<string>(
        institutions.flatMap((institution) => [
          ...world.visitsOf(institution).map(({ vehicle }) => vehicle.vin),
          ...world.reportsOf(institution).map(({ number }) => number),
          ...world.laboratoryTestsOf(institution).map(({ reportNumber }) => reportNumber),
          ...world.penaltiesOf(institution).map(({ documentNumber }) => documentNumber),
          ...world.listEntriesOf(institution).map((entry) => entry.id),
          ...world.certificatesOf(institution).map(({ number }) => number),
        ]),
      );
      for (const key of [...vins, ...reports, ...decisions, ...listEntries, ...certificates]) {
        expect([id, key, existing.has(key)]).toEqual([id, key, true]);
      }
    }
  });
});

describe('planted clues', () => {
  it('F01: the demo car is under test at INST-A and at INST-B at the same time', () => {
    const [atA] = visitsOfVehicle(world, 'INST-A', 'LDMHCV3B7P0000101');
    const [atB] = visitsOfVehicle(world, 'INST-B', 'LDMHCV3B7P0000101');
    const emission = present(atB?.emission);
    expect(emission.startedAt).toEqual(new Date('2026-03-02T10:10:00+08:00'));
    expect(emission.endedAt).toEqual(new Date('2026-03-02T10:20:00+08:00'));
    expect(overlap(present(atA?.safety), emission)).toBe(true);
  });

  it('F02: a transient cycle lasts 92 seconds; all others of INST-H last 195 or more', () => {
    const cycles = visitsOf('INST-H').filter(({ emission }) => emission?.method === 'VMAS');
    const short = cycles.filter(({ emission }) => present(emission).processSeconds < 195);
    expect(short.map(({ vehicle }) => vehicle.vin)).toEqual([V.shortCycle.vin]);
    expect(world.processSeriesOf(present(short[0]))).toHaveLength(92);
  });

  it('F03: twelve different cars have one and the same process data, and nobody else shares any', () => {
    const series = (visit: WorldVisit) => JSON.stringify(world.processSeriesOf(visit));
    const cloned = V.cloned.map(({ vin }) => present(visitsOfVehicle(world, 'INST-B', vin)[0]));
    expect(cloned).toHaveLength(12);
    expect(new Set(cloned.map(series)).size).toBe(1);
    const others = visitsOf('INST-B').filter((visit) => visit.emission !== null && !cloned.includes(visit));
    expect(new Set(others.map(series)).size).toBe(others.length);
  });

  it('F04: six cars of six models carry one calibration id and verification number', () => {
    const visits = V.oneObd.map(({ vin }) => present(visitsOfVehicle(world, 'INST-B', vin)[0]));
    expect(new Set(visits.map(({ vehicle }) => vehicle.model)).size).toBe(6);
    expect(new Set(visits.map(({ emission }) => JSON.stringify(emission?.obd))).size).toBe(1);
    const models = new Map<string, Set<string>>();
    for (const { emission, vehicle } of visitsOf('INST-A')) {
      if (emission === null) continue;
      const id = emission.obd.calibrationVerification;
      models.set(id, (models.get(id) ?? new Set()).add(vehicle.model));
    }
    expect([...models.values()].every((sharing) => sharing.size === 1)).toBe(true);
  });

  it('F05: repeats pass at INST-B far more often than in the province', () => {
    for (const { vin } of V.retested) {
      const verdicts = visitsOfVehicle(world, 'INST-B', vin).map(({ pass, emission }) => [pass, emission?.passed]);
      expect(verdicts).toEqual([
        [1, false],
        [2, true],
      ]);
    }
    const province = buildWorld({ size: 200 });
    const zScore = zScoresOfRepeats(province);
    expect(zScore(subjectOf(province, 'INST-B'))).toBeGreaterThan(3);
    const others = province.institutions.filter(({ key }) => key !== 'INST-B').map(zScore);
    expect(Math.max(...others)).toBeLessThan(3);
  });

  it('F06: six cars fail in one prefecture and pass in another within seven days', () => {
    for (const { vin } of V.travellers) {
      const [failed] = visitsOfVehicle(world, 'INST-A', vin);
      const [passed] = visitsOfVehicle(world, 'INST-H', vin);
      expect([failed?.emission?.passed, passed?.emission?.passed]).toEqual([false, true]);
      const between = present(passed?.emission).startedAt.getTime() - present(failed?.emission).endedAt.getTime();
      expect(between).toBeGreaterThan(0);
      expect(between).toBeLessThan(7 * 86_400_000);
    }
    expect(V.travellers).toHaveLength(6);
  });

  it('F07: INST-C reports a parameter outside its scope; INST-G one that was in scope by the register of the day', () => {
    const [foreign] = reportsOf('INST-C', REPORTS.outOfScope);
    const scopeOfC = scopeOn(qualificationsOf('INST-C'), present(foreign).issuedOn);
    expect(scopeOfC.map(({ parameter }) => parameter)).not.toContain(foreign?.parameters[0]?.parameter);

    const [dropped] = reportsOf('INST-G', REPORTS.outsideRenewedScope);
    const wanted = present(dropped?.parameters[0]).parameter;
    const versions = qualificationsOf('INST-G');
    expect(scopeOn(versions, present(dropped).issuedOn).map(({ parameter }) => parameter)).not.toContain(wanted);
    const knownThen = versions.filter(
      ({ recordedAt, supersededAt }) =>
        recordedAt <= present(dropped).registeredAt &&
        (supersededAt === null || supersededAt > present(dropped).registeredAt),
    );
    expect(knownThen.at(-1)?.scope.map(({ parameter }) => parameter)).toContain(wanted);
  });

  it('F08: reports are issued during rectification, after expiry and after revocation', () => {
    for (const { vin } of V.whileRectifying) {
      const number = present(visitsOfVehicle(world, 'INST-B', vin)[0]?.emission).reportNumber;
      expect(statusOn('INST-B', present(reportsOf('INST-B', number)[0]).issuedOn)).toBe('RECTIFYING');
    }
    expect(statusOn('INST-F', present(reportsOf('INST-F', REPORTS.afterExpiry)[0]).issuedOn)).toBe('EXPIRED');
    for (const { vin } of V.afterRevocation) {
      const { endedAt } = present(visitsOfVehicle(world, 'INST-H', vin)[0]?.emission);
      expect(statusOn('INST-H', endedAt.toISOString().slice(0, 10))).toBe('REVOKED');
    }
  });

  it('F09: a report of INST-G is signed by somebody without authority', () => {
    const report = present(reportsOf('INST-G', REPORTS.unauthorisedSignatory)[0]);
    const authorised = signatoriesOn(qualificationsOf('INST-G'), report.issuedOn).map(({ name }) => name);
    expect(authorised).not.toContain(report.signatory);
  });

  it('F10: INST-H passes one petrol car without an emission test and one before it', () => {
    const [without] = visitsOfVehicle(world, 'INST-H', V.noEmission.vin);
    expect([without?.safety?.passed, without?.emission, without?.vehicle.fuel]).toEqual([true, null, 'A']);
    const [late] = visitsOfVehicle(world, 'INST-H', V.lateEmission.vin);
    expect(present(late?.emission).startedAt > present(late?.safety).endedAt).toBe(true);
  });

  it('F11: one car is on two lines, and one truck at two stations, at the same time', () => {
    const [first, second] = visitsOfVehicle(world, 'INST-B', V.twoLines.vin);
    expect(first?.lineNumber).not.toBe(second?.lineNumber);
    expect(overlap(present(first?.safety), present(second?.safety))).toBe(true);
    const [atH] = visitsOfVehicle(world, 'INST-H', V.twoStations.vin);
    const [atB] = visitsOfVehicle(world, 'INST-B', V.twoStations.vin);
    const { startedAt, endedAt } = present(atH?.safety);
    const { testedAt } = present(atB?.road);
    expect(testedAt > startedAt && testedAt < endedAt).toBe(true);
  });

  it('F12: two diesel vehicles are tested by petrol methods', () => {
    const tests = V.wrongMethod.map(({ vin }) => present(visitsOfVehicle(world, 'INST-H', vin)[0]));
    expect(tests.map(({ vehicle, emission }) => [vehicle.fuel, emission?.method])).toEqual([
      ['B', 'VMAS'],
      ['B', 'DOUBLE_IDLE'],
    ]);
  });

  it('F13: INST-H tests a hundred cars on one day on its only line', () => {
    expect(world.linesOf(subjectOf(world, 'INST-H'))).toHaveLength(1);
    const thatDay = visitsOf('INST-H').filter(({ safety }) => safety?.startedAt.toISOString().startsWith('2025-11-18'));
    expect(thatDay.length).toBeGreaterThanOrEqual(100);
  });

  it('F14: the air at INST-B does not change over 120 tests in a row', () => {
    const tests = visitsOf('INST-B')
      .flatMap(({ emission }) => emission ?? [])
      .reverse();
    const air = tests.map((test) => [test.temperatureCelsius, test.humidityPercent, test.pressureKilopascal].join());
    const first = air.indexOf('15,60,82');
    expect(new Set(air.slice(first, first + 120)).size).toBe(1);
    expect(new Set(air.slice(0, first)).size).toBeGreaterThan(first / 2);
  });

  it('F15: one sampler takes samples at two places within ten minutes', () => {
    const tests = world
      .laboratoryTestsOf(subjectOf(world, 'INST-C'))
      .filter(({ reportNumber }) => (REPORTS.samplerAtTwoPlaces as readonly string[]).includes(reportNumber));
    expect(new Set(tests.map(({ sampling }) => sampling.sampler)).size).toBe(1);
    expect(new Set(tests.map(({ sampling }) => sampling.place)).size).toBe(2);
    const times = tests.map(({ sampledAt }) => sampledAt.getTime());
    expect(Math.max(...times) - Math.min(...times)).toBe(600_000);
  });

  it('F16: INST-H and INST-F go on reporting while they are on a list', () => {
    const listedOf = (key: SubjectKey) => present(world.listEntriesOf(subjectOf(world, key))[0]).listedOn;
    const serious = listedOf('INST-H');
    expect(world.reportsOf(subjectOf(world, 'INST-H')).some(({ issuedOn }) => issuedOn > serious)).toBe(true);
    expect(present(reportsOf('INST-F', REPORTS.afterExpiry)[0]).issuedOn > listedOf('INST-F')).toBe(true);
  });

  it('F17: a sample is analysed before it is taken, and a sampler is 280 km away after an hour', () => {
    const tests = world.laboratoryTestsOf(subjectOf(world, 'INST-C'));
    const early = tests.filter(({ startedAt, sampledAt }) => startedAt < sampledAt);
    expect(early.map(({ reportNumber }) => reportNumber)).toEqual([REPORTS.beforeSampling]);
    const [report] = reportsOf('INST-C', REPORTS.beforeSampling);
    expect(present(report).issuedOn < '2026-01-15').toBe(true);
    const fast = tests.filter(({ sampling }) => sampling.sampler === '示例远');
    expect(fast.map(({ sampledAt }) => sampledAt.toISOString())).toEqual([
      '2026-01-27T02:00:00.000Z',
      '2026-01-27T01:00:00.000Z',
    ]);
    const [one, other] = fast.map(({ sampling }) => sampling.longitude);
    expect(Math.abs(present(one) - present(other))).toBeGreaterThan(2);
  });

  it('F18: one number stands for two contents, within INST-E and between INST-A and INST-H', () => {
    const rows = reportsOf('INST-E', REPORTS.duplicated);
    expect(rows.map(({ version, conclusion }) => [version, conclusion]).sort()).toEqual([
      [1, 'FAIL'],
      [1, 'PASS'],
    ]);
    expect(new Set(rows.map(({ digest }) => digest)).size).toBe(2);
    const { borrowed } = REPORTS;
    expect(world.institutionOfReport(borrowed).map(({ key }) => key)).toEqual(['INST-A', 'INST-H']);
    expect(reportsOf('INST-A', borrowed)[0]?.digest).not.toBe(reportsOf('INST-H', borrowed)[0]?.digest);
  });
});

describe('planted penalties and lists', () => {
  it('SER-ENV: INST-B is punished twice within two years for the same, the second time for twelve vehicles', () => {
    const first = penalty('INST-B', DECISIONS.firstEmission);
    const second = penalty('INST-B', DECISIONS.secondEmission);
    expect(first.violation).toBe(second.violation);
    expect(Date.parse(second.decidedOn) - Date.parse(first.decidedOn)).toBeLessThan(2 * 365 * 86_400_000);
    expect(second.facts).toContain('12辆');
    expect(second).toMatchObject({ heldBy: 'ecology', authority: '示例省生态环境厅', fineFen: 30_000_000 });
  });

  it('SER-PQ: INST-H is punished for two false vehicle reports within two years', () => {
    const facts = [DECISIONS.firstFalseReport, DECISIONS.secondFalseReport].map(
      (number) => penalty('INST-H', number).facts,
    );
    for (const [place, number] of REPORTS.foundFalse.entries()) expect(facts[place]).toContain(number);
    const numbers = visitsOf('INST-H').map(({ emission }) => emission?.reportNumber);
    for (const number of REPORTS.foundFalse) expect(numbers).toContain(number);
  });

  it('CARB: INST-F pays five times its gains for a false carbon report', () => {
    const { fineFen, confiscatedFen, basis } = penalty('INST-F', DECISIONS.carbon);
    expect(present(fineFen)).toBe(5 * present(confiscatedFen));
    expect(basis).toContain('碳排放权交易');
  });

  it('CRIM: gains reach 300,000 yuan in monitoring and 100,000 yuan in general', () => {
    expect(penalty('INST-C', DECISIONS.monitoringGains).confiscatedFen).toBeGreaterThanOrEqual(30_000_000);
    expect(penalty('INST-H', DECISIONS.secondFalseReport).confiscatedFen).toBeGreaterThanOrEqual(10_000_000);
  });

  it('lists INST-H as serious, INST-F and CARR-1 as abnormal, and INST-D no longer', () => {
    const entries = (['INST-H', 'INST-F', 'CARR-1', 'INST-D'] as const).map((key) =>
      present(world.listEntriesOf(subjectOf(world, key))[0]),
    );
    expect(entries.map(({ id, list, removedOn }) => [id, list, removedOn])).toEqual([
      [LIST_ENTRIES.seriousActive, 'SERIOUS_MR', null],
      [LIST_ENTRIES.carbonActive, 'ABNORMAL', null],
      [LIST_ENTRIES.carrierActive, 'ABNORMAL', null],
      [LIST_ENTRIES.certificationBodyRemoved, 'ABNORMAL', '2025-02-14'],
    ]);
  });
});

describe('planted qualifications', () => {
  it('are valid, under rectification, expired, revoked and renewed today', () => {
    const today = (['INST-A', 'INST-B', 'INST-F', 'INST-G', 'INST-H'] as const).map((key) =>
      statusOn(key, '2026-03-31'),
    );
    expect(today).toEqual(['VALID', 'RECTIFYING', 'EXPIRED', 'VALID', 'REVOKED']);
    const numbers = (['INST-A', 'INST-B', 'INST-F', 'INST-G', 'INST-H'] as const).map((key) =>
      world.cmaNumberOf(subjectOf(world, key)),
    );
    expect(numbers).toEqual([CERTIFICATES.cmaOfA, CERTIFICATES.cmaOfB, null, CERTIFICATES.cmaOfG, null]);
  });

  it('remember what was believed before a correction', () => {
    const [, wrong, corrected] = qualificationsOf('INST-G');
    expect(wrong?.supersededAt).toEqual(corrected?.recordedAt);
    expect(wrong?.effectiveFrom).toEqual(corrected?.effectiveFrom);
    expect(present(wrong).scope.length - present(corrected).scope.length).toBe(2);
  });

  it('include half a year of the emergency channel at INST-E', () => {
    const emergency = qualificationsOf('INST-E').filter(({ emergencyChannel }) => emergencyChannel);
    expect(emergency.map(({ effectiveFrom, effectiveTo }) => [effectiveFrom, effectiveTo])).toEqual([
      [new Date('2022-12-20T00:00:00+08:00'), new Date('2023-06-20T00:00:00+08:00')],
    ]);
  });

  it('are out of date at public security for INST-B and INST-H', () => {
    expect(world.policeFilingOf(subjectOf(world, 'INST-B'))).toMatchObject({ validTo: '2022-06-19', status: '1' });
    expect(world.policeFilingOf(subjectOf(world, 'INST-H'))).toMatchObject({
      cmaNumber: CERTIFICATES.cmaOfH,
      status: '1',
    });
    expect(world.policeFilingOf(subjectOf(world, 'INST-C'))).toBeNull();
  });
});

describe('planted verifications', () => {
  it('find one report genuine: registered, in scope, signed and backed by a test', () => {
    const report = present(reportsOf('INST-A', REPORTS.authentic)[0]);
    const versions = qualificationsOf('INST-A');
    expect(world.institutionOfReport(REPORTS.authentic).map(({ key }) => key)).toEqual(['INST-A']);
    expect(scopeOn(versions, report.issuedOn)).toEqual(expect.arrayContaining([...report.parameters]));
    expect(report.parameters).toHaveLength(1);
    expect(signatoriesOn(versions, report.issuedOn).map(({ name }) => name)).toContain(report.signatory);
    expect(report).toMatchObject({ conclusion: 'PASS', issuedOn: '2026-03-02', version: 1 });
    expect(report.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(world.visitByEmissionId(SAMPLE_EMISSION_ID)?.visit.emission?.reportNumber).toBe(REPORTS.authentic);
  });

  it('do not find a number that nobody issued', () => {
    expect(world.institutionOfReport(REPORTS.unknown)).toEqual([]);
    expect(world.institutionOfReport('no number at all')).toEqual([]);
  });

  it('show one report as passed in one register and failed in the other', () => {
    const [row] = reportsOf('INST-B', REPORTS.registersDisagree);
    const visit = visitsOf('INST-B').find(({ emission }) => emission?.reportNumber === REPORTS.registersDisagree);
    expect([row?.conclusion, visit?.emission?.passed]).toEqual(['PASS', false]);
  });

  it('find certificates of INST-D in force, suspended and revoked', () => {
    const d = subjectOf(world, 'INST-D');
    const { valid, suspended, revoked, cccSuspended } = CERTIFICATES;
    const found = [valid, suspended, revoked, cccSuspended].map((number) => {
      expect(world.institutionOfCertificate(number)).toBe(d);
      return world.certificatesOf(d).find((certificate) => certificate.number === number);
    });
    expect(found.map((certificate) => [certificate?.scheme, certificate?.status])).toEqual([
      ['MANAGEMENT_SYSTEM', 'VALID'],
      ['MANAGEMENT_SYSTEM', 'SUSPENDED'],
      ['MANAGEMENT_SYSTEM', 'REVOKED'],
      ['CCC', 'SUSPENDED'],
    ]);
    expect(found[0]?.holderCode).toBe(subjectOf(world, 'CARR-1').creditCode);
  });
});
