/** Runs one command: finds its handler, answers a repeated write as before, words errors as MongoDB does. */
import { Long } from 'bson';
import { isFields, isNumber, toBoolean, toNumber, type Fields } from '../bson/values.ts';
import { MongoError } from '../mongo-error.ts';
import type { Storage } from '../storage/storage.ts';
import { ADMINISTRATION } from './administration.ts';
import { aggregate } from './aggregate.ts';
import type { Handler, Reply } from './command.ts';
import { Cursors } from './cursors.ts';
import { READS } from './reads.ts';
import { WRITES } from './writes.ts';

const HANDLERS = new Map<string, Handler>(Object.entries({ ...ADMINISTRATION, ...READS, aggregate, ...WRITES }));
const CHANGES_STORE = new Set([
  ...Object.keys(WRITES),
  'create',
  'drop',
  'dropDatabase',
  'createIndexes',
  'dropIndexes',
]);
const MOST_SESSIONS = 20_000;
/** Not of MongoDB: copies the whole store as it is at one moment, into a folder beside its own, and names that. */
export const COPY_COMMAND = 'copyEmbeddedStore';

interface LastWrite {
  readonly number: bigint;
  readonly reply: Reply;
}

const errorReply = (error: MongoError): Fields => ({
  ok: 0,
  errmsg: error.message,
  code: error.code,
  codeName: error.codeName,
  ...error.details,
});

export class CommandRunner {
  readonly #storage: Storage;
  readonly #address: string;
  readonly #cursors = new Cursors();
  /** The last numbered write of each session, in case its answer was lost and it is sent again. */
  readonly #lastWrites = new Map<string, LastWrite>();

  constructor(storage: Storage, address: string) {
    this.#storage = storage;
    this.#address = address;
  }

  /** Resolves when what was written is on disk. */
  async run(command: Fields): Promise<Reply> {
    const [name = ''] = Object.keys(command);
    try {
      if (name === COPY_COMMAND) return { folder: await this.#storage.copy(), ok: 1 };
      const handler = HANDLERS.get(name);
      if (handler === undefined) throw new MongoError(59, `no such command: '${name}'`);
      if (command['startTransaction'] !== undefined || command['autocommit'] !== undefined) {
        throw new MongoError(20, 'Transactions are not supported by the embedded store');
      }
      const reply = this.#once(name, command, handler);
      const concern = command['writeConcern'];
      const wantsNoAnswer = isFields(concern) && isNumber(concern['w']) && !toBoolean(concern['w']);
      if (CHANGES_STORE.has(name) && !wantsNoAnswer) await this.#storage.flushed();
      return reply;
    } catch (error) {
      if (error instanceof MongoError) return errorReply(error);
      return errorReply(new MongoError(8, error instanceof Error ? error.message : String(error)));
    }
  }

  #once(name: string, command: Fields, handler: Handler): Reply {
    const database = command['$db'];
    const context = {
      storage: this.#storage,
      cursors: this.#cursors,
      database: typeof database === 'string' ? database : 'admin',
      address: this.#address,
    };
    const write = WRITES[name] === undefined ? null : this.#numbered(command);
    if (write === null) return handler(command, context);
    const last = this.#lastWrites.get(write.session);
    if (last?.number === write.number) return last.reply;
    if (last !== undefined && last.number > write.number) {
      throw new MongoError(225, `Retryable write with txnNumber ${write.number} is prohibited: a newer one has begun`);
    }
    const reply = handler(command, context);
    this.#lastWrites.delete(write.session);
    this.#lastWrites.set(write.session, { number: write.number, reply });
    const [oldest] = this.#lastWrites.keys();
    if (this.#lastWrites.size > MOST_SESSIONS && oldest !== undefined) this.#lastWrites.delete(oldest);
    return reply;
  }

  #numbered({ lsid, txnNumber }: Fields): { readonly session: string; readonly number: bigint } | null {
    if (!isFields(lsid) || !isNumber(txnNumber)) return null;
    const number = txnNumber instanceof Long ? txnNumber.toBigInt() : BigInt(toNumber(txnNumber));
    return { session: JSON.stringify(lsid), number };
  }
}
