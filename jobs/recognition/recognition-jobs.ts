/** All that happens to recognitions later: numbering, and the clock. Their messages are sent by the delivery service. */
import { setMaxListeners } from 'node:events';
import type { Connection } from 'mongoose';
import { createOwnContext, type HubServices, type RecognitionParts } from '../../schema/context.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { RECOGNITION_TOPIC, recognitionOutbox } from '../../schema/recognition/recognition-store.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import { Sequencer } from '../events/sequencer.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';
import { runClock } from './run-clock.ts';

export interface RecognitionJobsParts {
  readonly connection: Connection;
  readonly services: HubServices;
  readonly recognitions: RecognitionParts;
  readonly backend: QueueBackend;
  readonly doorbell: Doorbell;
  readonly delivery: Pick<DeliveryService, 'enqueue'>;
  readonly onFailure: (error: unknown, what: string) => void;
}

export interface RecognitionJobs {
  /** Lets go of what runs; the queue's workers are closed with their backend. */
  close(): Promise<void>;
}

const SEQUENCER_LEASE_MS = 10_000;
const CLOCK_EVERY_MS = 15_000;
/** For what the departments are asked on behalf of one batch. */
const LOOK_MS = 60_000;

export async function startRecognitionJobs(parts: RecognitionJobsParts): Promise<RecognitionJobs> {
  const { connection, services, recognitions, backend, doorbell, delivery } = parts;
  const { service, log } = recognitions;
  const stopped = new AbortController();
  setMaxListeners(0, stopped.signal);
  const watched =
    (what: string) =>
    (error: unknown): void => {
      if (!stopped.signal.aborted) parts.onFailure(error, what);
    };
  const sequencer = new Sequencer({
    outbox: recognitionOutbox(service.store),
    log,
    lease: new Lease(connection, 'sequencer:recognitions', SEQUENCER_LEASE_MS),
    doorbell,
    onNumbered: (ids) => delivery.enqueue(RECOGNITION_TOPIC, ids),
    onFailure: watched('sequencer'),
  });
  const openContext = () =>
    createOwnContext(services, {
      requestId: 'recognition-clock',
      signal: stopped.signal,
      deadlineAt: Date.now() + LOOK_MS,
    });
  const now = (): Date => services.clock.now();
  const onFailure = watched('recognition clock');
  backend.worker('recognition-clock', async () => await runClock({ service, openContext, now, onFailure }));
  await backend.queue('recognition-clock').schedule('recognition-clock', CLOCK_EVERY_MS, { v: 1 });
  sequencer.start();
  return {
    async close() {
      stopped.abort(new Error('the hub is stopping'));
      await sequencer.close();
    },
  };
}
