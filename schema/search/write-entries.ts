import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import type { InstitutionEntry, InstitutionEntryModel, StoredEntry } from './institution-entry.model.ts';
import { toStoredEntry } from './stored-entry.ts';

/** What is to be found of each institution; null = nothing. */
export type Entries = ReadonlyMap<CreditCode, InstitutionEntry | null>;

const DUPLICATE_KEY = 11_000;
const MOST_TRIES = 40;
const LONGEST_PAUSE_MS = 20;

/**
 * Writes one document per credit code, whether there is one already or not. Several may write the same ones at the same
 * time: whoever finds that somebody else has written since it began computes anew, so that what stays was made from
 * facts that were read after everything that it replaces had been written.
 * @param compute makes the entries from the facts as they are when it is called; may be called several times
 * @throws RangeError for an entry that cannot be sorted, before anything is written; whatever the database throws
 */
export async function writeEntries(
  model: InstitutionEntryModel,
  codes: readonly CreditCode[],
  compute: (codes: readonly CreditCode[]) => Promise<Entries>,
): Promise<void> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const revisions = await revisionsOf(model, codes);
    const entries = await compute(codes);
    const documents = [...entries].map(([creditCode, entry]) => {
      const revision = (revisions.get(creditCode) ?? 0) + 1;
      return entry === null ? { creditCode, revision } : toStoredEntry(entry, revision);
    });
    if (await writeUnlessWritten(model, documents)) return;
    await delay(Math.random() * LONGEST_PAUSE_MS);
  }
  throw new HubError('INTERNAL', 'The search entries of institutions are being written by too many at once.');
}

type WrittenDocument = StoredEntry | Pick<StoredEntry, 'creditCode' | 'revision'>;

async function revisionsOf(
  model: InstitutionEntryModel,
  codes: readonly CreditCode[],
): Promise<ReadonlyMap<CreditCode, number>> {
  const known = await model
    .find({ creditCode: { $in: codes } })
    .select({ _id: 0, creditCode: 1, revision: 1 })
    .lean<Pick<StoredEntry, 'creditCode' | 'revision'>[]>();
  return new Map(known.map(({ creditCode, revision }) => [creditCode, revision]));
}

/** New documents go in together, which is several times faster than one upsert each. */
async function writeUnlessWritten(
  model: InstitutionEntryModel,
  documents: readonly WrittenDocument[],
): Promise<boolean> {
  const added = documents.filter(({ revision }) => revision === 1);
  const replaced = documents.filter(({ revision }) => revision > 1);
  let isWhole = true;
  if (replaced.length > 0) {
    const operations = replaced.map((replacement) => ({
      replaceOne: {
        filter: { creditCode: replacement.creditCode, revision: replacement.revision - 1 },
        replacement,
      },
    }));
    const { matchedCount } = await model.collection.bulkWrite(operations, { ordered: false });
    isWhole = matchedCount === replaced.length;
  }
  if (added.length > 0) {
    // Copies, because the driver writes its identifiers into what it inserts.
    const copies = added.map((document) => ({ ...document }));
    await model.collection.insertMany(copies, { ordered: false }).catch((error: unknown) => {
      if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
      isWhole = false;
    });
  }
  return isWhole;
}
