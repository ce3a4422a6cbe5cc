import { mongo } from 'mongoose';
import type { InstitutionEntry, InstitutionEntryModel } from './institution-entry.model.ts';
import { toStoredEntry } from './stored-entry.ts';

const ENTRIES_PER_STATEMENT = 1_000;
const DUPLICATE_KEY = 11_000;
const MOST_TRIES = 3;

/**
 * Writes one document per credit code, whether there is one already or not. Of several entries with one code the last
 * counts.
 * @throws RangeError for an entry that cannot be sorted, before anything is written; whatever the database throws
 */
export async function writeEntries(model: InstitutionEntryModel, entries: readonly InstitutionEntry[]): Promise<void> {
  const stored = [...new Map(entries.map((entry) => [entry.creditCode, toStoredEntry(entry)])).values()];
  for (let from = 0; from < stored.length; from += ENTRIES_PER_STATEMENT) {
    const operations = stored.slice(from, from + ENTRIES_PER_STATEMENT).map((replacement) => ({
      replaceOne: { filter: { creditCode: replacement.creditCode }, replacement, upsert: true },
    }));
    await withoutRaces(() => model.collection.bulkWrite(operations, { ordered: false }));
  }
}

/** Two writers that add the same new code at once: one of them fails, and finds the document when it tries again. */
async function withoutRaces(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return;
    } catch (error) {
      const isRace = error instanceof mongo.MongoBulkWriteError && error.code === DUPLICATE_KEY;
      if (!isRace || tries === MOST_TRIES) throw error;
    }
  }
}
