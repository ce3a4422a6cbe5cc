/** Reads and writes recognitions, and how their events and messages leave them. */
import type { Connection } from 'mongoose';
import { aggregateMessages } from '../aggregate/aggregate-messages.ts';
import { aggregateOutbox, placedMessages } from '../aggregate/aggregate-outbox.ts';
import { AggregateStore, type StoreOptions } from '../aggregate/aggregate-store.ts';
import type { MessageKeeper } from '../delivery/ports.ts';
import { EventLog } from '../events/event-log.ts';
import type { Outbox } from '../events/outbox.ts';
import { RecognitionChange } from './change.ts';
import { begin, end } from './dispatch.ts';
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
    messagesOf: ({ targets }) => targets.flatMap(({ messages }) => messages),
    envelopeOf,
    laneOf: ({ _id }, departmentId) => `${_id}|${departmentId}`,
    lane(lane) {
      const [_id, departmentId = ''] = lane.split('|');
      return { departmentId, conditions: { _id } };
    },
    begin,
    end,
  });
