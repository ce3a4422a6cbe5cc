/**
 * Sends the messages of every topic: one job per message, put back by a reconciler when the queue has forgotten it. The
 * aggregates are the truth, the queue is only muscle.
 */
import { setMaxListeners } from 'node:events';
import type { ChannelOf, HeldMessage, MessageKeeper, OpenMessage, OpenPage } from '../../schema/delivery/ports.ts';
import { RunAgainAt, type QueueBackend } from '../queue/queue-backend.ts';
import { deliverMessage, leaseMsOf } from './deliver-message.ts';

export interface DeliveryServiceParts {
  readonly keepers: readonly MessageKeeper[];
  readonly channelOf: ChannelOf;
  readonly backend: QueueBackend;
  /** Messages under way at the same time in this process. */
  readonly concurrency: number;
  readonly reconcileEveryMs?: number;
  readonly callTimeoutMs?: number;
  readonly onFailure: (error: unknown) => void;
}

export interface DeliveryService {
  /** Enqueues what is open in these aggregates. */
  enqueue(topic: string, aggregateIds: readonly string[]): Promise<void>;
  /** Puts every open message back into the queue that is not there. @returns how many messages are open */
  reconcile(): Promise<number>;
  close(): Promise<void>;
}

const RECONCILE_EVERY_MS = 15_000;
const PAGE = 500;
/** With very many open messages it takes a while to look at all: it then rests for so many times as long. */
const RESTS_FOR = 9;

export async function startDeliveryService(parts: DeliveryServiceParts): Promise<DeliveryService> {
  const { keepers, backend, channelOf } = parts;
  const queue = backend.queue('message-deliver');
  const stopped = new AbortController();
  setMaxListeners(0, stopped.signal);

  const keeperOf = (topic: string): MessageKeeper => {
    const keeper = keepers.find((each) => each.topic === topic);
    if (keeper === undefined) throw new Error(`nobody keeps messages of "${topic}"`);
    return keeper;
  };

  const add = async (open: readonly OpenMessage[]): Promise<void> => {
    // A job that is there already is left alone.
    await queue.addMany(
      open.map(({ reference, nextAttemptAt }) => ({
        payload: { v: 1, ...reference },
        jobId: reference.messageId,
        delayMs: nextAttemptAt.getTime() - Date.now(),
      })),
    );
  };

  const wakeLane = async (keeper: MessageKeeper, { lane }: HeldMessage): Promise<void> => {
    const [next] = [...(await keeper.openIn({ lane }))].sort((a, b) => a.position - b.position);
    if (next !== undefined) await queue.wake({ v: 1, ...next.reference }, next.reference.messageId);
  };

  const reconcile = async (): Promise<number> => {
    let count = 0;
    for (const keeper of keepers) {
      let after: string | null = null;
      do {
        const page: OpenPage = await keeper.openAfter(after, PAGE);
        await add(page.messages);
        count += page.messages.length;
        after = page.next;
      } while (after !== null && !stopped.signal.aborted);
    }
    return count;
  };

  let restsUntil = 0;
  /** @returns null when it rests, which it does not when the queue holds nothing */
  const reconcileNowAndThen = async (): Promise<number | null> => {
    if (Date.now() < restsUntil && (await queue.bull.count()) > 0) return null;
    const begin = Date.now();
    const open = await reconcile();
    restsUntil = Date.now() + RESTS_FOR * (Date.now() - begin);
    return open;
  };

  const reported = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RunAgainAt)) parts.onFailure(error);
      throw error;
    }
  };

  // Whoever is silent for longer than a call may last is dead: its jobs are taken over when the messages' leases end.
  const lockDurationMs = leaseMsOf(parts.callTimeoutMs);
  backend.worker(
    'message-deliver',
    ({ topic, aggregateId, messageId }) =>
      reported(async () => {
        const keeper = keeperOf(topic);
        return await deliverMessage(
          keeper,
          { topic, aggregateId, messageId },
          {
            channelOf,
            signal: stopped.signal,
            onSettled: (held) => wakeLane(keeper, held),
            ...(parts.callTimeoutMs !== undefined && { callTimeoutMs: parts.callTimeoutMs }),
          },
        );
      }),
    { concurrency: parts.concurrency, lockDurationMs, stalledIntervalMs: lockDurationMs / 4 },
  );
  backend.worker('message-hurry', ({ departmentId }) =>
    reported(async () => {
      for (const keeper of keepers) {
        for (const { reference } of await keeper.hurry(departmentId)) {
          await queue.wake({ v: 1, ...reference }, reference.messageId);
        }
      }
    }),
  );
  backend.worker('message-reconcile', () => reported(reconcileNowAndThen));
  await backend
    .queue('message-reconcile')
    .schedule('message-reconcile', parts.reconcileEveryMs ?? RECONCILE_EVERY_MS, { v: 1 });
  return {
    async enqueue(topic, aggregateIds) {
      await add(await keeperOf(topic).openIn({ aggregateIds }));
    },
    reconcile,
    close() {
      stopped.abort(new Error('the hub is stopping'));
      return Promise.resolve();
    },
  };
}
