/** Records whose change has not yet been told to everybody who computes something from it. */
import { matchKeysOf } from '../identity/match-keys.ts';
import type { InstitutionRecord } from '../records.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

export type PendingRecord = Pick<ReplicaDocument, '_id' | 'feed' | 'subjects' | 'matchKeys' | 'formerly' | 'revision'>;

const SHOWN = { feed: 1, subjects: 1, matchKeys: 1, formerly: 1, revision: 1 } as const;
const BATCH = 500;

type HeldInstitution = Pick<ReplicaDocument, '_id' | 'revision'> & { readonly record: InstitutionRecord | null };

export class PendingRecords {
  readonly #records: ReplicaModels['records'];

  constructor({ records }: Pick<ReplicaModels, 'records'>) {
    this.#records = records;
  }

  async next(limit: number): Promise<readonly PendingRecord[]> {
    return await this.#records.find({ pending: true }, SHOWN).limit(limit).lean<PendingRecord[]>();
  }

  /** They have been told. Those that have changed again since they were read stay pending. */
  async clear(told: readonly PendingRecord[]): Promise<void> {
    const revisions = [...new Set(told.map(({ revision }) => revision))];
    if (revisions.length === 0) return;
    await this.#records.bulkWrite(
      revisions.map((revision) => {
        const ids = told.filter((each) => each.revision === revision).map(({ _id }) => _id);
        const update = { $unset: { pending: true, formerly: true } };
        return { updateMany: { filter: { _id: { $in: ids }, revision }, update } };
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
