/**
 * The doorbell between processes: Redis where the queue is on it, else BullMQ's relay on the embedded queue. Within the
 * process it rings at once. It may be lost, late, or rung for nothing; everybody who listens also looks by himself.
 */
import { createPostgresRelayBackend, Relay } from 'bullmq';
import { Redis } from 'ioredis';
import { localDoorbell, type Bell, type Doorbell } from '../../schema/events/doorbell.ts';
import type { QueueAddress } from './queue-backend.ts';

export interface SharedDoorbell extends Doorbell {
  /** Resolves when the rings of other processes are heard; never rejects. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** What carries the rings: each publishes its own and hears those of all, its own included. */
interface Wire {
  publish(bell: Bell): Promise<unknown>;
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const BELLS: readonly Bell[] = ['pending', 'logged'];
/** Two connections: one publishes, one waits. */
const RELAY_CLIENTS = 2;

function redisWire(url: string, prefix: string, heard: (bell: Bell) => void): Wire {
  const channel = (bell: Bell) => `${prefix}:bell:${bell}`;
  // A ring that cannot be sent now is not worth sending later.
  const speaker = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const listener = new Redis(url, { maxRetriesPerRequest: null });
  for (const client of [speaker, listener]) client.on('error', () => undefined);
  listener.on('message', (from: string) => {
    for (const bell of BELLS) if (channel(bell) === from) heard(bell);
  });
  return {
    publish: (bell) => speaker.publish(channel(bell), ''),
    ready: listener.subscribe(...BELLS.map(channel)).then(() => undefined),
    close() {
      speaker.disconnect();
      listener.disconnect();
      return Promise.resolve();
    },
  };
}

function relayWire(url: string, prefix: string, heard: (bell: Bell) => void): Wire {
  const relay = new Relay({
    connection: { connectionString: url, schema: prefix, max: RELAY_CLIENTS, migrate: true },
    backend: createPostgresRelayBackend,
    namespace: 'bells',
  });
  relay.on('error', () => undefined);
  return {
    publish: (bell) => relay.publish(bell, null),
    ready: Promise.all(BELLS.map((bell) => relay.subscribe(bell, () => heard(bell)))).then(() => undefined),
    close: () => relay.close(),
  };
}

/** @param prefix keeps the bells of one hub apart from another's on the same server */
export function openDoorbell(address: QueueAddress, prefix = 'hub'): SharedDoorbell {
  const local = localDoorbell();
  const heard = (bell: Bell) => local.ring(bell);
  const wire = (address.kind === 'redis' ? redisWire : relayWire)(address.url, prefix, heard);
  /** Bells that are being rung elsewhere; true: they have been rung again since. */
  const ringing = new Map<Bell, boolean>();
  let isClosed = false;

  const ringElsewhere = (bell: Bell): void => {
    if (isClosed) return;
    ringing.set(bell, false);
    wire
      .publish(bell)
      .catch(() => undefined)
      .then(
        () => {
          const isRungAgain = ringing.get(bell) === true;
          ringing.delete(bell);
          if (isRungAgain) ringElsewhere(bell);
        },
        () => undefined,
      );
  };

  return {
    ready: wire.ready.catch(() => undefined),
    listen: (bell, listener) => local.listen(bell, listener),
    ring(bell) {
      local.ring(bell);
      // However often it is rung while a ring is on its way, one more will do.
      if (ringing.has(bell)) ringing.set(bell, true);
      else ringElsewhere(bell);
    },
    async close() {
      isClosed = true;
      await wire.close().catch(() => undefined);
    },
  };
}
