/** Which institutions a change in the replica is about. */
import type { CreditCode } from '../codes/credit-code.ts';
import { localNumberKey } from '../identity/match-keys.ts';
import type { StationDecisions } from '../identity/station-decisions.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { departmentOf } from './facts.ts';
import { institutionsWithKeys, type HeldInstitution } from './held-institutions.ts';
import type { PendingRecord } from './pending-records.ts';
import { registersOf } from './registered-institutions.ts';
import type { ReplicaModels } from './replica-models.ts';

const LOCAL = 'local:';

/** Match keys of the institutions under which the record is or was filed, or which it is or was. */
function keysOf({ feed, subjects, matchKeys = [], formerly = [] }: PendingRecord): string[] {
  const filedUnder = [...subjects, ...formerly].map((key) =>
    key.startsWith(LOCAL) ? localNumberKey(departmentOf(feed), key.slice(LOCAL.length)) : key,
  );
  return [...filedUnder, ...matchKeys];
}

/**
 * The credit codes whose institutions may look different since these records have changed: those that a record is filed
 * under (directly, by organization code, or by a local number whose owner is known by code, certificate, or name and
 * place, or because a person said so), and, of a description that has changed, everybody who may be taken for the same.
 * Rather too many than too few.
 * @returns each once, in no particular order
 */
export async function concernedCodes(
  models: Pick<ReplicaModels, 'records'>,
  departments: readonly DepartmentDescriptor[],
  decisions: StationDecisions,
  changed: readonly PendingRecord[],
): Promise<readonly CreditCode[]> {
  const registers = new Set(registersOf(departments).map(({ id }) => id));
  const isRegistered = ({ departmentId }: HeldInstitution): boolean => registers.has(departmentId);
  const keys = new Set(changed.flatMap(keysOf));
  const near = await institutionsWithKeys(models, keys);
  // Entries for local numbers say by further keys whose they may be.
  const stations = near.filter((held) => !isRegistered(held));
  const furtherKeys = stations.flatMap(({ matchKeys }) => matchKeys).filter((key) => !keys.has(key));
  const owners = furtherKeys.length === 0 ? [] : await institutionsWithKeys(models, furtherKeys);
  const described = [...near, ...owners].filter(isRegistered);
  const confirmed = stations.flatMap(({ departmentId, record: { localId } }) =>
    localId === null ? [] : (decisions.of(departmentId).confirmationOf(localId)?.creditCode ?? []),
  );
  return [...new Set([...described.flatMap(({ record: { creditCode } }) => creditCode ?? []), ...confirmed])];
}
