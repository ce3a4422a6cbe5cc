/** A mysql2 pool as Kysely wants it, whose connections do not outlive a call that nobody waits for. */
import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult, MysqlStream, MysqlStreamOptions } from 'kysely';
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2';
import { currentSignal } from './deadline.ts';

type Connected = (error: unknown, connection: MysqlPoolConnection) => void;
type Answered = (error: unknown, result: MysqlQueryResult) => void;

export class AbortableMysqlPool implements MysqlPool {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  getConnection(connected: Connected): void {
    this.#pool.getConnection((error, connection) => {
      connected(error, new AbortableConnection(connection));
    });
  }

  end(ended: (error: unknown) => void): void {
    this.#pool.end(ended);
  }
}

class AbortableConnection implements MysqlPoolConnection {
  readonly #connection: PoolConnection;
  #released = false;

  constructor(connection: PoolConnection) {
    this.#connection = connection;
  }

  query(statement: string, parameters: unknown[]): { stream: <T>(options: MysqlStreamOptions) => MysqlStream<T> };
  query(statement: string, parameters: unknown[], answered: Answered): void;
  query(statement: string, parameters: unknown[], answered?: Answered): unknown {
    if (answered === undefined) throw new Error('streams are not used on exchange databases');
    this.#run(statement, parameters, answered);
    return undefined;
  }

  #run(statement: string, parameters: unknown[], answered: Answered): void {
    const signal = currentSignal();
    let done = false;
    const finish = (error: unknown, result: MysqlQueryResult): void => {
      if (done) return;
      done = true;
      signal?.removeEventListener('abort', abandon);
      answered(error, result);
    };
    const abandon = (): void => {
      this.#destroy();
      finish(signal?.reason, []);
    };
    if (signal?.aborted === true) {
      finish(signal.reason, []);
      return;
    }
    signal?.addEventListener('abort', abandon, { once: true });
    this.#connection.query<RowDataPacket[] | ResultSetHeader>(statement, parameters, (error, result) => {
      if (error !== null && error.errno === undefined) this.#destroy();
      finish(error, result);
    });
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#connection.release();
  }

  #destroy(): void {
    if (this.#released) return;
    this.#released = true;
    this.#connection.destroy();
  }
}
