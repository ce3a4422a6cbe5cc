import { describe, expect, it } from '@jest/globals';
import { normaliseCaseNumber } from '../../../schema/codes/case-number.ts';
import { readCmaNumber } from '../../../schema/codes/cma-number.ts';
import { checkCreditCode } from '../../../schema/codes/credit-code.ts';
import { calendarDateOf, startOfDay } from '../../../schema/time/calendar-date.ts';
import { wanYuanTextToFen } from '../../../sources/kit/money.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';
import { isBelievedAt } from '../../../sources/world/qualification-history.ts';
import { scopeOn, signatoriesOn } from '../../../sources/world/scope.ts';
import { present } from './support.ts';

const world = buildWorld({ size: 1500 });
const { institutions, today } = world;
const generated = institutions.filter(({ key }) => key === null);
const few = generated.slice(0, 120);

function duplicates(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

describe('qualifications', () => {
  it('carry CMA numbers of Guizhou with the year of issue', () => {
    const odd = generated.flatMap((institution) =>
      world
        .qualificationsOf(institution)
        .filter(({ scheme }) => scheme === 'CMA')
        .filter(({ number, issuedOn }) => {
          const reading = readCmaNumber(number);
          return reading?.authority.name !== '贵州' || reading.year !== Number(issuedOn.slice(0, 4));
        }),
    );
    expect(odd).toEqual([]);
  });

  it('have one believed version at any time, numbered from 1 in the order of the register', () => {
    for (const institution of few) {
      const versions = world.qualificationsOf(institution).filter(({ scheme }) => scheme !== 'CNAS');
      expect(versions.map(({ version }) => version)).toEqual(versions.map((_, place) => place + 1));
      for (const { effectiveFrom } of versions) {
        expect(versions.filter((version) => isBelievedAt(version, effectiveFrom))).toHaveLength(1);
      }
      const open = versions.filter(({ effectiveTo, supersededAt }) => effectiveTo === null && supersededAt === null);
      expect(open).toHaveLength(versions.length === 0 ? 0 : 1);
    }
  });

  it('include every status, and corrections', () => {
    const all = generated.flatMap((institution) => world.qualificationsOf(institution));
    const statuses = new Set(all.map(({ status }) => status));
    expect(statuses).toEqual(new Set(['VALID', 'RECTIFYING', 'SUSPENDED', 'EXPIRED', 'CANCELLED', 'REVOKED']));
    const corrected = all.filter(({ supersededAt }) => supersededAt !== null);
    expect(corrected.length).toBeGreaterThan(10);
    expect(corrected.every(({ recordedAt, supersededAt }) => recordedAt < present(supersededAt))).toBe(true);
    expect(new Set(all.map(({ scheme }) => scheme))).toEqual(new Set(['CMA', 'CNAS', 'CERTIFICATION_APPROVAL']));
  });

  it('are filed at public security, sometimes with an end date that is no longer true', () => {
    const filings = generated.flatMap((institution) => {
      const filing = world.policeFilingOf(institution);
      expect(filing === null).toBe(institution.localNumbers.publicSecurity === null);
      const current = world.qualificationsOf(institution).findLast(({ scheme }) => scheme === 'CMA');
      return filing === null ? [] : [{ filing, current: present(current) }];
    });
    const outdated = filings.filter(({ filing, current }) => filing.validTo !== current.validTo);
    expect(outdated.length / filings.length).toBeGreaterThan(0.04);
    expect(outdated.length / filings.length).toBeLessThan(0.13);
    const unaware = filings.filter(({ filing, current }) => filing.status === '1' && current.status === 'REVOKED');
    expect(unaware.length).toBeGreaterThan(0);
  });
});

describe('the report register', () => {
  it('holds only reports in scope, by authorised signatories and in time, for generated institutions', () => {
    for (const institution of few) {
      const versions = world.qualificationsOf(institution);
      const odd = world.reportsOf(institution).filter(({ issuedOn, parameters, signatory }) => {
        const scope = scopeOn(versions, issuedOn);
        return !(
          parameters.length > 0 &&
          parameters.every(({ itemNumber }) => scope.some((item) => item.itemNumber === itemNumber)) &&
          signatoriesOn(versions, issuedOn).some(({ name }) => name === signatory)
        );
      });
      expect(odd).toEqual([]);
    }
  });

  it('lacks a few reports that departments know, and holds some in a second version', () => {
    const numbers = new Set(few.flatMap((institution) => world.reportsOf(institution).map(({ number }) => number)));
    const known = few.flatMap((institution) => [
      ...world.visitsOf(institution).flatMap(({ emission }) => emission?.reportNumber ?? []),
      ...world.laboratoryTestsOf(institution).map(({ reportNumber }) => reportNumber),
    ]);
    const missing = known.filter((number) => !numbers.has(number));
    expect(missing.length / known.length).toBeGreaterThan(0.01);
    expect(missing.length / known.length).toBeLessThan(0.06);
    const versions = few.flatMap((institution) => world.reportsOf(institution).map(({ version }) => version));
    expect(new Set(versions)).toEqual(new Set([1, 2]));
  });

  it('has rows for every kind of laboratory', () => {
    const laboratories = generated.filter((institution) => world.cmaNumberOf(institution) !== null).slice(0, 150);
    expect(laboratories.filter((institution) => world.reportsOf(institution).length === 0)).toEqual([]);
  });
});

describe('penalties', () => {
  const penalties = institutions.flatMap((institution) => world.penaltiesOf(institution));

  it('have document numbers of their own, in hexagonal brackets', () => {
    const numbers = penalties.map(({ documentNumber }) => documentNumber);
    expect(duplicates(numbers)).toEqual([]);
    expect(numbers.filter((number) => !/^示\S+〔\d{4}〕\d+号$/.test(number))).toEqual([]);
    expect(numbers.filter((number) => normaliseCaseNumber(number) !== number)).toEqual([]);
  });

  it('concern about one generated institution in eight', () => {
    const punished = generated.filter((institution) => world.penaltiesOf(institution).length > 0);
    expect(punished.length / generated.length).toBeGreaterThan(0.1);
    expect(punished.length / generated.length).toBeLessThan(0.14);
  });

  it('have amounts that six decimals of 万元 hold exactly', () => {
    for (const fen of penalties.flatMap(({ fineFen, confiscatedFen }) =>
      [fineFen ?? [], confiscatedFen ?? []].flat(),
    )) {
      expect(wanYuanTextToFen((fen / 1_000_000).toFixed(6))).toBe(fen);
    }
  });

  it('are held by departments that know the institution, in the layouts of their time', () => {
    expect(new Set(penalties.map(({ heldBy }) => heldBy))).toEqual(
      new Set(['market-regulation', 'ecology', 'transport']),
    );
    expect(new Set(penalties.map(({ layout }) => layout))).toEqual(new Set(['2015', '2021']));
    expect(penalties.filter(({ heldBy, layout }) => heldBy !== 'market-regulation' && layout === '2015')).toEqual([]);
    const strangers = generated.filter((institution) =>
      world
        .penaltiesOf(institution)
        .some(({ heldBy }) => heldBy !== 'market-regulation' && institution.localNumbers[heldBy] === null),
    );
    expect(strangers).toEqual([]);
  });

  it('come from the fictional authorities', () => {
    expect(new Set(penalties.map(({ authorityCode }) => authorityCode))).toEqual(
      new Set(['11520000MBYDM1015G', '11520000MBYDM1023B', '11520000MBYDM10316']),
    );
  });
});

describe('lists and certificates', () => {
  it('list a few institutions, some of them no longer', () => {
    const entries = institutions.flatMap((institution) => world.listEntriesOf(institution));
    expect(duplicates(entries.map(({ id }) => id))).toEqual([]);
    expect(entries.some(({ removedOn }) => removedOn !== null)).toBe(true);
    expect(entries.every(({ removedOn, removalReason }) => (removedOn === null) === (removalReason === null))).toBe(
      true,
    );
    expect(new Set(entries.map(({ list }) => list))).toEqual(new Set(['ABNORMAL', 'SERIOUS_MR']));
  });

  it('let certification bodies issue 10 to 40 certificates to holders with valid codes', () => {
    const bodies = generated.filter(({ kinds }) => kinds.includes('CERTIFICATION_BODY'));
    const codes = new Set(institutions.map(({ creditCode }) => creditCode));
    for (const body of bodies) {
      const issued = world.certificatesOf(body).filter(({ issuerCode }) => issuerCode === body.creditCode);
      expect(issued.length).toBeGreaterThanOrEqual(10);
      expect(issued.length).toBeLessThanOrEqual(40);
      const holders = issued.flatMap(({ holderCode }) => holderCode ?? []);
      expect(holders.filter((code) => checkCreditCode(code).verdict !== 'OK' || codes.has(code))).toEqual([]);
    }
  });

  it('give every certificate a number of its own', () => {
    const numbers = institutions.flatMap((institution) =>
      world.certificatesOf(institution).map(({ number }) => number),
    );
    expect(duplicates(numbers)).toEqual([]);
  });

  it('have a certificate for every CMA number in force', () => {
    for (const institution of few) {
      const number = world.cmaNumberOf(institution);
      const own = world.certificatesOf(institution).find((certificate) => certificate.number === number);
      expect(own?.holderCode ?? null).toBe(number === null ? null : institution.creditCode);
    }
  });
});

describe('time in the world', () => {
  it('stops on 2026-03-31, and nothing happened on that day or later', () => {
    expect(today).toBe('2026-03-31');
    const limit = startOfDay(today);
    for (const institution of [...institutions.slice(0, 9), ...few]) {
      const visits = world.visitsOf(institution);
      const instants = [
        institution.updatedAt,
        ...world
          .qualificationsOf(institution)
          .flatMap(({ effectiveFrom, recordedAt, effectiveTo, supersededAt }) => [
            effectiveFrom,
            recordedAt,
            effectiveTo ?? effectiveFrom,
            supersededAt ?? recordedAt,
          ]),
        ...visits.flatMap(({ safety, emission, road }) =>
          [safety?.endedAt ?? [], emission?.endedAt ?? [], road?.testedAt ?? []].flat(),
        ),
        ...world.laboratoryTestsOf(institution).flatMap(({ sampledAt, endedAt }) => [sampledAt, endedAt]),
        ...world.reportsOf(institution).map(({ registeredAt }) => registeredAt),
      ];
      const dates = [
        institution.establishedOn,
        ...world.qualificationsOf(institution).map(({ issuedOn }) => issuedOn),
        ...world.reportsOf(institution).map(({ issuedOn }) => issuedOn),
        ...world.penaltiesOf(institution).flatMap(({ decidedOn, publishedFrom }) => [decidedOn, publishedFrom]),
        ...world.listEntriesOf(institution).flatMap(({ listedOn, removedOn }) => [listedOn, removedOn ?? listedOn]),
        ...world.certificatesOf(institution).map(({ validFrom }) => validFrom),
      ];
      expect(instants.filter((instant) => instant >= limit)).toEqual([]);
      expect(dates.filter((date) => date >= today)).toEqual([]);
      expect(
        visits.filter(({ safety }) => safety && calendarDateOf(safety.startedAt) < institution.establishedOn),
      ).toEqual([]);
    }
  });
});
