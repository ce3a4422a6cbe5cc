import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadName, SourceAnswer, SourceReads } from '../../../schema/ports.ts';
import definition from '../../../sources/market-regulation/index.ts';
import type { FaultKind } from '../../../sources/kit/upstream/faults.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import type { SourceUnderTest } from '../../support/source-under-test.ts';
import { setsOf, subject } from './support.ts';

let hub: SourceUnderTest;
type Requests = { readonly [K in ReadName]?: readonly SourceReads[K]['request'][] };
let requests: Requests;

beforeAll(async () => {
  hub = await startSource(definition, { worldSize: 150, guard: { failuresToOpen: 1_000 } });
  const { world } = hub;
  const all = world.institutions;
  const subjects = all.map(subject);
  const busy = all.filter((each) => world.reportsOf(each).length > 2).slice(0, 3);
  requests = {
    institutions: subjects.slice(0, 5),
    qualifications: all
      .filter((each) => world.qualificationsOf(each).length > 0)
      .slice(0, 5)
      .map(subject),
    penalties: subjects,
    listEntries: subjects,
    certificates: all.flatMap((each) => world.certificatesOf(each).map(({ number }) => number)).slice(0, 5),
    reports: busy.map((each) => ({ ...subject(each), from: null, to: null, number: null, limit: 4 })),
    reportsByNumber: busy.map((each) => world.reportsOf(each)[0]?.number ?? ''),
  };
});
afterAll(() => hub.close());
afterEach(() => hub.upstream.setFault(null));

const READS = [
  ['institutions', 'ENTNAME'],
  ['qualifications', 'CERTSTATE'],
  ['penalties', 'CF_WSH'],
  ['listEntries', 'ABNTIME'],
  ['certificates', 'HOLDNAME'],
  ['reports', 'QFRQ'],
  ['reportsByNumber', 'QFRQ'],
] as const;

type Name = (typeof READS)[number][0];

const setFault = (kind: FaultKind, scope: 'all' | 'first' = 'all', delayMs = 2_000) =>
  hub.upstream.setFault({ kind, delayMs, scope });

async function ask(name: Name, timeoutMs = 5_000): Promise<SourceAnswer<SourceReads[Name]['record']>> {
  return await hub.source.read(name, requests[name] ?? [], callScope(timeoutMs));
}

/** All records by id, and the faults found. */
async function told(name: Name) {
  const sets = setsOf(await ask(name));
  return {
    records: sets.map((set) => set.records.map(({ provenance }) => provenance.sourceRecordId)),
    malformed: sets.flatMap((set) => set.malformed),
  };
}

describe.each(READS)('reading %s', (name, driftedField) => {
  it('is the same when rows come twice or in another order', async () => {
    const usual = await told(name);
    expect(usual.records.flat().length).toBeGreaterThan(1);
    await setFault('duplicate-rows');
    expect(await told(name)).toEqual(usual);
    await setFault('out-of-order');
    expect(await told(name)).toEqual(usual);
  });

  it('names the changed column of the first record and keeps the others', async () => {
    const usual = await told(name);
    await setFault('schema-drift', 'first');
    const drifted = await told(name);
    const [fault, ...others] = drifted.malformed;
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ field: driftedField });
    expect(drifted.records.flat().length).toBe(usual.records.flat().length - 1);
    expect(usual.records.flat()).toContain(fault?.recordId);
    expect(drifted.records.flat()).not.toContain(fault?.recordId);
  });

  it('gives no record but every fault when the column changed everywhere', async () => {
    const usual = await told(name);
    await setFault('schema-drift');
    const drifted = await told(name);
    expect(drifted.records.flat()).toEqual([]);
    expect(drifted.malformed.length).toBeGreaterThanOrEqual(usual.records.flat().length);
    expect(new Set(drifted.malformed.map(({ field }) => field))).toEqual(new Set([driftedField]));
    expect(hub.source.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: 'SOURCE_MALFORMED' });
  });

  it('reads text in another charset than the one declared', async () => {
    const usual = setsOf(await ask(name)).map(({ records }) => records.map((each) => ({ ...each, provenance: null })));
    await setFault('wrong-charset');
    const other = setsOf(await ask(name)).map(({ records }) => records.map((each) => ({ ...each, provenance: null })));
    expect(other).toEqual(usual);
  });

  it('says that it was refused', async () => {
    await setFault('refused');
    expect(await ask(name)).toMatchObject({
      status: 'UNAVAILABLE',
      code: 'SOURCE_REFUSED',
      reason: 'Market Regulation refused the call (code 40301).',
    });
  });

  it('calls garbage malformed', async () => {
    await setFault('garbage');
    expect(await ask(name)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_MALFORMED' });
  });
});

describe('the register', () => {
  it('that is slow times out within the deadline', async () => {
    await setFault('slow');
    const before = Date.now();
    expect(await ask('institutions', 200)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
    expect(Date.now() - before).toBeLessThan(600);
  });

  it('that accepts and never answers times out', async () => {
    await setFault('half-open');
    const before = Date.now();
    expect(await ask('penalties', 250)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
    expect(Date.now() - before).toBeLessThan(700);
  });

  it('that is down is unavailable, and is back when it is back', async () => {
    await setFault('down');
    expect(await ask('institutions')).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_UNAVAILABLE' });
    await hub.upstream.setFault(null);
    expect(await ask('institutions')).toMatchObject({ status: 'LIVE' });
  });

  it('that breaks off in the middle has not answered', async () => {
    await setFault('truncated');
    const answer = await ask('institutions');
    expect(answer.status).toBe('UNAVAILABLE');
    if (answer.status !== 'UNAVAILABLE') return;
    expect(['SOURCE_UNAVAILABLE', 'SOURCE_MALFORMED']).toContain(answer.code);
  });

  it('that does not answer a ping is noticed', async () => {
    await setFault('refused');
    await expect(hub.source.ping(callScope())).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });
});
