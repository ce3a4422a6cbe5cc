import { startOfDay } from '../../schema/time/calendar-date.ts';
import { WORLD_TODAY } from './clock.ts';
import { Facts } from './facts.ts';
import { generateInstitution } from './institutions.ts';
import { linesOf } from './lines.ts';
import { NumberLookup } from './number-lookup.ts';
import { readRecordId } from './numbers.ts';
import { processSeriesOf } from './process-series.ts';
import { isBelievedAt } from './qualification-history.ts';
import { SUBJECTS } from './subjects.ts';
import type { World, WorldInstitution, WorldQualificationStatus } from './types.ts';

/** Codes, local numbers and report numbers are laid out for so many generated institutions. */
export const MAX_SIZE = 20_000;
/** The world everybody talks about unless they say otherwise. */
export const DEFAULT_SEED = 20_260_331;

/** A certificate with one of these is still there, even where it may not be used. */
const IN_FORCE: ReadonlySet<WorldQualificationStatus> = new Set(['VALID', 'RECTIFYING', 'SUSPENDED']);

/**
 * Builds the world: the fictional subjects of the domain reference and generated institutions after them.
 *
 * Only the institutions themselves are kept in memory. Everything else is computed from the seed and the index of the
 * institution each time it is asked for, in any order; a larger world holds the same institutions as a smaller one.
 * @param options.size number of generated institutions, 0 to 20,000.
 * @param options.seed any whole number; the subjects and their planted cases are the same for all seeds.
 * @throws RangeError for another size.
 */
export function buildWorld({ size, seed = DEFAULT_SEED }: { size: number; seed?: number }): World {
  if (!Number.isInteger(size) || size < 0 || size > MAX_SIZE) {
    throw new RangeError(`The world has 0 to ${MAX_SIZE} generated institutions, not ${size}.`);
  }
  const institutions = [
    ...SUBJECTS,
    ...Array.from({ length: size }, (_, ordinal) => generateInstitution(seed, SUBJECTS.length + ordinal)),
  ];
  const byCode = indexBy(institutions, ({ creditCode }) => creditCode);
  const byEcology = indexBy(institutions, ({ localNumbers }) => localNumbers.ecology);
  const byTransport = indexBy(institutions, ({ localNumbers }) => localNumbers.transport);
  const byPolice = indexBy(institutions, ({ localNumbers }) => localNumbers.publicSecurity);
  const facts = new Facts(seed);
  const numbers = new NumberLookup(facts, institutions);
  const now = startOfDay(WORLD_TODAY);

  return {
    today: WORLD_TODAY,
    institutions,
    byCreditCode: (code) => byCode.get(code),
    byEcologyNumber: (number) => byEcology.get(number),
    byTransportNumber: (number) => byTransport.get(number),
    byPoliceNumber: (number) => byPolice.get(number),
    qualificationsOf: (institution) => facts.qualifications(institution),
    cmaNumberOf: (institution) =>
      facts
        .qualifications(institution)
        .find((version) => version.scheme === 'CMA' && IN_FORCE.has(version.status) && isBelievedAt(version, now))
        ?.number ?? null,
    policeFilingOf: (institution) => facts.policeFiling(institution),
    linesOf: (institution) => linesOf(seed, institution),
    visitsOf: (institution) => facts.visits(institution),
    processSeriesOf,
    laboratoryTestsOf: (institution) => facts.laboratoryTests(institution),
    reportsOf: (institution) => facts.reports(institution),
    penaltiesOf: (institution) => facts.penalties(institution),
    listEntriesOf: (institution) => facts.listEntries(institution),
    certificatesOf: (institution) => facts.certificates(institution),
    institutionOfReport: (number) => numbers.ownersOfReport(number),
    institutionOfCertificate: (number) => numbers.ownerOfCertificate(number),
    visitByEmissionId: (id) => {
      const institution = institutions[readRecordId(id)?.index ?? -1];
      const visit = institution && facts.visits(institution).find(({ emission }) => emission?.id === id);
      return institution && visit && { institution, visit };
    },
  };
}

function indexBy(
  institutions: readonly WorldInstitution[],
  keyOf: (institution: WorldInstitution) => string | null,
): ReadonlyMap<string, WorldInstitution> {
  const index = new Map<string, WorldInstitution>();
  for (const institution of institutions) {
    const key = keyOf(institution);
    if (key !== null) index.set(key, institution);
  }
  return index;
}
