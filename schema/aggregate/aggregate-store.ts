/** Reads and writes aggregates: whole, with a revision, so that of two writers the second one decides anew. */
import type { Model } from 'mongoose';
import { untilWritten } from '../contested.ts';
import { isDuplicateKey } from '../duplicate-key.ts';
import { HubError } from '../errors.ts';
import { Turns } from '../events/turns.ts';
import type { Actor, Aggregate, AggregateChange } from './aggregate.ts';

export interface AggregateKind<A extends Aggregate, C extends AggregateChange<A>> {
  readonly model: Model<A>;
  /** For messages to people: "notice". */
  readonly noun: string;
  begin(aggregate: A, actor: string, now: Date): C;
}

export interface StoreOptions {
  readonly now?: () => Date;
  /** Told after every write that left events for the sequencer. */
  readonly onPending?: () => void;
}

export class AggregateStore<A extends Aggregate, C extends AggregateChange<A>> {
  readonly model: Model<A>;
  readonly #kind: AggregateKind<A, C>;
  readonly #now: () => Date;
  readonly #onPending: () => void;
  readonly #turns = new Turns();

  constructor(kind: AggregateKind<A, C>, { now = () => new Date(), onPending = () => undefined }: StoreOptions = {}) {
    this.model = kind.model;
    this.#kind = kind;
    this.#now = now;
    this.#onPending = onPending;
  }

  /** Makes the indexes; safe to run in every process at its start. */
  async open(): Promise<void> {
    await this.model.createIndexes();
  }

  async find(id: string): Promise<A | null> {
    return await this.model.findById(id).lean<A>();
  }

  /** Aggregates under these conditions, in order of their ids. */
  async where(conditions: Readonly<Record<string, unknown>>, limit = 0): Promise<readonly A[]> {
    return await this.model.find(conditions).sort({ _id: 1 }).limit(limit).lean<A[]>();
  }

  /** Ids of the aggregates under these conditions, in no particular order. */
  idsOf(conditions: Readonly<Record<string, unknown>>): AsyncIterable<{ readonly _id: string }> {
    return this.model.find(conditions, { _id: 1 }).lean<{ readonly _id: string }>().cursor();
  }

  /** @throws HubError INPUT_INVALID when there is none */
  async get(id: string): Promise<A> {
    const aggregate = await this.find(id);
    if (aggregate !== null) return aggregate;
    throw new HubError('INPUT_INVALID', `There is no ${this.#kind.noun} with this id.`);
  }

  /** @returns false when a key of it that must be unique is taken */
  async insert(aggregate: A): Promise<boolean> {
    try {
      await this.model.collection.insertOne({ ...aggregate } as never);
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
    if (aggregate.hasPending) this.#onPending();
    return true;
  }

  /** @returns false when another writer was faster */
  async replace(before: A, after: A): Promise<boolean> {
    const filter = { _id: before._id, revision: before.revision };
    const written = { ...after, revision: before.revision + 1 };
    const { matchedCount } = await this.model.collection.replaceOne(filter as never, written);
    return matchedCount === 1;
  }

  /**
   * The same for many, in one statement: one by one each would wait for the disk.
   * @returns whether no other writer was faster at any of them; those at which none was are written all the same
   */
  async replaceMany(pairs: readonly { readonly before: A; readonly after: A }[]): Promise<boolean> {
    if (pairs.length === 0) return true;
    const operations = pairs.map(({ before, after }) => ({
      replaceOne: {
        filter: { _id: before._id, revision: before.revision },
        replacement: { ...after, revision: before.revision + 1 },
      },
    }));
    const { matchedCount } = await this.model.collection.bulkWrite(operations as never, { ordered: false });
    return matchedCount === pairs.length;
  }

  /**
   * Runs a command on each of them as it has been read, and writes all outcomes together; where another writer was faster,
   * runs it again on what that one wrote.
   * @param command must change nothing when it is run again on what it has brought about
   * @returns what it failed with, one for each aggregate that it refused
   */
  async changeMany(
    known: readonly A[],
    actor: Actor,
    command: (change: C, aggregate: A) => void,
  ): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    const pairs: { readonly before: A; readonly after: A }[] = [];
    for (const before of known) {
      try {
        const change = this.#kind.begin(before, actor.name, this.#now());
        command(change, before);
        if (change.isChanged) pairs.push({ before, after: change.outcome() });
      } catch (error) {
        failures.push(error);
      }
    }
    const isWhole = await this.replaceMany(pairs);
    if (pairs.some(({ after }) => after.hasPending)) this.#onPending();
    for (const { before } of isWhole ? [] : pairs) {
      await this.change(before._id, actor, (change) => command(change, before)).catch((error: unknown) =>
        failures.push(error),
      );
    }
    return failures;
  }

  /**
   * Runs a command on the aggregate as it now is and writes what comes of it; when another writer was faster, runs it
   * again on what that one wrote. A command that changes nothing writes nothing. Writers of this process take turns: an
   * aggregate goes to all its recipients at once, and of many that write at the same time only one gets its way.
   * @param known its id, or the aggregate as it has been read, which then need not be read again
   * @throws HubError whatever the command refuses; INPUT_INVALID when there is no such aggregate
   */
  async change(known: string | A, actor: Actor, command: (change: C) => void | Promise<void>): Promise<A> {
    return await this.#turns.take(typeof known === 'string' ? known : known._id, () =>
      this.#change(known, actor, command),
    );
  }

  async #change(known: string | A, actor: Actor, command: (change: C) => void | Promise<void>): Promise<A> {
    const id = typeof known === 'string' ? known : known._id;
    let read = typeof known === 'string' ? null : known;
    const attempt = async () => {
      const before = read ?? (await this.get(id));
      read = null;
      const change = this.#kind.begin(before, actor.name, this.#now());
      await command(change);
      if (!change.isChanged) return before;
      const after: A = { ...change.outcome(), revision: before.revision + 1 };
      if (!(await this.replace(before, after))) return null;
      if (after.hasPending) this.#onPending();
      return after;
    };
    return await untilWritten(
      attempt,
      () => new HubError('CONFLICT', `The ${this.#kind.noun} is being changed by too many at once; try again.`),
    );
  }
}
