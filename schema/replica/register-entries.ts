/** The register of institutions as the replica holds it, read as a whole and then by what has changed since. */
import type { InstitutionRecord } from '../records.ts';
import { feedOf } from './facts.ts';
import type { ReplicaModels } from './replica-models.ts';

export type RegisterEntry = Pick<InstitutionRecord, 'creditCode' | 'name' | 'regionCode' | 'cmaNumbers'>;

interface HeldEntry {
  readonly recordId: string;
  readonly hash: string;
  readonly record: RegisterEntry | null;
}

const RECORDS_PER_QUESTION = 1_000;
const DIGEST = { _id: 0, recordId: 1, hash: 1 } as const;
const ENTRY = {
  ...DIGEST,
  'record.creditCode': 1,
  'record.name': 1,
  'record.regionCode': 1,
  'record.cmaNumbers': 1,
} as const;

export class RegisterEntries {
  readonly #records: ReplicaModels['records'];
  readonly #present;
  /** Content by record id, as last given out. */
  #given = new Map<string, string>();

  constructor({ records }: Pick<ReplicaModels, 'records'>, departmentId: string) {
    this.#records = records;
    this.#present = { feed: feedOf(departmentId, 'institutions'), deleted: false };
  }

  /**
   * What has changed since the last time; everything the first time. Records whose content is the same are not read.
   * @param take told of each entry that is new or has changed
   * @returns record ids that are there no more
   */
  async read(take: (recordId: string, entry: RegisterEntry) => void): Promise<readonly string[]> {
    const present = new Map<string, string>();
    const note = ({ recordId, hash, record }: HeldEntry): void => {
      present.set(recordId, hash);
      if (record !== null) take(recordId, record);
    };
    if (this.#given.size === 0) {
      const all = this.#records.find(this.#present, ENTRY).lean<HeldEntry>();
      for await (const held of all.cursor({ batchSize: RECORDS_PER_QUESTION })) note(held);
    } else {
      const changed: string[] = [];
      const digests = this.#records.find(this.#present, DIGEST).lean<Omit<HeldEntry, 'record'>>();
      for await (const { recordId, hash } of digests.cursor({ batchSize: RECORDS_PER_QUESTION })) {
        present.set(recordId, hash);
        if (this.#given.get(recordId) !== hash) changed.push(recordId);
      }
      for (let start = 0; start < changed.length; start += RECORDS_PER_QUESTION) {
        const recordId = { $in: changed.slice(start, start + RECORDS_PER_QUESTION) };
        for (const held of await this.#records.find({ ...this.#present, recordId }, ENTRY).lean<HeldEntry[]>())
          note(held);
      }
    }
    const gone = [...this.#given.keys()].filter((recordId) => !present.has(recordId));
    this.#given = present;
    return gone;
  }
}
