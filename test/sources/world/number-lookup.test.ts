import { describe, expect, it } from '@jest/globals';
import { buildWorld, MAX_SIZE } from '../../../sources/world/build-world.ts';
import { PLANTED_CASES, SUBJECTS } from '../../../sources/world/subjects.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { institutionAt } from './support.ts';

const world = buildWorld({ size: MAX_SIZE });
/** The subjects, neighbours, and institutions from the whole range of indexes. */
const sample = [
  ...SUBJECTS,
  ...Array.from({ length: 90 }, (_, place) => institutionAt(world, Math.min(9 + place * 223, MAX_SIZE + 8))),
  institutionAt(world, MAX_SIZE + 8),
];

const shared = new Set(PLANTED_CASES.find(({ id }) => id === 'borrowed-number')?.reports);

function ownerOf(number: string): WorldInstitution | undefined {
  const owners = world.institutionOfReport(number);
  return owners.length === 1 ? owners[0] : undefined;
}

describe('looking up a number in the largest world', () => {
  it('finds the one institution that used a report number', () => {
    for (const institution of sample) {
      const numbers = [
        ...world
          .reportsOf(institution)
          .slice(0, 5)
          .map(({ number }) => number),
        ...world
          .laboratoryTestsOf(institution)
          .slice(0, 3)
          .map(({ reportNumber }) => reportNumber),
        ...world
          .visitsOf(institution)
          .slice(0, 5)
          .flatMap(({ emission, road }) => [emission?.reportNumber ?? [], road?.reportNumber ?? []].flat()),
      ].filter((number) => !shared.has(number));
      expect(numbers.filter((number) => ownerOf(number) !== institution)).toEqual([]);
    }
  });

  it('finds the holder or issuer of a certificate number', () => {
    for (const institution of sample) {
      const numbers = world.certificatesOf(institution).map(({ number }) => number);
      expect(numbers.filter((number) => world.institutionOfCertificate(number) !== institution)).toEqual([]);
    }
  });

  it('finds the emission test by its record id', () => {
    for (const institution of sample) {
      for (const visit of world.visitsOf(institution)) {
        if (visit.emission === null) continue;
        const found = world.visitByEmissionId(visit.emission.id);
        expect(found?.institution).toBe(institution);
        expect(found?.visit.sequence).toBe(visit.sequence);
      }
    }
  });

  it('finds nothing for numbers of the right form that were never used', () => {
    expect(world.institutionOfReport('520115PF260302012340999')).toEqual([]);
    expect(world.institutionOfReport('ZJ2026030212345999')).toEqual([]);
    expect(world.institutionOfCertificate('232405349999')).toBeUndefined();
    expect(world.institutionOfCertificate('CNCA-R-2003-999')).toBeUndefined();
    expect(world.visitByEmissionId('9f0c3a51'.repeat(4))).toBeUndefined();
    expect(world.visitByEmissionId('no id')).toBeUndefined();
  });

  it('finds every kind of number', () => {
    const certificates = sample.flatMap((institution) => world.certificatesOf(institution));
    expect(new Set(certificates.map(({ scheme }) => scheme))).toEqual(
      new Set(['CMA', 'CERTIFICATION_APPROVAL', 'MANAGEMENT_SYSTEM', 'CCC']),
    );
    expect(sample.some((institution) => world.laboratoryTestsOf(institution).length > 0)).toBe(true);
  });
});
