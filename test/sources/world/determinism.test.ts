import { describe, expect, it } from '@jest/globals';
import { buildWorld, MAX_SIZE } from '../../../sources/world/build-world.ts';
import type { World, WorldInstitution } from '../../../sources/world/types.ts';
import { institutionAt } from './support.ts';

function everythingAbout(world: World, institution: WorldInstitution) {
  const visits = world.visitsOf(institution);
  return {
    institution,
    qualifications: world.qualificationsOf(institution),
    cmaNumber: world.cmaNumberOf(institution),
    filing: world.policeFilingOf(institution),
    lines: world.linesOf(institution),
    visits,
    series: visits.slice(0, 2).map((visit) => world.processSeriesOf(visit)),
    tests: world.laboratoryTestsOf(institution),
    reports: world.reportsOf(institution),
    penalties: world.penaltiesOf(institution),
    listEntries: world.listEntriesOf(institution),
    certificates: world.certificatesOf(institution),
  };
}

describe('the world is reproducible', () => {
  it('tells the same facts about every institution for the same seed', () => {
    const one = buildWorld({ size: 40 });
    const other = buildWorld({ size: 40 });
    for (const [index, institution] of one.institutions.entries()) {
      expect(everythingAbout(other, institutionAt(other, index))).toEqual(everythingAbout(one, institution));
    }
  });

  it('does not depend on what was asked before', () => {
    const forwards = buildWorld({ size: 60 });
    const backwards = buildWorld({ size: 60 });
    const told = forwards.institutions.map((institution) => everythingAbout(forwards, institution).reports);
    for (const institution of [...backwards.institutions].reverse()) {
      expect(backwards.reportsOf(institution)).toEqual(told[institution.index]);
      expect(backwards.visitsOf(institution)).toEqual(forwards.visitsOf(institutionAt(forwards, institution.index)));
    }
  });

  it('holds the institutions of a smaller world unchanged', () => {
    const small = buildWorld({ size: 30 });
    const large = buildWorld({ size: 500 });
    expect(large.institutions.slice(0, small.institutions.length)).toEqual(small.institutions);
    const index = small.institutions.length - 1;
    expect(everythingAbout(large, institutionAt(large, index))).toEqual(
      everythingAbout(small, institutionAt(small, index)),
    );
  });

  it('gives other generated institutions but the same subjects for another seed', () => {
    const one = buildWorld({ size: 20 });
    const other = buildWorld({ size: 20, seed: 7 });
    expect(other.institutions.slice(0, 9)).toEqual(one.institutions.slice(0, 9));
    expect(other.institutions.slice(9)).not.toEqual(one.institutions.slice(9));
  });

  it('holds the nine subjects alone when no others are wanted', () => {
    expect(buildWorld({ size: 0 }).institutions.map(({ key }) => key)).toEqual([
      'INST-A',
      'INST-B',
      'INST-C',
      'INST-D',
      'INST-E',
      'INST-F',
      'INST-G',
      'INST-H',
      'CARR-1',
    ]);
  });

  it.each([-1, 1.5, MAX_SIZE + 1, Number.NaN])('refuses the size %p', (size) => {
    expect(() => buildWorld({ size })).toThrow(RangeError);
  });
});
