/** Operations are put on record in a chain per process, before they begin and when they end. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { startEmbeddedStore } from '../../jobs/embedded/store/start-store.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { verifyAuditStore } from '../../schema/audit/verify-audit.ts';
import { entry, openAuditWorld, outcome, recordsIn, type AuditWorld } from './support.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await openAuditWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const verify = async () => await verifyAuditStore(world.store, await world.keys.publicKeys());

describe('The audit trail', () => {
  it('has an operation on record before it begins, and its end after it', async () => {
    const trail = world.newTrail();
    await trail.open(entry());
    expect(await world.records()).toMatchObject([{ chain: trail.chain, sequence: 1, kind: 'OPENED', outcome: null }]);
    trail.note(entry({ kind: 'CLOSED', outcome: outcome() }));
    await trail.close();
    const [opened, closed] = await world.records();
    expect(closed).toMatchObject({ sequence: 2, kind: 'CLOSED', operationId: 'op-1', previous: opened?.hash, lost: 0 });
    expect(await verify()).toMatchObject({ records: 2, chains: 1, unclosed: 0, unanchored: 2 });
  });

  it('numbers without gaps what many operations bring at once, and writes it together', async () => {
    const trail = world.newTrail();
    await Promise.all(Array.from({ length: 300 }, (_, index) => trail.open(entry({ operationId: `op-${index}` }))));
    await trail.close();
    const records = await world.records();
    expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(await verify()).toMatchObject({ records: 300, unclosed: 300 });
  });

  it('gives every process a chain of its own, and ties all of them together in one order of anchors', async () => {
    const [first, second] = [world.newTrail(), world.newTrail()];
    await Promise.all([first, second].map((trail) => trail.open(entry())));
    // Two processes at the same time: one of them makes its anchor anew, over what the other has left.
    const anchored = await Promise.all([first, second].map((trail) => world.anchorsOf(trail).anchor()));
    await second.open(entry({ operationId: 'op-2' }));
    await world.anchorsOf(second).anchor();
    expect(anchored.flatMap((anchor) => anchor?.heads ?? []).map(({ chain }) => chain)).toEqual(
      expect.arrayContaining([first.chain, second.chain]),
    );
    expect(await verify()).toMatchObject({ chains: 2, records: 3, unanchored: 0 });
    expect(await world.anchorsOf(first).anchor()).toBeNull();
  });

  it('anchors the chain of a process that was killed', async () => {
    const killed = world.newTrail();
    await killed.open(entry());
    const next = world.newTrail();
    await next.open(entry({ operationId: 'op-2' }));
    const anchor = await world.anchorsOf(next).anchor();
    expect(anchor?.heads.map(({ chain }) => chain).sort()).toEqual([killed.chain, next.chain].sort());
  });
});

describe('Processes that are killed', () => {
  it('leave every operation on record that had begun, and chains that are whole', async () => {
    const { uri, connection } = world.server;
    const begun: string[] = [];
    const children = [0, 1, 2].map(() =>
      fork(join(projectRoot, 'test/audit/writer.mjs'), [uri, connection.name, JSON.stringify(entry())], {
        env: { ...process.env, NODE_OPTIONS: '' },
      }),
    );
    try {
      // All three at the same time, each killed at another moment.
      await Promise.all(
        children.map(async (child, index) => {
          let count = 0;
          await new Promise<void>((resolve) => {
            child.on('message', ({ operationId }: { readonly operationId: string }) => {
              begun.push(operationId);
              count += 1;
              if (count === 40 + index * 17) resolve();
            });
          });
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        }),
      );
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
    const kept = new Set((await world.records()).map(({ operationId }) => operationId));
    expect(begun.filter((operationId) => !kept.has(operationId))).toEqual([]);
    const next = world.newTrail();
    await next.open(entry());
    await world.anchorsOf(next).anchor();
    expect(await verify()).toMatchObject({ chains: 4, records: kept.size + 1, unanchored: 0 });
  });
});

describe('When the store is away', () => {
  it('refuses what must be on record, keeps what has ended, and goes on without a gap', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hub-audit-'));
    const server = await startEmbeddedStore({ folder });
    const port = Number(new URL(server.uri).port);
    const connection = await mongoose
      .createConnection(server.uri, { serverSelectionTimeoutMS: 500, bufferCommands: false })
      .asPromise();
    const store = new AuditStore(connection);
    const failures: unknown[] = [];
    const trail = new AuditTrail({ store, onFailure: (error) => failures.push(error) });
    await trail.open(entry());

    await server.close();
    trail.note(entry({ kind: 'CLOSED', outcome: outcome() }));
    const refused = await Promise.allSettled(
      [2, 3].map((number) => trail.open(entry({ operationId: `op-${number}` }))),
    );
    expect(refused).toMatchObject([
      { reason: { code: 'AUDIT_UNAVAILABLE' } },
      { reason: { code: 'AUDIT_UNAVAILABLE' } },
    ]);
    await expect(trail.open(entry({ operationId: 'op-4' }))).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });

    const again = await startEmbeddedStore({ folder, port });
    await trail.close();
    expect(failures).toHaveLength(1);
    const records = await recordsIn(connection);
    expect(records.filter(({ operationId }) => operationId === 'op-1').map(({ kind }) => kind)).toEqual([
      'OPENED',
      'CLOSED',
    ]);
    // Each refusal is on record, whether its beginning had been sent or not.
    for (const operationId of ['op-2', 'op-3', 'op-4']) {
      expect(records.filter((record) => record.operationId === operationId).at(-1)).toMatchObject({
        outcome: { result: 'REFUSED', codes: ['AUDIT_UNAVAILABLE'] },
      });
    }
    expect(await verifyAuditStore(store, [])).toMatchObject({ records: records.length, unclosed: 0 });
    await connection.close();
    await again.close();
    await rm(folder, { recursive: true, force: true });
  });
});
