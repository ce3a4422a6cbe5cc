/** Follows a log of events from where it was left, so that each is dealt with at least once. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { EventLog, LogEvent, Numbered } from '../events/event-log.ts';

interface PositionDocument {
  readonly _id: string;
  readonly position: number;
}

const schema = new Schema<PositionDocument>(
  { _id: String, position: Number },
  { collection: 'log_positions', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

const AT_ONCE = 500;

export class LogFollower<E extends LogEvent> {
  readonly #log: EventLog<E>;
  readonly #name: string;
  readonly #model: Model<PositionDocument>;

  /** @param name under which the position is kept; whoever uses the same one shares it */
  constructor(connection: Connection, log: EventLog<E>, name: string) {
    this.#log = log;
    this.#name = name;
    this.#model = connection.models['LogPosition'] ?? connection.model<PositionDocument>('LogPosition', schema);
  }

  /**
   * Deals with everything that is logged by now.
   * @param work may be given the same events again when it or the process failed before
   */
  async run(work: (events: readonly (E & Numbered)[]) => Promise<void>): Promise<void> {
    const known = await this.#model.findById(this.#name).lean<PositionDocument>();
    let position = known?.position ?? 0;
    for (let hasMore = true; hasMore;) {
      const page = await this.#log.page(position, AT_ONCE);
      const last = page.events.at(-1);
      if (last === undefined) return;
      await work(page.events);
      position = last._id;
      await this.#model.updateOne({ _id: this.#name }, { $max: { position } }, { upsert: true });
      hasMore = page.hasMore;
    }
  }
}
