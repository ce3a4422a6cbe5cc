/**
 * What becomes of recognitions when what they rest on ends: from the department's own system through the replica to every
 * recognition, with nothing missed and nothing told twice, also when the hub is killed in between.
 * `HUB_TEST_SCALE=1` runs it over 5,000 recognitions.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { syncHere } from '../../jobs/commands/sync-command.ts';
import { runClock, type ClockOutcome } from '../../jobs/recognition/run-clock.ts';
import { chunksOf } from '../../schema/chunks.ts';
import { createOwnContext } from '../../schema/context.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { begin } from '../../schema/recognition/dispatch.ts';
import { gatherEvidence } from '../../schema/recognition/gather.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import { recognitionOutbox, type RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { feedOf } from '../../schema/replica/facts.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { CERTIFICATES, REPORTS } from '../../sources/world/planted/keys.ts';
import { codeOf, PATIENCE_MS, present } from '../hub/support.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { changed, numbered, submitted, verified } from './cases.ts';

const isAtScale = process.env['HUB_TEST_SCALE'] !== undefined;
const COUNT = isAtScale ? 5_000 : 300;
const WRITTEN_AT_ONCE = 500;

let now = new Date('2026-03-31T10:00:00+08:00');
const clock = { now: () => now };
let server: StoreUnderTest;
let hub: HubUnderTest;
let replica: Replica;
let store: RecognitionStore;
/** Of the certificate of INST-G that is in force. */
let certificateIds: readonly string[];

const scope = () => ({ requestId: 'test', signal: new AbortController().signal, deadlineAt: Infinity });
const idOf = (index: number): string => `r${String(index).padStart(5, '0')}`;

/** As the jobs do: read what has changed, tell the consumers. */
async function follow(): Promise<void> {
  const register = present(hub.services.registry.find('market-regulation'));
  await syncHere(register, replica, false, clock, () => undefined);
  await hub.project();
}

async function amend(kind: 'WITHDRAW' | 'RESTORE'): Promise<void> {
  for (const recordId of certificateIds) {
    await hub.upstream('market-regulation').amend({ read: 'qualifications', recordId, kind, at: now });
  }
}

/** @param pages of what is due after which the process dies; null = never */
async function runDue(pages: number | null = null): Promise<ClockOutcome> {
  const { service } = present(hub.services.recognitions);
  let begun = 0;
  const mortal = (): Date => {
    begun += 1;
    if (pages !== null && begun > pages) throw new Error('killed');
    return now;
  };
  const openContext = () => createOwnContext(hub.services, scope());
  return await runClock({ service, openContext, now: mortal, onFailure: () => undefined });
}

async function counted(): Promise<Record<string, number>> {
  const states: Record<string, number> = {};
  const all = await store.model.find({}, { state: 1 }).lean<Pick<Recognition, 'state'>[]>();
  for (const { state } of all) states[state] = (states[state] ?? 0) + 1;
  return states;
}

beforeAll(async () => {
  server = await openStore();
  replica = new Replica(server.connection);
  await replica.open();
  const options = { worldSize: 0, patienceMs: PATIENCE_MS, guard: { failuresToOpen: 1_000 }, clock };
  hub = await startHub({ ...options, replica, recognitionsOn: server.connection });
  for (const source of hub.services.registry.all()) await syncHere(source, replica, false, clock, () => undefined);
  await hub.project();
  ({ store } = present(hub.services.recognitions).service);
  const feed = feedOf('market-regulation', 'qualifications');
  const held = await replica.models.records.find({ feed, number: CERTIFICATES.cmaOfG }).lean<{ recordId: string }[]>();
  certificateIds = held.map(({ recordId }) => recordId);
  const question = {
    kind: 'REPORT',
    number: REPORTS.authoritySample,
    institutionCode: codeOf('INST-G'),
    purpose: 'LICENCE',
    presentedDigest: null,
  } as const;
  const { findings } = present(hub.services.recognitions).service;
  const today = parseCalendarDate('2026-03-31');
  const seen = await gatherEvidence(question, createOwnContext(hub.services, scope()), findings, today);
  const rested = Array.from({ length: COUNT }, (_, index) => {
    const named = { ...submitted(idOf(index), ['ecology']), number: REPORTS.authoritySample };
    const recognition = numbered(verified(named, seen));
    // It is on its way: the department may have heard of it.
    const messageId = present(recognition.targets[0]?.messages[0]).id;
    return changed(recognition, (change) => void begin(change, messageId, 'test', 1_000));
  });
  for (const some of chunksOf(rested, WRITTEN_AT_ONCE)) await store.model.collection.insertMany(some as never[]);
}, 900_000);
afterAll(async () => {
  await hub.close();
  await server.close();
});

describe(`over ${COUNT} recognitions`, () => {
  it('the end of one certificate reaches every one, though the hub is killed in the middle, and tells each once', async () => {
    expect(await counted()).toEqual({ RECOGNIZED: COUNT });
    now = new Date(now.getTime() + 60_000);
    await amend('WITHDRAW');
    await follow();
    await expect(runDue(1)).rejects.toThrow('killed');
    const half = await counted();
    expect(half['REVOKED']).toBeGreaterThan(0);
    expect(half['RECOGNIZED']).toBeGreaterThan(0);
    const startedAt = performance.now();
    const { looked, failed } = await runDue();
    const perSecond = Math.round((looked * 1_000) / (performance.now() - startedAt));
    if (isAtScale) process.stdout.write(`cascade: ${looked} recognitions looked at, ${perSecond} per second\n`);
    expect(failed).toBe(0);
    expect(await counted()).toEqual({ REVOKED: COUNT });
    await follow();
    expect(await runDue()).toEqual({ looked: 0, failed: 0 });
    for (const { targets, pendingEvents } of await store.where({})) {
      expect(targets[0]?.messages.map(({ kind }) => kind)).toEqual(['RECOGNIZED', 'REVOKED']);
      expect(pendingEvents.map(({ kind }) => kind)).toEqual(['REVOKED', 'SYNC_QUEUED']);
    }
  }, 900_000);

  it('each is in the log once, in order, and is good again when the certificate is', async () => {
    now = new Date(now.getTime() + 60_000);
    await amend('RESTORE');
    await follow();
    expect((await runDue()).failed).toBe(0);
    expect(await counted()).toEqual({ RECOGNIZED: COUNT });
    const { log } = present(hub.services.recognitions);
    const sequencer = new Sequencer({
      outbox: recognitionOutbox(store),
      log,
      lease: new Lease(server.connection, 'sequencer:test', 60_000),
      doorbell: localDoorbell(),
      onNumbered: () => Promise.resolve(),
      onFailure: (error) => {
        throw error;
      },
    });
    await sequencer.run();
    const all = (await log.page(0, 10 * COUNT)).events;
    expect(all.map(({ _id }) => _id)).toEqual(all.map((_, index) => index + 1));
    expect(all.map(({ kind }) => kind).filter((kind) => kind === 'REVOKED')).toHaveLength(COUNT);
    expect(all.map(({ kind }) => kind).filter((kind) => kind === 'RESTORED')).toHaveLength(COUNT);
    expect(new Set(all.map(({ eventId }) => eventId)).size).toBe(all.length);
  }, 900_000);

  it('a report that the register has withdrawn is found by looking again, without anybody telling', async () => {
    const feed = feedOf('market-regulation', 'reports');
    const held = await replica.models.records
      .findOne({ feed, number: REPORTS.authoritySample })
      .lean<{ recordId: string }>();
    // Profiles have learned of what has happened above, which makes every recognition of the institution due once more.
    await follow();
    await runDue();
    now = new Date(now.getTime() + 60_000);
    await hub
      .upstream('market-regulation')
      .amend({ read: 'reports', recordId: present(held).recordId, kind: 'WITHDRAW', at: now });
    await follow();
    expect((await runDue()).looked).toBe(0);
    now = new Date(now.getTime() + 7 * 3_600_000);
    for (const source of hub.services.registry.all()) await syncHere(source, replica, false, clock, () => undefined);
    expect((await runDue()).failed).toBe(0);
    expect(await counted()).toEqual({ REVOKED: COUNT });
    expect((await store.get(idOf(0))).holds).toMatchObject([{ code: 'RJ01', cause: 'NOT_REGISTERED' }]);
  }, 900_000);
});
