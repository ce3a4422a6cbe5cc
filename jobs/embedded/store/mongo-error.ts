import type { Fields } from './bson/values.ts';

/** MongoDB's own numbers and names for the errors that the store answers. */
const CODE_NAMES = {
  2: 'BadValue',
  8: 'UnknownError',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  100: 'UnsatisfiableWriteConcern',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  225: 'TransactionTooOld',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  9001: 'SocketException',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  15958: 'Location15958',
  15975: 'Location15975',
  15981: 'Location15981',
  15998: 'Location15998',
  28667: 'Location28667',
  31254: 'Location31254',
  31249: 'Location31249',
  40323: 'Location40323',
  40324: 'Location40324',
  40415: 'Location40415',
} as const;

export type MongoErrorCode = keyof typeof CODE_NAMES;

/**
 * An error that a client of the store may read, as MongoDB would word it.
 * @param code MongoDB's number; its name is `codeName`
 * @param details further fields of the reply, e.g. `keyPattern` and `keyValue`
 */
export class MongoError extends Error {
  override readonly name = 'MongoError';
  readonly code: MongoErrorCode;
  readonly details: Fields;

  constructor(code: MongoErrorCode, message: string, details: Fields = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get codeName(): string {
    return CODE_NAMES[this.code];
  }
}

/** @throws MongoError 2 BadValue */
export function refuseValue(message: string): never {
  throw new MongoError(2, message);
}

/** @throws MongoError 72 InvalidOptions, for what MongoDB can do and this store cannot. */
export function refuseOption(what: string): never {
  throw new MongoError(72, `${what} is not supported by the embedded store`);
}
