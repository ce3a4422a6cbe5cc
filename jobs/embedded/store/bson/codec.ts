import { BSON, type DeserializeOptions, type Document } from 'bson';
import { MongoError } from '../mongo-error.ts';
import type { Fields } from './values.ts';

/** Largest document that MongoDB takes, in bytes. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

const TYPED: DeserializeOptions = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
};

function deserialize(bytes: Uint8Array, options: DeserializeOptions): Document {
  try {
    return BSON.deserialize(bytes, options);
  } catch (error) {
    throw new MongoError(22, `Invalid BSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * A document with the BSON type of every number kept.
 * @throws MongoError 22 InvalidBSON
 */
export const decode = (bytes: Uint8Array): Fields => deserialize(bytes, TYPED);

/** A document with plain JavaScript numbers, for expressions; an integer beyond 2^53 stays a Long. */
export const decodePlain = (bytes: Uint8Array): Document =>
  deserialize(bytes, { promoteBuffers: false, bsonRegExp: false });

export const encode = (fields: Document): Buffer =>
  Buffer.from(BSON.serialize(fields, { ignoreUndefined: true, checkKeys: false }));
