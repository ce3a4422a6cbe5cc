/** The hub is killed again and again while it reads the departments for the first time. */
import { afterAll, expect, it } from '@jest/globals';
import { hasRead, holdings } from './support/holdings.ts';
import { HubProcess, killHubs, newDataFolder } from './support/hub-process.ts';

afterAll(killHubs);

it('a hub that is killed in the middle of reading has, in the end, what one that was never killed has', async () => {
  const environment = { HUB_WORLD_SIZE: '10', HUB_SYNC_SECONDS: '5', LOG_LEVEL: 'silent' };
  const [quiet, killed] = [newDataFolder(), newDataFolder()];

  const never = new HubProcess({ ...environment, HUB_DATA_DIR: quiet });
  await never.started(60_000);
  const expected = await holdings(quiet);
  never.child.kill('SIGKILL');
  expect(expected.length).toBeGreaterThan(50);
  expect(expected.filter((line) => line.includes('r:52'))).toHaveLength(19);

  for (const mostRecords of [1, 60]) {
    const hub = new HubProcess({ ...environment, HUB_DATA_DIR: killed });
    await hub.started(60_000);
    await hasRead(killed, mostRecords);
    await hub.kill();
  }
  const last = new HubProcess({ ...environment, HUB_DATA_DIR: killed });
  await last.started(60_000);
  expect(await holdings(killed)).toEqual(expected);
  last.child.kill('SIGKILL');
}, 240_000);
