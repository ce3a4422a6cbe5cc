/** Departments' descriptions of institutions as the replica holds them, found by what they are matched with. */
import { chunksOf } from '../chunks.ts';
import type { InstitutionRecord } from '../records.ts';
import { departmentOf } from './facts.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

export interface HeldInstitution {
  readonly departmentId: string;
  /** As it was last, of one that is gone. */
  readonly record: InstitutionRecord;
  readonly isGone: boolean;
  readonly matchKeys: readonly string[];
}

const KEYS_PER_STATEMENT = 500;

type Found = Pick<ReplicaDocument, '_id' | 'feed' | 'deleted' | 'matchKeys'> & {
  readonly record: InstitutionRecord | null;
};

/** Every description with at least one of these match keys, each once; those that are gone too. */
export async function institutionsWithKeys(
  { records }: Pick<ReplicaModels, 'records'>,
  matchKeys: Iterable<string>,
): Promise<readonly HeldInstitution[]> {
  const byId = new Map<string, HeldInstitution>();
  for (const keys of chunksOf([...new Set(matchKeys)], KEYS_PER_STATEMENT)) {
    const found = await records
      .find({ matchKeys: { $in: keys } }, { feed: 1, deleted: 1, matchKeys: 1, record: 1 })
      .lean<Found[]>();
    for (const { _id, feed, deleted, matchKeys: own = [], record } of found) {
      if (record === null) continue;
      byId.set(_id, { departmentId: departmentOf(feed), record, isGone: deleted, matchKeys: own });
    }
  }
  return [...byId.values()];
}
