/** Gateway and worker as two processes, each killed while the departments are read for the first time. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queueServersThatDie } from '../queue/servers.ts';
import { HubProcess, killHubs, newDataFolder } from './support/hub-process.ts';
import { hasRead, holdings } from './support/holdings.ts';

const SETTINGS = { HUB_WORLD_SIZE: '10', HUB_SYNC_SECONDS: '5', LOG_LEVEL: 'silent' };
const LATE_MS = 120_000;

/** What a hub holds that was never killed. */
let expected: readonly string[];
beforeAll(async () => {
  const folder = newDataFolder();
  const never = new HubProcess({ ...SETTINGS, HUB_DATA_DIR: folder });
  await never.started(LATE_MS);
  expected = await holdings(folder);
  await never.kill();
  expect(expected.length).toBeGreaterThan(50);
}, 240_000);
afterAll(killHubs);

class TwoProcesses {
  readonly folder = newDataFolder();
  readonly #environment: Readonly<Record<string, string>>;

  constructor(environment: Readonly<Record<string, string>> = {}) {
    this.#environment = { ...SETTINGS, ...environment, HUB_DATA_DIR: this.folder };
  }

  start(role: 'gateway' | 'worker'): HubProcess {
    return new HubProcess(this.#environment, ['main.js', role]);
  }
}

/** Kills the worker, then the gateway with the store, then starts what is missing. */
async function killInTurn(hub: TwoProcesses, redisUrl: string | null): Promise<void> {
  // The worker is first, and waits for whoever has the departments' stand-ins.
  const worker = hub.start('worker');
  const gateway = hub.start('gateway');
  await Promise.all([gateway.started(LATE_MS), worker.says('Working on', LATE_MS)]);
  await hasRead(hub.folder, 1);
  await worker.kill();

  const second = hub.start('worker');
  await second.says('Working on', LATE_MS);
  await hasRead(hub.folder, 60);
  await gateway.kill();
  // Its store is gone; an orphan that works on nothing would look alive.
  expect(await second.ended(LATE_MS)).toBe(1);
  expect(second.stderr).toContain(`The hub that holds the data folder ${hub.folder} has ended`);

  const [last, third] = [hub.start('gateway'), hub.start('worker')];
  await Promise.all([last.started(LATE_MS), third.says('Working on', LATE_MS)]);
  expect(await holdings(hub.folder, redisUrl)).toEqual(expected);
  expect(await third.stop()).toBe(0);
  expect(await last.stop()).toBe(0);
}

describe('a gateway and a worker that are killed in the middle of reading have, in the end, what one hub has', () => {
  it.each(queueServersThatDie())(
    'on an embedded store and %s',
    async (name, start) => {
      if (name !== 'Redis') {
        await killInTurn(new TwoProcesses(), null);
        return;
      }
      const redis = await start();
      await killInTurn(new TwoProcesses({ REDIS_URL: redis.address.url }), redis.address.url);
      await redis.close();
    },
    400_000,
  );
});

describe('a second process on a data folder', () => {
  it('is refused when it is a whole hub', async () => {
    const hub = new TwoProcesses();
    const gateway = hub.start('gateway');
    await gateway.started(LATE_MS);
    const whole = new HubProcess({ ...SETTINGS, HUB_DATA_DIR: hub.folder });
    expect(await whole.ended(LATE_MS)).toBe(1);
    expect(whole.stderr).toContain('is in use by process');
    await gateway.kill();
  }, 240_000);
});
