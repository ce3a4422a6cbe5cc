/** Open cursors. What is left of a result is kept as record numbers and read when it is asked for. */
import { MongoError } from '../mongo-error.ts';
import type { CursorReply } from './command.ts';

/** Gives the next document, or null at the end. */
export type Source = Iterator<Uint8Array>;

interface Cursor {
  readonly namespace: string;
  readonly source: Source;
  held: Uint8Array | null;
  usedAt: number;
}

const FIRST_BATCH = 101;
const MOST_BATCH_BYTES = 16 * 1_048_576;
const IDLE_MS = 10 * 60_000;

export class Cursors {
  readonly #open = new Map<bigint, Cursor>();
  #nextId = 1n;

  /** @param batchSize null = the usual first batch */
  open(namespace: string, source: Source, batchSize: number | null, isSingle: boolean): CursorReply {
    this.#forgetIdle();
    const cursor: Cursor = { namespace, source, held: null, usedAt: Date.now() };
    const batch = this.#take(cursor, batchSize ?? FIRST_BATCH);
    const id = isSingle || !this.#hasMore(cursor) ? 0n : this.#nextId++;
    if (id !== 0n) this.#open.set(id, cursor);
    return { id, namespace, batch, isFirst: true };
  }

  /** @throws MongoError 43 */
  more(id: bigint, namespace: string, batchSize: number | null): CursorReply {
    const cursor = this.#open.get(id);
    if (cursor === undefined || cursor.namespace !== namespace) throw new MongoError(43, `cursor id ${id} not found`);
    cursor.usedAt = Date.now();
    const batch = this.#take(cursor, batchSize ?? Infinity);
    const hasMore = this.#hasMore(cursor);
    if (!hasMore) this.#open.delete(id);
    return { id: hasMore ? id : 0n, namespace, batch, isFirst: false };
  }

  /** @returns whether there was such a cursor */
  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  #take(cursor: Cursor, size: number): Uint8Array[] {
    const batch: Uint8Array[] = [];
    let bytes = 0;
    while (batch.length < size && this.#hasMore(cursor) && cursor.held !== null) {
      if (batch.length > 0 && bytes + cursor.held.length > MOST_BATCH_BYTES) break;
      batch.push(cursor.held);
      bytes += cursor.held.length;
      cursor.held = null;
    }
    return batch;
  }

  #hasMore(cursor: Cursor): boolean {
    if (cursor.held !== null) return true;
    const next = cursor.source.next();
    if (next.done === true) return false;
    cursor.held = next.value;
    return true;
  }

  #forgetIdle(): void {
    const limit = Date.now() - IDLE_MS;
    for (const [id, { usedAt }] of this.#open) if (usedAt < limit) this.#open.delete(id);
  }
}
