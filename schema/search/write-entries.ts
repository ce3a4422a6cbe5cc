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
    const held = await heldOf(model, codes);
    const documents = [...(await compute(codes))].map(([creditCode, entry]): WrittenDocument => {
      const revision = (held.get(creditCode)?.revision ?? 0) + 1;
      return entry === null ? { creditCode, revision } : toStoredEntry(entry, revision);
    });
    if (await writeUnlessWritten(model, documents, held)) return;
    await delay(Math.random() * LONGEST_PAUSE_MS);
  }
  throw new HubError('INTERNAL', 'The search entries of institutions are being written by too many at once.');
}

type WrittenDocument = StoredEntry | Pick<StoredEntry, 'creditCode' | 'revision'>;

type HeldDocuments = ReadonlyMap<CreditCode, WrittenDocument>;

async function heldOf(model: InstitutionEntryModel, codes: readonly CreditCode[]): Promise<HeldDocuments> {
  const held = await model
    .find({ creditCode: { $in: codes } })
    .select({ _id: 0 })
    .lean<WrittenDocument[]>();
  return new Map(held.map((document) => [document.creditCode, document]));
}

const contentOf = (document: WrittenDocument): string => {
  const facts: Readonly<Record<string, unknown>> = { ...document, revision: null };
  return JSON.stringify(
    Object.keys(facts)
      .sort()
      .map((name) => [name, facts[name]]),
  );
};

/**
 * New documents go in together, and of those that stay as they are only the revisions are raised, together too: that is
 * many times faster than one by one. Unchanged ones are written because somebody slow may be about to replace them.
 */
async function writeUnlessWritten(
  model: InstitutionEntryModel,
  documents: readonly WrittenDocument[],
  held: HeldDocuments,
): Promise<boolean> {
  const isAsHeld = (document: WrittenDocument): boolean => {
    const own = held.get(document.creditCode);
    return own !== undefined && contentOf(own) === contentOf(document);
  };
  const added = documents.filter(({ revision }) => revision === 1);
  const known = documents.filter(({ revision }) => revision > 1);
  const unchanged = known.filter(isAsHeld);
  const operations = [
    ...known
      .filter((document) => !unchanged.includes(document))
      .map((replacement) => ({
        replaceOne: {
          filter: { creditCode: replacement.creditCode, revision: replacement.revision - 1 },
          replacement,
        },
      })),
    ...[...new Set(unchanged.map(({ revision }) => revision))].map((revision) => ({
      updateMany: {
        filter: {
          creditCode: {
            $in: unchanged.filter((each) => each.revision === revision).map(({ creditCode }) => creditCode),
          },
          revision: revision - 1,
        },
        update: { $set: { revision } },
      },
    })),
  ];
  let isWhole = true;
  if (operations.length > 0) {
    const { matchedCount } = await model.collection.bulkWrite(operations, { ordered: false });
    isWhole = matchedCount === known.length;
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
