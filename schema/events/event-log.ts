/**
 * A log of events in one order, numbered from 1 without gaps. Written by a sequencer, read by whoever follows. Nothing is
 * ever changed in it or taken out of it.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';

export interface Numbered {
  /** Its number. */
  readonly _id: number;
}

export interface LogEvent {
  /** Unique in the log; the same event is logged once, however often it is brought. */
  readonly eventId: string;
}

export interface EventPage<E> {
  readonly events: readonly (E & Numbered)[];
  /** Whether more was there when the page was read. */
  readonly hasMore: boolean;
}

const MOST_TRIES = 50;
const AT_ONCE = 1_000;

export class EventLog<E extends LogEvent> {
  readonly #model: Model<E & Numbered>;

  /**
   * @param collection e.g. "notice_events"
   * @param indexes beyond those of the number and the event id
   */
  constructor(connection: Connection, collection: string, indexes: readonly Record<string, 1 | -1>[] = []) {
    const schema = new Schema(
      { _id: Number, eventId: { type: String, required: true } },
      { collection, strict: false, versionKey: false, id: false, autoIndex: false, autoCreate: false, minimize: false },
    );
    schema.index({ eventId: 1 }, { unique: true });
    for (const index of indexes) schema.index(index);
    this.#model = (connection.models[collection] ?? connection.model(collection, schema)) as Model<E & Numbered>;
  }

  /** Makes the indexes; to be awaited before the first event. */
  async open(): Promise<void> {
    await this.#model.createIndexes();
  }

  /**
   * Logs events in this order, after all that are there; those that are there already stay where they are. Two writers at
   * once do no harm: one of them tries again.
   * @returns the number of each event id
   */
  async append(events: readonly E[]): Promise<ReadonlyMap<string, number>> {
    const numbers = new Map<string, number>();
    for (let from = 0; from < events.length; from += AT_ONCE) {
      await this.#appendSome(events.slice(from, from + AT_ONCE), numbers);
    }
    return numbers;
  }

  /** The number of each of these events that is in the log. */
  async numbersOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const known = await this.#model
      .find({ eventId: { $in: [...eventIds] } } as Record<string, unknown>, { eventId: 1 })
      .lean<(LogEvent & Numbered)[]>();
    return new Map(known.map(({ eventId, _id }) => [eventId, _id]));
  }

  /** Number of the newest event; 0 for an empty log. */
  async head(): Promise<number> {
    const [newest] = await this.#model.find({}, { _id: 1 }).sort({ _id: -1 }).limit(1).lean<Numbered[]>();
    return newest?._id ?? 0;
  }

  /**
   * The events after a number, in order and without a gap: what a writer has not yet finished is not shown.
   * @param limit at most this many
   */
  async page(after: number, limit: number): Promise<EventPage<E>> {
    const found = await this.#model
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .lean<(E & Numbered)[]>();
    const gap = found.findIndex(({ _id }, index) => _id !== after + index + 1);
    const whole = gap < 0 ? found : found.slice(0, gap);
    return { events: whole.slice(0, limit), hasMore: whole.length > limit };
  }

  /**
   * The events with these values, in order.
   * @param filter plain values under an index of the log
   */
  async where(filter: Readonly<Record<string, string>>, limit: number): Promise<readonly (E & Numbered)[]> {
    return await this.#model
      .find(filter as Record<string, unknown>)
      .sort({ _id: 1 })
      .limit(limit)
      .lean<(E & Numbered)[]>();
  }

  async #appendSome(events: readonly E[], numbers: Map<string, number>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      for (const [eventId, number] of await this.numbersOf(events.map(({ eventId }) => eventId))) {
        numbers.set(eventId, number);
      }
      const added = events.filter(({ eventId }) => !numbers.has(eventId));
      if (added.length === 0) return;
      const head = await this.head();
      const numbered = added.map((event, index) => ({ ...event, _id: head + 1 + index }));
      try {
        await this.#model.collection.insertMany(numbered as never[], { ordered: true });
        for (const { eventId, _id } of numbered) numbers.set(eventId, _id);
        return;
      } catch (error) {
        // Another writer took the number, or logged the event: what has been written by now is found above.
        if (!isDuplicateKey(error) || tries === MOST_TRIES) throw error;
      }
    }
  }
}
