/**
 * Matters of the credit side: serious thresholds, repairs, false reports, ends of list entries. Each is one document, written whole with
 * the events that tell of the change, so that nothing is lost between the two.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import { isDuplicateKey } from '../duplicate-key.ts';
import { HubError } from '../errors.ts';
import type { LogEvent } from '../events/event-log.ts';
import type { Outbox, Unnumbered } from '../events/outbox.ts';
import type { RegionCode } from '../region/region.ts';

export interface CreditEvent extends LogEvent {
  readonly kind: string;
  readonly at: Date;
  readonly actor: string;
  readonly caseId: string;
  readonly creditCode: CreditCode;
  readonly regionCode: RegionCode;
  /** Departments whose matter it is. */
  readonly departmentIds: readonly string[];
  readonly detail: string | null;
}

export interface CreditCase {
  readonly _id: string;
  readonly type: 'THRESHOLD' | 'REPAIR' | 'FALSE_REPORT' | 'LIST_END';
  readonly revision: number;
  readonly creditCode: CreditCode;
  readonly regionCode: RegionCode;
  readonly openedAt: Date;
  readonly departmentIds: readonly string[];
  /** When its clock has something to do next; null = never. */
  readonly nextClockAt: Date | null;
  readonly eventCount: number;
  /** Not in the log yet, oldest first. */
  readonly pendingEvents: readonly CreditEvent[];
  readonly hasPending: boolean;
}

export const NEW_CASE = { revision: 1, eventCount: 0, pendingEvents: [], hasPending: false } as const;

/** The case with one more event. */
export function withEvent<C extends CreditCase>(
  credit: C,
  { kind, at, actor, detail = null }: Pick<CreditEvent, 'kind' | 'at' | 'actor'> & { readonly detail?: string | null },
): C {
  const { _id: caseId, creditCode, regionCode, departmentIds } = credit;
  const eventCount = credit.eventCount + 1;
  const event: CreditEvent = {
    ...{ eventId: `${caseId}.${eventCount}`, kind, at, actor, detail },
    ...{ caseId, creditCode, regionCode, departmentIds },
  };
  return { ...credit, eventCount, pendingEvents: [...credit.pendingEvents, event], hasPending: true };
}

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
caseSchema.index({ hasPending: 1 }, { partialFilterExpression: { hasPending: true } });
caseSchema.index({ type: 1, openedAt: -1, _id: 1 });
caseSchema.index({ creditCode: 1, type: 1 });
caseSchema.index({ nextClockAt: 1 });
caseSchema.index({ noticesPending: 1, type: 1 }, { partialFilterExpression: { noticesPending: true } });

const MOST_TRIES = 50;
const PENDING_AT_ONCE = 100;

const modelOf = (connection: Connection): Model<CreditCase> =>
  (connection.models['CreditCase'] ?? connection.model('CreditCase', caseSchema)) as Model<CreditCase>;

export class CaseStore<C extends CreditCase> {
  readonly model: Model<C>;
  readonly #type: C['type'];
  readonly #onPending: () => void;

  /** @param onPending told after every write that left events for the sequencer */
  constructor(connection: Connection, type: C['type'], onPending: () => void = () => undefined) {
    this.model = modelOf(connection) as unknown as Model<C>;
    this.#type = type;
    this.#onPending = onPending;
  }

  /** Makes the indexes; safe to run in every process at its start. */
  async open(): Promise<void> {
    await this.model.createIndexes();
  }

  async find(id: string): Promise<C | null> {
    return await this.model.findOne({ _id: id, type: this.#type } as Record<string, unknown>).lean<C>();
  }

  /** @throws HubError INPUT_INVALID when there is none */
  async get(id: string): Promise<C> {
    const found = await this.find(id);
    if (found !== null) return found;
    throw new HubError('INPUT_INVALID', 'There is no such case.');
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
      const waiting = await this.model
        .find({ type: this.#type, noticesPending: true, _id: { $gt: after } } as Record<string, unknown>)
        .sort({ _id: 1 })
        .limit(PENDING_AT_ONCE)
        .lean<C[]>();
      for (const credit of waiting) await work(credit).catch((error: unknown) => failures.push(error));
      const last = waiting.at(-1);
      if (last === undefined) return failures;
      after = last._id;
    }
  }

  /** @returns false when there is one of this id already */
  async insert(opened: C): Promise<boolean> {
    try {
      await this.model.collection.insertOne({ ...opened } as never);
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
    if (opened.hasPending) this.#onPending();
    return true;
  }

  /**
   * Runs a command on the case as it now is and writes what comes of it; when another writer was faster, runs it again.
   * @param command gives the same object when there is nothing to change
   * @throws HubError whatever the command refuses
   */
  async change(id: string, command: (credit: C) => C): Promise<C> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const before = await this.get(id);
      const after = command(before);
      if (after === before) return before;
      const written = { ...after, revision: before.revision + 1 };
      const filter = { _id: id, revision: before.revision };
      const { matchedCount } = await this.model.collection.replaceOne(filter as never, { ...written });
      if (matchedCount === 0) continue;
      if (written.hasPending) this.#onPending();
      return written;
    }
    throw new HubError('CONFLICT', 'The case is being changed by too many at once; try again.');
  }
}

/** The events of all cases, until they are numbered. */
export function creditOutbox(connection: Connection): Outbox<CreditEvent> {
  const model = modelOf(connection);
  return {
    async waiting(limit) {
      const cases = await model
        .find({ hasPending: true }, { pendingEvents: 1 })
        .limit(limit)
        .lean<Pick<CreditCase, '_id' | 'pendingEvents'>[]>();
      return cases.map(({ _id, pendingEvents }): Unnumbered<CreditEvent> => ({
        aggregateId: _id,
        events: pendingEvents,
      }));
    },
    async settle(aggregateId, numbers) {
      for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
        const credit = await model.findById(aggregateId).lean<CreditCase>();
        if (credit === null) return;
        const pendingEvents = credit.pendingEvents.filter(({ eventId }) => !numbers.has(eventId));
        if (pendingEvents.length === credit.pendingEvents.length) return;
        const settled = { pendingEvents, hasPending: pendingEvents.length > 0, revision: credit.revision + 1 };
        const { matchedCount } = await model.updateOne(
          { _id: aggregateId, revision: credit.revision },
          { $set: settled },
        );
        if (matchedCount === 1) return;
      }
      throw new Error(`case ${aggregateId} is being written by too many at once`);
    },
  };
}
