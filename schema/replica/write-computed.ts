/** Writes what is computed per institution: one document per credit code, by whichever process computes it. */
import { mongo } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import { untilWritten } from '../contested.ts';
import { HubError } from '../errors.ts';

/** What is to be found of each institution, without code and revision; null = nothing. */
export type Computed = ReadonlyMap<CreditCode, object | null>;

/** A document as it lies in the store. */
export interface WrittenDocument {
  readonly creditCode: CreditCode;
  readonly revision: number;
}

export interface ComputedCollection {
  readonly collection: mongo.Collection;
  /** For messages: "search entries". */
  readonly name: string;
  /** Fields that are renewed by every write and make no difference; the fewer different values, the fewer statements. */
  readonly stamps: readonly string[];
}

const DUPLICATE_KEY = 11_000;

/** What lay there before, by credit code. */
export type HeldDocuments = ReadonlyMap<CreditCode, WrittenDocument>;

/**
 * Writes one document per credit code, whether there is one already or not. Several may write the same ones at the same
 * time: whoever finds that somebody else has written since it began computes anew, so that what stays was made from
 * facts that were read after everything that it replaces had been written.
 * @param compute makes the documents from the facts as they are when it is called, or from what lies there; may be called
 *   several times
 * @param onOthers told of those that become others than before, before anything is written; perhaps several times
 * @throws whatever the two and the database throw
 */
export async function writeComputed(
  target: ComputedCollection,
  codes: readonly CreditCode[],
  compute: (codes: readonly CreditCode[], held: HeldDocuments) => Promise<Computed>,
  onOthers?: (codes: readonly CreditCode[]) => Promise<void>,
): Promise<void> {
  const attempt = async () => {
    const held = await heldOf(target, codes);
    const documents = [...(await compute(codes, held))].map(([creditCode, document]): WrittenDocument => {
      const revision = (held.get(creditCode)?.revision ?? 0) + 1;
      return { ...document, creditCode, revision };
    });
    const unchanged = new Set(documents.filter((document) => isAsHeld(document, held, target.stamps)));
    const others = documents.flatMap((document) => (unchanged.has(document) ? [] : [document.creditCode]));
    if (others.length > 0) await onOthers?.(others);
    return (await writeUnlessWritten(target, documents, unchanged)) ? true : null;
  };
  await untilWritten(
    attempt,
    () => new HubError('INTERNAL', `The ${target.name} of institutions are being written by too many at once.`),
  );
}

async function heldOf({ collection }: ComputedCollection, codes: readonly CreditCode[]): Promise<HeldDocuments> {
  const held = await collection
    .find<WrittenDocument>({ creditCode: { $in: codes } }, { projection: { _id: 0 } })
    .toArray();
  return new Map(held.map((document) => [document.creditCode, document]));
}

const fieldsOf = (document: object): Readonly<Record<string, unknown>> => ({ ...document });

function contentOf(document: WrittenDocument, stamps: readonly string[]): string {
  const facts = fieldsOf(document);
  return JSON.stringify(
    Object.keys(facts)
      .filter((name) => name !== 'revision' && !stamps.includes(name))
      .sort()
      .map((name) => [name, facts[name]]),
  );
}

function isAsHeld(document: WrittenDocument, held: HeldDocuments, stamps: readonly string[]): boolean {
  const own = held.get(document.creditCode);
  return own !== undefined && contentOf(own, stamps) === contentOf(document, stamps);
}

/**
 * New documents go in together, and of those that stay as they are only the revisions are raised, together too: that is
 * many times faster than one by one. Unchanged ones are written because somebody slow may be about to replace them.
 */
async function writeUnlessWritten(
  { collection, stamps }: ComputedCollection,
  documents: readonly WrittenDocument[],
  unchanged: ReadonlySet<WrittenDocument>,
): Promise<boolean> {
  const added = documents.filter(({ revision }) => revision === 1);
  const known = documents.filter(({ revision }) => revision > 1);
  const operations: mongo.AnyBulkWriteOperation[] = [
    ...known
      .filter((document) => !unchanged.has(document))
      .map((replacement) => ({
        replaceOne: {
          filter: { creditCode: replacement.creditCode, revision: replacement.revision - 1 },
          replacement,
        },
      })),
    ...alike([...unchanged], stamps).map(({ revision, stamped, codes }) => ({
      updateMany: {
        filter: { creditCode: { $in: codes }, revision: revision - 1 },
        update: { $set: { revision, ...stamped } },
      },
    })),
  ];
  let isWhole = true;
  if (operations.length > 0) {
    const { matchedCount } = await collection.bulkWrite(operations, { ordered: false });
    isWhole = matchedCount === known.length;
  }
  if (added.length > 0) {
    // Copies, because the driver writes its identifiers into what it inserts.
    const copies = added.map((document) => ({ ...document }));
    await collection.insertMany(copies, { ordered: false }).catch((error: unknown) => {
      if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
      isWhole = false;
    });
  }
  return isWhole;
}

interface Alike {
  readonly revision: number;
  readonly stamped: Readonly<Record<string, unknown>>;
  readonly codes: CreditCode[];
}

/** Those that get the same revision and the same stamps. */
function alike(documents: readonly WrittenDocument[], stamps: readonly string[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const document of documents) {
    const { creditCode, revision } = document;
    const facts = fieldsOf(document);
    const stamped = Object.fromEntries(stamps.filter((name) => name in facts).map((name) => [name, facts[name]]));
    const key = JSON.stringify([revision, stamped]);
    const group = groups.get(key) ?? { revision, stamped, codes: [] };
    group.codes.push(creditCode);
    groups.set(key, group);
  }
  return [...groups.values()];
}
