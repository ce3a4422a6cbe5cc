/** A pg pool as Kysely wants it, whose connections do not outlive a call that nobody waits for. */
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { Client, DatabaseError, type ClientConfig, type Pool, type PoolClient } from 'pg';
import { currentSignal, orAborted } from './deadline.ts';
import { GuardedSocket } from './guarded-socket.ts';

/** A client that closes its socket when it does not get through the start of the conversation; pg leaves it open. */
export class ClosingClient extends Client {
  readonly #socket: GuardedSocket;

  constructor(config: ClientConfig = {}) {
    const socket = new GuardedSocket();
    // The pool hides the password from listings of its options, so a spread alone would lose it.
    super({ ...config, password: config.password, stream: () => socket });
    this.#socket = socket;
  }

  override connect(): Promise<Client>;
  override connect(connected: (error: Error) => void): void;
  override connect(connected?: (error: Error) => void): Promise<Client> | undefined {
    if (connected === undefined) throw new Error('only the pool connects');
    super.connect((error: Error | null) => {
      if (error instanceof Error) this.#socket.destroy();
      connected(error as Error);
    });
    return undefined;
  }
}

export class AbortablePostgresPool implements PostgresPool {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async connect(): Promise<PostgresPoolClient> {
    const connecting = this.#pool.connect();
    const signal = currentSignal();
    try {
      return new AbortableClient(await orAborted(connecting, signal));
    } catch (error) {
      // It may still arrive; then the pool gets it back.
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      throw error;
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

class AbortableClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  #released = false;
  /** What the server says next cannot be told from the answer to an earlier statement. */
  #outOfStep = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  query<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    statement: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof statement !== 'string') throw new Error('cursors are not used on exchange databases');
    return this.#run<R>(statement, parameters);
  }

  async #run<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const signal = currentSignal();
    const abandon = (): void => {
      this.#outOfStep = true;
      this.release();
    };
    signal?.throwIfAborted();
    signal?.addEventListener('abort', abandon, { once: true });
    try {
      const result = await orAborted(this.#client.query(statement, [...parameters]), signal);
      return result as PostgresQueryResult<R>;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code === undefined) this.#outOfStep = true;
      throw error;
    } finally {
      signal?.removeEventListener('abort', abandon);
    }
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#client.release(this.#outOfStep);
  }
}
