import type { CreditCode } from '../codes/credit-code.ts';
import { writeComputed } from '../replica/write-computed.ts';
import type { InstitutionEntry, InstitutionEntryModel } from './institution-entry.model.ts';
import { toStoredEntry } from './stored-entry.ts';

/** What is to be found of each institution; null = nothing. */
export type Entries = ReadonlyMap<CreditCode, InstitutionEntry | null>;

/**
 * @param compute see {@link writeComputed}
 * @throws RangeError for an entry that cannot be sorted, before anything is written; whatever the database throws
 */
export async function writeEntries(
  { collection }: Pick<InstitutionEntryModel, 'collection'>,
  codes: readonly CreditCode[],
  compute: (codes: readonly CreditCode[]) => Promise<Entries>,
): Promise<void> {
  await writeComputed({ collection, name: 'search entries', stamps: [] }, codes, async (wanted) => {
    const entries = await compute(wanted);
    return new Map([...entries].map(([code, entry]) => [code, entry && toStoredEntry(entry)]));
  });
}
