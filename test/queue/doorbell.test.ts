/** The doorbell between processes, on every server that may carry it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDoorbell, type SharedDoorbell } from '../../jobs/queue/doorbell.ts';
import type { Bell, Doorbell } from '../../schema/events/doorbell.ts';
import { queueServers, type QueueServer } from './servers.ts';

/** Counts the rings of a bell, and waits for them. */
function count(doorbell: Doorbell, bell: Bell) {
  let rings = 0;
  let heard: () => void = () => undefined;
  const stop = doorbell.listen(bell, () => {
    rings += 1;
    heard();
  });
  return {
    rings: () => rings,
    stop,
    async atLeast(wanted: number): Promise<void> {
      while (rings < wanted) await new Promise<void>((resolve) => (heard = resolve));
    },
  };
}

describe.each(queueServers())('the doorbell on %s', (_name, start) => {
  let server: QueueServer;
  let here: SharedDoorbell;
  let there: SharedDoorbell;
  let elsewhere: SharedDoorbell;
  beforeAll(async () => {
    server = await start();
    [here, there, elsewhere] = [
      openDoorbell(server.address, 'one'),
      openDoorbell(server.address, 'one'),
      openDoorbell(server.address, 'two'),
    ];
    await Promise.all([here, there, elsewhere].map(({ ready }) => ready));
  });
  afterAll(async () => {
    await Promise.all([here, there, elsewhere].map((doorbell) => doorbell.close()));
    await server.close();
  });

  it('is heard by other processes of the same hub, and by no other hub', async () => {
    const [logged, pending, strange] = [count(there, 'logged'), count(there, 'pending'), count(elsewhere, 'logged')];
    here.ring('logged');
    await logged.atLeast(1);
    expect([pending.rings(), strange.rings()]).toEqual([0, 0]);
    here.ring('pending');
    await pending.atLeast(1);
    [logged, pending, strange].forEach(({ stop }) => stop());
  });

  it('is heard at once in its own process', () => {
    const own = count(here, 'logged');
    here.ring('logged');
    expect(own.rings()).toBeGreaterThanOrEqual(1);
    own.stop();
  });

  it('is rung elsewhere once more after many rings, not once for each', async () => {
    // Rings of the tests before may still be on their way.
    const settled = count(there, 'pending');
    here.ring('pending');
    await settled.atLeast(1);
    settled.stop();
    const far = count(there, 'logged');
    for (let ring = 0; ring < 5_000; ring += 1) here.ring('logged');
    await far.atLeast(1);
    here.ring('pending');
    const last = count(there, 'pending');
    here.ring('pending');
    await last.atLeast(1);
    expect(far.rings()).toBeLessThan(100);
    far.stop();
    last.stop();
  });

  it('does not ring for those who listen no more', async () => {
    const [gone, stays] = [count(there, 'logged'), count(there, 'logged')];
    gone.stop();
    here.ring('logged');
    await stays.atLeast(1);
    expect(gone.rings()).toBe(0);
    stays.stop();
  });
});

describe('a doorbell whose server is not there', () => {
  it.each(['redis://127.0.0.1:1', 'postgres://hub@127.0.0.1:1/hub?sslmode=disable'])(
    'rings in its own process all the same, and closes: %s',
    async (url) => {
      const doorbell = openDoorbell({ kind: url.startsWith('redis') ? 'redis' : 'postgres', url });
      const own = count(doorbell, 'logged');
      for (let ring = 0; ring < 10; ring += 1) doorbell.ring('logged');
      expect(own.rings()).toBe(10);
      await new Promise((resolve) => setImmediate(resolve));
      await doorbell.close();
    },
  );
});
