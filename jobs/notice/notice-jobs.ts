/** All that happens to notices later: numbering, hearing, clocks. Their messages are sent by the delivery service. */
import { setMaxListeners } from 'node:events';
import type { Connection } from 'mongoose';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import type { NoticeParts } from '../../schema/context.ts';
import { NOTICE_TOPIC } from '../../schema/notice/notice-messages.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import type { Clock, SourceRegistry } from '../../schema/ports.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import { Sequencer } from '../events/sequencer.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';
import { hearWords, type HeardWords } from './hear-words.ts';
import { runClock } from './run-clock.ts';

export interface NoticeJobsParts {
  readonly connection: Connection;
  readonly notices: Pick<NoticeParts, 'service' | 'log'>;
  readonly registry: SourceRegistry;
  readonly backend: QueueBackend;
  readonly doorbell: Doorbell;
  readonly delivery: Pick<DeliveryService, 'enqueue'>;
  readonly clock: Clock;
  /** How often departments are asked for their words. */
  readonly hearEverySeconds: number;
  readonly onFailure: (error: unknown, what: string) => void;
}

export interface NoticeJobs {
  /** Lets go of what runs; the queue's workers are closed with their backend. */
  close(): Promise<void>;
}

const SEQUENCER_LEASE_MS = 10_000;
const CLOCK_EVERY_MS = 60_000;

export async function startNoticeJobs(parts: NoticeJobsParts): Promise<NoticeJobs> {
  const { connection, notices, registry, backend, doorbell, delivery, clock } = parts;
  const { service, log } = notices;
  const stopped = new AbortController();
  setMaxListeners(0, stopped.signal);
  const watched =
    (what: string) =>
    (error: unknown): void => {
      if (!stopped.signal.aborted) parts.onFailure(error, what);
    };
  const sequencer = new Sequencer({
    outbox: noticeOutbox(service.store),
    log,
    lease: new Lease(connection, 'sequencer:notices', SEQUENCER_LEASE_MS),
    doorbell,
    onNumbered: (noticeIds) => delivery.enqueue(NOTICE_TOPIC, noticeIds),
    onFailure: watched('numbering'),
  });
  const reported = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      watched(what)(error);
      throw error;
    }
  };
  backend.worker('notice-clock', () => reported('clock', () => runClock(service, clock.now())));
  await backend.queue('notice-clock').schedule('notice-clock', CLOCK_EVERY_MS, { v: 1 });
  const speaking = registry.all().filter(({ notices: door }) => door !== undefined);
  const underWay = new Set<string>();
  const hear = async (departmentId: string): Promise<HeardWords | null> => {
    const source = registry.find(departmentId);
    if (source === undefined || underWay.has(departmentId)) return null;
    underWay.add(departmentId);
    try {
      const scope = { requestId: `words-${departmentId}`, signal: stopped.signal, deadlineAt: Infinity };
      return await hearWords(source, service, scope);
    } finally {
      underWay.delete(departmentId);
    }
  };
  backend.worker('notice-words', ({ departmentId }) => reported('hearing', () => hear(departmentId)), {
    // One that is silent keeps no other from being heard.
    concurrency: Math.max(1, speaking.length),
  });
  const hears = backend.queue('notice-words');
  for (const { department } of speaking) {
    await hears.schedule(department.id, parts.hearEverySeconds * 1_000, { v: 1, departmentId: department.id });
  }
  for (const { key } of await hears.bull.getJobSchedulers()) {
    if (!speaking.some(({ department }) => department.id === key)) await hears.unschedule(key);
  }
  sequencer.start();
  return {
    async close() {
      stopped.abort(new Error('the hub is stopping'));
      await sequencer.close();
    },
  };
}
