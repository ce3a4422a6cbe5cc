/** Under which numbers departments know institutions, from nothing but the replica. */
import { cmaKey, nameKeys } from '../identity/match-keys.ts';
import { StationIndex, type SharedNames, type SubjectFacts } from '../identity/station-index.ts';
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

/** Which institutions of the registers go by a key. */
class Owners {
  readonly #codes = new Map<string, Set<string>>();

  constructor(registered: readonly HeldInstitution[]) {
    for (const { record, matchKeys } of registered) {
      if (record.creditCode === null) continue;
      for (const key of matchKeys) this.#codes.set(key, (this.#codes.get(key) ?? new Set()).add(record.creditCode));
    }
  }

  isAnothers(key: string, creditCode: string): boolean {
    return [...(this.#codes.get(key) ?? [])].some((code) => code !== creditCode);
  }
}

const sharedNames = (facts: SubjectFacts, owners: Owners): SharedNames => {
  const keys = nameKeys(facts);
  if (keys === null) return { name: false, looseName: false };
  return {
    name: owners.isAnothers(keys.name, facts.creditCode),
    looseName: owners.isAnothers(keys.looseName, facts.creditCode),
  };
};

/**
 * Matches as `IdentityDirectory` does, but knows every institution of the registers that the replica holds, and not only
 * those that have been seen.
 * @returns one map per institution, same order; departments without a sure match are not in it
 */
export async function localNumbersOf(
  models: Pick<ReplicaModels, 'records'>,
  departments: readonly DepartmentDescriptor[],
  institutions: readonly RegisteredInstitution[],
): Promise<readonly LocalNumbers[]> {
  const registers = new Set(registersOf(departments).map(({ id }) => id));
  const numbering = departments.filter(({ keyedBy }) => keyedBy === 'LOCAL_NUMBER').map(({ id }) => id);
  const near = await institutionsWithKeys(
    models,
    institutions.flatMap(({ matchKeys }) => matchKeys),
  );
  const present = near.filter(({ isGone }) => !isGone);
  const stations = present.filter(({ departmentId }) => numbering.includes(departmentId));
  // A name proves nothing about a station whose certificate a register gives to somebody else.
  const certified = await institutionsWithKeys(
    models,
    stations.flatMap(({ record }) => record.cmaNumbers.map(cmaKey)),
  );
  const owners = new Owners(
    [...present, ...certified].filter((held) => registers.has(held.departmentId) && !held.isGone),
  );
  const directories = numbering.map((departmentId) => {
    const own = stations.filter((station) => station.departmentId === departmentId);
    return [
      departmentId,
      new StationIndex(
        own.flatMap((held) => entryOf(held) ?? []),
        new Date(0),
      ),
    ] as const;
  });
  return institutions.map((institution) => {
    const facts = factsOf(institution);
    const isOthers = ({ cmaNumbers }: DirectoryEntry): boolean =>
      cmaNumbers.some((number) => owners.isAnothers(cmaKey(number), facts.creditCode));
    const numbers = directories.flatMap(([departmentId, index]) => {
      const { matches } = index.match(facts, sharedNames(facts, owners));
      const sure = matches.filter(({ matchedBy, entry }) => matchedBy !== 'NAME_AND_REGION' || !isOthers(entry));
      return sure.length === 0 ? [] : [[departmentId, sure.map(({ entry }) => entry.localId)] as const];
    });
    return new Map(numbers);
  });
}
