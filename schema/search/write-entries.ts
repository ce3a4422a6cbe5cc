import { mongo } from 'mongoose';
import type { InstitutionEntry, InstitutionEntryModel, StoredEntry } from './institution-entry.model.ts';
import { toStoredEntry } from './stored-entry.ts';

const ENTRIES_PER_STATEMENT = 1_000;
const DUPLICATE_KEY = 11_000;
const MOST_TRIES = 5;

/**
 * Writes one document per credit code, whether there is one already or not. Of several entries with one code the last
 * counts.
 * @throws RangeError for an entry that cannot be sorted, before anything is written; whatever the database throws
 */
export async function writeEntries(model: InstitutionEntryModel, entries: readonly InstitutionEntry[]): Promise<void> {
  const stored = [...new Map(entries.map((entry) => [entry.creditCode, toStoredEntry(entry)])).values()];
  for (let from = 0; from < stored.length; from += ENTRIES_PER_STATEMENT) {
    await writeChunk(model, stored.slice(from, from + ENTRIES_PER_STATEMENT));
  }
}

/** A writer that loses a race for a new code finds the document when it tries again. */
async function writeChunk(model: InstitutionEntryModel, chunk: readonly StoredEntry[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await insertOrReplace(model, chunk);
      return;
    } catch (error) {
      const isRace = error instanceof mongo.MongoBulkWriteError && error.code === DUPLICATE_KEY;
      if (!isRace || tries === MOST_TRIES) throw error;
    }
  }
}

/** New documents go in together, which is several times faster than one upsert each. */
async function insertOrReplace(model: InstitutionEntryModel, chunk: readonly StoredEntry[]): Promise<void> {
  const known = await model
    .find({ creditCode: { $in: chunk.map(({ creditCode }) => creditCode) } })
    .select({ _id: 0, creditCode: 1 })
    .lean<Pick<StoredEntry, 'creditCode'>[]>();
  const isKnown = new Set<string>(known.map(({ creditCode }) => creditCode));
  const added = chunk.filter(({ creditCode }) => !isKnown.has(creditCode));
  const replaced = chunk.filter(({ creditCode }) => isKnown.has(creditCode));
  if (replaced.length > 0) {
    const operations = replaced.map((replacement) => ({
      replaceOne: { filter: { creditCode: replacement.creditCode }, replacement, upsert: true },
    }));
    await model.collection.bulkWrite(operations, { ordered: false });
  }
  // Copies, because the driver writes its identifiers into what it inserts.
  if (added.length > 0)
    await model.collection.insertMany(
      added.map((entry) => ({ ...entry })),
      { ordered: false },
    );
}
