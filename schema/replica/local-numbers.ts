/** Under which numbers departments know institutions, from nothing but the replica and people's decisions. */
import { cmaKey, localNumberKey } from '../identity/match-keys.ts';
import { matchStations } from '../identity/match-stations.ts';
import type { StationDecisions } from '../identity/station-decisions.ts';
import { StationIndex } from '../identity/station-index.ts';
import type { SubjectFacts } from '../identity/subject-facts.ts';
import { SubjectMemory } from '../identity/subject-memory.ts';
import type { DepartmentDescriptor, DirectoryEntry } from '../ports.ts';
import { institutionsWithKeys, type HeldInstitution } from './held-institutions.ts';
import { registersOf, type RegisteredInstitution } from './registered-institutions.ts';
import type { ReplicaModels } from './replica-models.ts';

/** Local numbers by department, of one institution. */
export type LocalNumbers = ReadonlyMap<string, readonly string[]>;

const factsOf = ({ creditCode, record }: RegisteredInstitution): SubjectFacts => ({
  creditCode,
  name: record.name,
  regionCode: record.regionCode,
  cmaNumbers: record.cmaNumbers,
});

const entryOf = ({ record }: HeldInstitution): DirectoryEntry | null => {
  const { localId, name, regionCode, cmaNumbers, creditCode } = record;
  return localId === null ? null : { localId, name, regionCode, cmaNumbers, creditCode };
};

/**
 * Matches as `IdentityDirectory` does, but knows every institution of the registers that the replica holds, and not only
 * those that have been seen.
 * @returns one map per institution, same order; departments without a sure match are not in it
 */
export async function localNumbersOf(
  models: Pick<ReplicaModels, 'records'>,
  departments: readonly DepartmentDescriptor[],
  decisions: StationDecisions,
  institutions: readonly RegisteredInstitution[],
): Promise<readonly LocalNumbers[]> {
  const registers = new Set(registersOf(departments).map(({ id }) => id));
  const numbering = departments.filter(({ keyedBy }) => keyedBy === 'LOCAL_NUMBER').map(({ id }) => id);
  const confirmedKeys = institutions.flatMap(({ creditCode }) =>
    numbering.flatMap((id) =>
      decisions
        .of(id)
        .confirmedFor(creditCode)
        .map((localId) => localNumberKey(id, localId)),
    ),
  );
  const near = await institutionsWithKeys(models, [
    ...institutions.flatMap(({ matchKeys }) => matchKeys),
    ...confirmedKeys,
  ]);
  const present = near.filter(({ isGone }) => !isGone);
  const stations = present.filter(({ departmentId }) => numbering.includes(departmentId));
  // What a register says of a station's certificate counts beside what the directory says.
  const certified = await institutionsWithKeys(
    models,
    stations.flatMap(({ record }) => record.cmaNumbers.map(cmaKey)),
  );
  const subjects = new SubjectMemory();
  for (const { departmentId, isGone, record } of [...present, ...certified]) {
    if (registers.has(departmentId) && !isGone) subjects.remember(record);
  }
  // Of several descriptions under one code this is the one that counts.
  for (const institution of institutions) subjects.remember(factsOf(institution));
  const directories = numbering.map((departmentId) => {
    const own = stations.filter((station) => station.departmentId === departmentId);
    const index = new StationIndex(
      own.flatMap((held) => entryOf(held) ?? []),
      new Date(0),
    );
    return { departmentId, grounds: { index, subjects, decided: decisions.of(departmentId) } };
  });
  return institutions.map((institution) => {
    const numbers = directories.flatMap(({ departmentId, grounds }) => {
      const { matches } = matchStations(factsOf(institution), grounds);
      return matches.length === 0 ? [] : [[departmentId, matches.map(({ entry }) => entry.localId)] as const];
    });
    return new Map(numbers);
  });
}
