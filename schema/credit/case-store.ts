/** Reads and writes the cases of the credit side, and how their events leave them. */
import { Schema, type Connection, type Model } from 'mongoose';
import { HUB_ACTOR } from '../aggregate/aggregate.ts';
import { aggregateOutbox, placedMessages } from '../aggregate/aggregate-outbox.ts';
import { AggregateStore, type StoreOptions } from '../aggregate/aggregate-store.ts';
import type { Outbox } from '../events/outbox.ts';
import { CaseChange, type CreditCase, type CreditEvent } from './credit-case.ts';

const caseSchema = new Schema(
  { _id: String },
  {
    collection: 'credit_cases',
    strict: false,
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);
caseSchema.index({ hasPending: 1, pendingSince: 1, _id: 1 }, { partialFilterExpression: { hasPending: true } });
caseSchema.index({ hasOpen: 1, _id: 1 }, { partialFilterExpression: { hasOpen: true } });
caseSchema.index({ type: 1, openedAt: -1, _id: 1 });
caseSchema.index({ creditCode: 1, type: 1 });
caseSchema.index({ nextClockAt: 1 });
caseSchema.index({ noticesPending: 1, type: 1 }, { partialFilterExpression: { noticesPending: true } });

const PENDING_AT_ONCE = 100;

const modelOf = (connection: Connection): Model<CreditCase> =>
  (connection.models['CreditCase'] ?? connection.model('CreditCase', caseSchema)) as Model<CreditCase>;

export class CaseStore<C extends CreditCase> extends AggregateStore<C, CaseChange<C>> {
  readonly #type: C['type'];

  constructor(connection: Connection, type: C['type'], options: StoreOptions = {}) {
    super(
      {
        model: modelOf(connection) as unknown as Model<C>,
        noun: 'case',
        begin: (credit, _actor, now) => new CaseChange(credit, now),
      },
      options,
    );
    this.#type = type;
  }

  /** All types lie together: whoever names a case of another type finds none. */
  override async find(id: string): Promise<C | null> {
    const credit = await super.find(id);
    return credit?.type === this.#type ? credit : null;
  }

  /** Of these institutions, oldest first. */
  async of(creditCodes: readonly string[]): Promise<readonly C[]> {
    return await this.model
      .find({ creditCode: { $in: creditCodes }, type: this.#type } as Record<string, unknown>)
      .sort({ openedAt: 1, _id: 1 })
      .lean<C[]>();
  }

  /** Whose clocks have something to do; at most `limit`. */
  async due(now: Date, limit: number): Promise<readonly C[]> {
    return await this.model
      .find({ nextClockAt: { $lte: now }, type: this.#type } as Record<string, unknown>)
      .sort({ nextClockAt: 1 })
      .limit(limit)
      .lean<C[]>();
  }

  /**
   * Deals with every case of which notices still have to follow, also when some of them cannot be dealt with.
   * @returns what failed
   */
  async forEachPending(work: (credit: C) => Promise<void>): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (let after = ''; ;) {
      const conditions = { type: this.#type, noticesPending: true, _id: { $gt: after } };
      const waiting = await this.where(conditions, PENDING_AT_ONCE);
      for (const credit of waiting) await work(credit).catch((error: unknown) => failures.push(error));
      const last = waiting.at(-1);
      if (last === undefined) return failures;
      after = last._id;
    }
  }

  /**
   * Runs a command on the case as it now is and writes what comes of it; when another writer was faster, runs it again.
   * @param command gives the same object when there is nothing to change
   * @throws HubError whatever the command refuses; INPUT_INVALID when there is no such case
   */
  async update(id: string, command: (credit: C) => C): Promise<C> {
    return await this.change(id, HUB_ACTOR, (change) => {
      change.credit = command(change.credit);
    });
  }
}

/** The events of all cases, until they are numbered. */
export function creditOutbox(connection: Connection): Outbox<CreditEvent> {
  const store = new AggregateStore<CreditCase, CaseChange<CreditCase>>({
    model: modelOf(connection),
    noun: 'case',
    begin: (credit, _actor, now) => new CaseChange(credit, now),
  });
  return aggregateOutbox(store, ({ messages }, numbers) => ({ messages: placedMessages(messages, numbers) }));
}
