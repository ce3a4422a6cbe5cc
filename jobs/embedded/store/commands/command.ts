/** One command of a client, read field by field; what it does not know is refused, never ignored. */
import { isFields, isNumber, toBoolean, toNumber, type Fields, type Value } from '../bson/values.ts';
import { MongoError, refuseOption } from '../mongo-error.ts';
import { parseSort, type SortField } from '../query/sort.ts';
import type { Collection, Storage } from '../storage/storage.ts';
import type { Cursors } from './cursors.ts';

export interface CommandContext {
  readonly storage: Storage;
  readonly cursors: Cursors;
  readonly database: string;
  /** "127.0.0.1:27017". */
  readonly address: string;
}

/** Fields of the reply; documents that go out as they are stored stay bytes. */
export type Reply = Fields | { readonly cursor: CursorReply };

export interface CursorReply {
  readonly id: bigint;
  readonly namespace: string;
  readonly batch: readonly Uint8Array[];
  readonly isFirst: boolean;
}

export type Handler = (command: Fields, context: CommandContext) => Reply;

/** Sent with every command; they ask for nothing that one server does not give anyway. */
const COMMON = [
  '$db',
  'lsid',
  'txnNumber',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
];

/** @throws MongoError 72 for an option that is not among these */
export function refuseUnknown(command: Fields, known: readonly string[]): void {
  for (const [name, value] of Object.entries(command)) {
    if (known.includes(name) || COMMON.includes(name) || value === undefined) continue;
    if (name === 'collation' && isFields(value) && value['locale'] === 'simple') continue;
    refuseOption(`the option '${name}'`);
  }
}

/** "<database>.<collection>" @throws MongoError 73 */
export function namespaceOf(command: Fields, name: string, { database }: CommandContext): string {
  const collection = command[name];
  if (typeof collection !== 'string' || collection === '' || collection.includes('\0') || collection.startsWith('$')) {
    throw new MongoError(73, `Invalid namespace specified '${database}.'`);
  }
  return `${database}.${collection}`;
}

export const fieldsOr = (value: Value | undefined, otherwise: Fields): Fields => {
  if (value === undefined || value === null) return otherwise;
  if (!isFields(value)) throw new MongoError(14, 'an object was expected');
  return value;
};

/** @throws MongoError 2 for what is no whole number of zero or more */
export function numberOr(value: Value | undefined, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number) || number < 0) throw new MongoError(2, 'a whole number of zero or more was expected');
  return number;
}

export const flag = (value: Value | undefined, otherwise = false): boolean =>
  value === undefined ? otherwise : toBoolean(value);

export const listOfFields = (value: Value | undefined): readonly Fields[] => {
  if (!Array.isArray(value)) throw new MongoError(14, 'an array of objects was expected');
  return value.map((each) => fieldsOr(each, {}));
};

export const sortOf = (value: Value | undefined): readonly SortField[] => parseSort(fieldsOr(value, {}));

/** Name of the index that the caller names, or null. @throws MongoError 2 */
export function hintOf(value: Value | undefined, collection: Collection | undefined): string | null {
  if (value === undefined || value === null || collection === undefined) return null;
  const wanted =
    typeof value === 'string' ? null : JSON.stringify(sortOf(value).map((each) => [each.name, each.direction]));
  const found = collection.indexes.find(({ description }) =>
    wanted === null ? description.name === value : JSON.stringify(description.key) === wanted,
  );
  if (found === undefined) {
    throw new MongoError(2, 'error processing query: hint provided does not correspond to an existing index');
  }
  return found.description.name;
}
