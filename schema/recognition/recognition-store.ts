/** Reads and writes recognitions, and how their events and messages leave them. */
import type { Connection } from 'mongoose';
import { aggregateMessages } from '../aggregate/aggregate-messages.ts';
import { aggregateOutbox, placedMessages } from '../aggregate/aggregate-outbox.ts';
import { AggregateStore, type StoreOptions } from '../aggregate/aggregate-store.ts';
import type { MessageKeeper } from '../delivery/ports.ts';
import { EventLog } from '../events/event-log.ts';
import type { Outbox } from '../events/outbox.ts';
import { RecognitionChange } from './change.ts';
import { begin, end, hurry } from './dispatch.ts';
import { envelopeOf } from './envelope.ts';
import { recognitionModel } from './recognition.model.ts';
import type { Recognition, RecognitionEvent } from './recognition.ts';

export const RECOGNITION_TOPIC = 'recognition';

export class RecognitionStore extends AggregateStore<Recognition, RecognitionChange> {
  constructor(connection: Connection, options: StoreOptions = {}) {
    super(
      {
        model: recognitionModel(connection),
        noun: 'recognition',
        begin: (recognition, actor, now) => new RecognitionChange(recognition, actor, now),
      },
      options,
    );
  }

  /**
   * Something about these institutions has changed: what rests on them is due to be looked at. One write for all, and kept
   * in each of them, so that whoever is killed afterwards forgets nothing.
   */
  async markChanged(creditCodes: readonly string[], now: Date): Promise<void> {
    await this.model.collection.updateMany(
      { restsOn: { $in: [...creditCodes] } },
      {
        $set: { recheckAt: now, nextClockAt: now },
        $inc: { changeCount: 1, revision: 1 },
      },
    );
  }

  /**
   * What the clock has something to do with, the longest due first. After a change very many are due since the same moment,
   * so a page is read by its place in the index, not by sorting them all.
   * @param after the last one of the page before, as it then was; null = from the first
   */
  async due(
    now: Date,
    after: Pick<Recognition, '_id' | 'nextClockAt'> | null,
    limit: number,
  ): Promise<readonly Recognition[]> {
    const since = after?.nextClockAt ?? null;
    const page = async (conditions: object, most: number): Promise<readonly Recognition[]> =>
      most === 0
        ? []
        : await this.model.find(conditions).sort({ nextClockAt: 1, _id: 1 }).limit(most).lean<Recognition[]>();
    if (after === null || since === null) return await page({ nextClockAt: { $lte: now } }, limit);
    const together = await page({ nextClockAt: since, _id: { $gt: after._id } }, limit);
    const later = await page({ nextClockAt: { $gt: since, $lte: now } }, limit - together.length);
    return [...together, ...later];
  }
}

/** The log of the events of all recognitions. */
export const recognitionLog = (connection: Connection): EventLog<RecognitionEvent> =>
  new EventLog<RecognitionEvent>(connection, 'recognition_events', [{ recognitionId: 1, _id: 1 }]);

export const recognitionOutbox = (store: RecognitionStore): Outbox<RecognitionEvent> =>
  aggregateOutbox(store, ({ targets }, numbers) => ({
    targets: targets.map((target) => ({ ...target, messages: placedMessages(target.messages, numbers) })),
  }));

/** Order is kept per recognition and department: thousands that rest on one institution do not wait for each other. */
export const recognitionMessages = (store: RecognitionStore): MessageKeeper =>
  aggregateMessages({
    topic: RECOGNITION_TOPIC,
    store,
    log: recognitionLog(store.model.db),
    messagesOf: ({ targets }) => targets.flatMap(({ messages }) => messages),
    envelopeOf,
    laneOf: ({ _id }, departmentId) => `${_id}|${departmentId}`,
    lane(lane) {
      const [_id, departmentId = ''] = lane.split('|');
      return { departmentId, conditions: { _id } };
    },
    openTo: (departmentId) => ({ hasOpen: true, targetIds: departmentId }),
    begin,
    end,
    hurry,
  });
