/** The queues that the contract is put to: the embedded one always, and a real Redis where there is one. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedQueue } from '../../jobs/embedded/queue/start-queue-store.ts';
import type { QueueAddress } from '../../jobs/queue/queue-backend.ts';

export interface QueueServer {
  readonly address: QueueAddress;
  close(): Promise<void>;
}

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'hub-queue-'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startEmbedded(): Promise<QueueServer> {
  const folder = await temporaryFolder();
  const queue = await startEmbeddedQueue({ folder });
  return {
    address: { kind: 'postgres', url: queue.url },
    async close() {
      await queue.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startRedis(): Promise<QueueServer> {
  const [folder, port] = await Promise.all([temporaryFolder(), freePort()]);
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
  const server = spawn('redis-server', [...options, '--dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve();
    });
  });
  return {
    address: { kind: 'redis', url: `redis://127.0.0.1:${port}` },
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** By name. In CI a missing Redis fails the suite instead of leaving it out. */
/** For tests of what dies: all of them with `npm run test:chaos`; in the suite one, for each death is waited for. */
export const queueServersThatDie = (): ReturnType<typeof queueServers> =>
  queueServers().slice(process.env['HUB_TEST_CHAOS'] === undefined ? -1 : 0);

export function queueServers(): readonly (readonly [string, () => Promise<QueueServer>])[] {
  const embedded = ['the embedded queue', startEmbedded] as const;
  if (hasRedis || process.env['CI'] !== undefined) return [embedded, ['Redis', startRedis]];
  console.warn('No redis-server is installed: the queue contract is put to the embedded queue only.');
  return [embedded];
}
