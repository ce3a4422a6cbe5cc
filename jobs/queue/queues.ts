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

const TickPayload = z.strictObject({ v: z.literal(1) });

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
