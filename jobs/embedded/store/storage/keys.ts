/** How documents and index entries are laid out in the key-value store: every key begins with whose it is. */
import { createHash } from 'node:crypto';
import { inverted, valueKey } from '../bson/value-key.ts';
import type { Value } from '../bson/values.ts';

const OWNER_BYTES = 4;
const RECORD_BYTES = 6;
export const LAST_RECORD = 2 ** 48 - 1;
/** Keys of the store are bounded; a longer value is cut and told apart by its digest, so it still tests for equality. */
const LONGEST_VALUE_BYTES = 400;
const DIGEST_BYTES = 32;

/** The key under which everything of a collection or an index begins. */
export function ownerKey(owner: number): Buffer {
  const key = Buffer.alloc(OWNER_BYTES);
  key.writeUInt32BE(owner);
  return key;
}

export function recordSuffix(record: number): Buffer {
  const suffix = Buffer.alloc(RECORD_BYTES);
  suffix.writeUIntBE(record, 0, RECORD_BYTES);
  return suffix;
}

export const documentKey = (collection: number, record: number): Buffer =>
  Buffer.concat([ownerKey(collection), recordSuffix(record)]);

/** The record that a document's or an index entry's key ends with. */
export const recordOf = (key: Buffer): number => key.readUIntBE(key.length - RECORD_BYTES, RECORD_BYTES);

export const isCut = (bytes: Buffer): boolean => bytes.length >= LONGEST_VALUE_BYTES;

/** A bound of a range of values; cut like the values themselves. */
export const boundKey = (value: Value | undefined): Buffer => {
  const bytes = valueKey(value);
  return bytes.length > LONGEST_VALUE_BYTES - DIGEST_BYTES
    ? bytes.subarray(0, LONGEST_VALUE_BYTES - DIGEST_BYTES)
    : bytes;
};

/** One field of an index entry. A missing field is indexed as null. */
export function fieldKey(value: Value | undefined, direction: 1 | -1): Buffer {
  const bytes = valueKey(value === undefined ? null : value);
  const bounded =
    bytes.length <= LONGEST_VALUE_BYTES - DIGEST_BYTES
      ? bytes
      : Buffer.concat([
          bytes.subarray(0, LONGEST_VALUE_BYTES - DIGEST_BYTES),
          createHash('sha256').update(bytes).digest(),
        ]);
  return direction === 1 ? bounded : inverted(bounded);
}
