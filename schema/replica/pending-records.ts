/** Records whose change has not yet been told to everybody who computes something from it. */
import { chunksOf } from '../chunks.ts';
import { matchKeysOf } from '../identity/match-keys.ts';
import type { SubjectKey } from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { feedOf, PROJECTED_READS } from './facts.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

export type PendingRecord = Pick<ReplicaDocument, '_id' | 'feed' | 'subjects' | 'matchKeys' | 'formerly' | 'revision'>;

const SHOWN = { feed: 1, subjects: 1, matchKeys: 1, formerly: 1, revision: 1 } as const;
const BATCH = 500;
const KEYS_PER_STATEMENT = 300;
/** Not through all that are pending: there may be very many. */
const BY_SUBJECT = { feed: 1, subjects: 1, sortKey: -1, recordId: 1 } as const;

type HeldInstitution = Pick<ReplicaDocument, '_id' | 'revision'> & { readonly record: InstitutionRecord | null };

export class PendingRecords {
  readonly #records: ReplicaModels['records'];

  constructor({ records }: Pick<ReplicaModels, 'records'>) {
    this.#records = records;
  }

  async next(limit: number): Promise<readonly PendingRecord[]> {
    return await this.#records.find({ pending: true }, SHOWN).limit(limit).lean<PendingRecord[]>();
  }

  /** Those that are filed under one of these keys at one of the departments. */
  async filedUnder(
    departmentIds: readonly string[],
    subjects: readonly SubjectKey[],
  ): Promise<readonly PendingRecord[]> {
    const found: PendingRecord[] = [];
    for (const departmentId of departmentIds) {
      const feeds = PROJECTED_READS.map((read) => feedOf(departmentId, read));
      for (const keys of chunksOf(subjects, KEYS_PER_STATEMENT)) {
        const conditions = { feed: { $in: feeds }, subjects: { $in: keys }, pending: true } as const;
        found.push(...(await this.#records.find(conditions, SHOWN).hint(BY_SUBJECT).lean<PendingRecord[]>()));
      }
    }
    return found;
  }

  /** They have been told. Those that have changed again since they were read stay pending. */
  async clear(told: readonly PendingRecord[]): Promise<void> {
    const revisions = [...new Set(told.map(({ revision }) => revision))];
    if (revisions.length === 0) return;
    await this.#records.bulkWrite(
      revisions.flatMap((revision) => {
        const ids = told.filter((each) => each.revision === revision).map(({ _id }) => _id);
        const update = { $unset: { pending: true, formerly: true } };
        return chunksOf(ids, BATCH).map((some) => ({
          updateMany: { filter: { _id: { $in: some }, revision }, update },
        }));
      }),
      { ordered: false },
    );
  }

  async count(): Promise<number> {
    return await this.#records.countDocuments({ pending: true });
  }

  /** Has every institution computed anew: all that is computed belongs to one. May be killed and run again. */
  async flagInstitutions(departmentIds: readonly string[]): Promise<void> {
    for (const departmentId of departmentIds) {
      let after = '';
      for (;;) {
        const held = await this.#records
          .find(
            { feed: `${departmentId}|institutions`, recordId: { $gt: after } },
            { recordId: 1, revision: 1, record: 1 },
          )
          .sort({ recordId: 1 })
          .limit(BATCH)
          .lean<(HeldInstitution & Pick<ReplicaDocument, 'recordId'>)[]>();
        const last = held.at(-1);
        if (last === undefined) break;
        await this.#flag(held);
        after = last.recordId;
      }
    }
  }

  async #flag(held: readonly HeldInstitution[]): Promise<void> {
    await this.#records.bulkWrite(
      held.map(({ _id, revision, record }) => ({
        updateOne: {
          // Whoever has written it in between has flagged it, and found out its keys.
          filter: { _id, revision },
          update: {
            $set: { pending: true, ...(record !== null && { matchKeys: matchKeysOf(record) }) },
            $inc: { revision: 1 },
          },
        },
      })),
      { ordered: false },
    );
  }
}
