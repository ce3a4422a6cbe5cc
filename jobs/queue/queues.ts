/** Every queue: what its jobs carry (ids only), how often they are tried, how long they are kept. */
import { z } from 'zod';
import { REPLICATED_READS } from '../../schema/ports.ts';
import type { BackoffSchedule } from './backoff.ts';

const SyncPayload = z.strictObject({
  v: z.literal(1),
  departmentId: z.string().regex(/^[a-z][a-z0-9-]*$/),
  read: z.enum(REPLICATED_READS),
  /** Read everything, whatever the watermark says. */
  full: z.boolean(),
});

const id = z.string().regex(/^[\w.-]{1,200}$/);

/** Ids only: what is to be sent lies in its aggregate. */
const DeliverPayload = z.strictObject({ v: z.literal(1), topic: id, aggregateId: id, messageId: id });

/** Work of the hub's clock, e.g. every minute; nothing but the time says what is to be done. */
const TickPayload = z.strictObject({ v: z.literal(1) });

const DepartmentPayload = z.strictObject({ v: z.literal(1), departmentId: z.string().regex(/^[a-z][a-z0-9-]*$/) });

export interface QueueDefinition<S extends z.ZodType = z.ZodType> {
  readonly payload: S;
  readonly attempts: number;
  readonly backoff: BackoffSchedule;
  /** Finished jobs that are kept, the newest; a job of the same id is dropped in silence while one is kept. */
  readonly keptCompleted: number;
  readonly keptFailed: number;
}

export const QUEUES = {
  /** Brings one feed of the replica up to date. A failed run is followed by the next scheduled one. */
  'replica-sync': {
    payload: SyncPayload,
    attempts: 3,
    backoff: { firstMs: 2_000, longestMs: 30_000 },
    keptCompleted: 100,
    keptFailed: 500,
  },
  /** Compares one feed with its department, record by record. */
  'replica-reconcile': {
    payload: SyncPayload,
    attempts: 5,
    backoff: { firstMs: 60_000, longestMs: 1_800_000 },
    keptCompleted: 100,
    keptFailed: 500,
  },
  /** Finds the local numbers that wait for a person. A failed run is followed by the next scheduled one. */
  'alias-candidates': {
    payload: TickPayload,
    attempts: 1,
    backoff: { firstMs: 2_000, longestMs: 30_000 },
    keptCompleted: 20,
    keptFailed: 100,
  },
  /**
   * Sends one message to one department. Attempts and waits are the message's own (schema/delivery/message.ts); those of
   * the queue are for a store that is away. Nothing is kept: a kept job would keep its message from being enqueued again.
   */
  'message-deliver': {
    payload: DeliverPayload,
    attempts: 5,
    backoff: { firstMs: 500, longestMs: 30_000 },
    keptCompleted: 0,
    keptFailed: 0,
  },
  /** Puts messages back that the queue has forgotten. */
  'message-reconcile': {
    payload: TickPayload,
    attempts: 1,
    backoff: { firstMs: 1_000, longestMs: 1_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
  /** Sends what waits for a department that can be reached again. */
  'message-hurry': {
    payload: DepartmentPayload,
    attempts: 5,
    backoff: { firstMs: 500, longestMs: 30_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
  /** Hears what a department says of notices by its own protocol. */
  'notice-words': {
    payload: DepartmentPayload,
    attempts: 1,
    backoff: { firstMs: 1_000, longestMs: 1_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
  /** Statutory clocks of notices: reminders, overdue, expiry, archive. */
  'notice-clock': {
    payload: TickPayload,
    attempts: 1,
    backoff: { firstMs: 1_000, longestMs: 1_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
  /** Recognitions: what they rest on has changed, a silent source may answer, their time is over. */
  'recognition-clock': {
    payload: TickPayload,
    attempts: 1,
    backoff: { firstMs: 1_000, longestMs: 1_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
  /** Clocks of repairs, and notices that follow them. The next run follows soon. */
  'credit-clock': {
    payload: TickPayload,
    attempts: 1,
    backoff: { firstMs: 1_000, longestMs: 1_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
  /** Computes what changes in the replica and the passing of days have left to compute. The next run follows soon. */
  'institution-index': {
    payload: TickPayload,
    attempts: 1,
    backoff: { firstMs: 1_000, longestMs: 1_000 },
    keptCompleted: 10,
    keptFailed: 100,
  },
} as const satisfies Record<string, QueueDefinition>;

export type QueueName = keyof typeof QUEUES;
export type Payload<N extends QueueName> = z.infer<(typeof QUEUES)[N]['payload']>;
