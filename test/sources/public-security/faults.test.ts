import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadName, RecordSet, SourceAnswer } from '../../../schema/ports.ts';
import publicSecurity from '../../../sources/public-security/index.ts';
import { FaultCommand } from '../../../sources/kit/upstream/faults.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { inspectionsOf, live, stationsOf, subject } from './support.ts';

/** Faults follow each other here; the circuit is another test's subject. */
const NEVER_OPEN = { failuresToOpen: 1_000 };

let hub: SourceUnderTest;
let stations: WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(publicSecurity, { worldSize: 200, guard: NEVER_OPEN });
  stations = stationsOf(hub.world)
    .filter((each) => hub.world.visitsOf(each).length > 3)
    .slice(0, 6);
});
afterAll(() => hub.close());
afterEach(() => hub.upstream.setFault(null));

const setFault = (fault: { kind: FaultCommand['kind']; delayMs?: number; scope?: FaultCommand['scope'] }) =>
  hub.upstream.setFault(FaultCommand.parse(fault));

type Read = Extract<ReadName, 'institutions' | 'qualifications' | 'facilities' | 'inspections'>;
const READS: readonly Read[] = ['institutions', 'qualifications', 'facilities', 'inspections'];
const read = (name: Read, timeoutMs = 5_000, from = hub): Promise<SourceAnswer<unknown>> =>
  name === 'inspections'
    ? from.source.read(
        name,
        stations.map((each) => inspectionsOf(each, { limit: 20 })),
        callScope(timeoutMs),
      )
    : from.source.read(name, stations.map(subject), callScope(timeoutMs));
/** Records without what differs from call to call. */
const facts = (sets: readonly RecordSet<unknown>[]): unknown =>
  JSON.parse(JSON.stringify(sets), (key, value: unknown) => (key === 'provenance' ? undefined : value));

describe.each(READS)('reading %s', (name) => {
  it.each([
    ['half-open', ['SOURCE_TIMEOUT']],
    ['slow', ['SOURCE_TIMEOUT']],
    ['down', ['SOURCE_UNAVAILABLE']],
    ['garbage', ['SOURCE_MALFORMED']],
    ['truncated', ['SOURCE_UNAVAILABLE', 'SOURCE_MALFORMED']],
    ['refused', ['SOURCE_REFUSED']],
  ] as const)('from a department that is %s says so within the deadline', async (kind, codes) => {
    await setFault({ kind });
    const started = performance.now();
    const answer = await read(name, 400);
    expect(performance.now() - started).toBeLessThan(700);
    expect(answer.status).toBe('UNAVAILABLE');
    expect(codes).toContain(answer.status === 'UNAVAILABLE' ? answer.code : null);
  });

  it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)(
    'gives the same records when the department sends %s',
    async (kind) => {
      const before = facts(live(await read(name)));
      await setFault({ kind });
      expect(facts(live(await read(name)))).toEqual(before);
    },
  );

  it('reports the one record whose field has another name and keeps all others', async () => {
    const before = live(await read(name));
    await setFault({ kind: 'schema-drift', scope: 'first' });
    const sets = live(await read(name));
    const field = name === 'inspections' ? 'jyjgpd' : 'jczbh';
    expect(sets[0]?.malformed).toEqual([expect.objectContaining({ field })]);
    expect(facts(sets.slice(1).map(({ records }) => ({ records, malformed: [] })))).toEqual(facts(before.slice(1)));
    expect(hub.source.health().lastErrorCode).toBe('SOURCE_MALFORMED');
    if (name === 'inspections') {
      expect(sets[0]?.records).toHaveLength((before[0]?.records.length ?? 0) - 1);
      expect(sets.slice(1).flatMap(({ malformed }) => malformed)).toEqual([]);
    }
  });

  it('reports every record when the field is gone from all, and never passes that for nothing on record', async () => {
    await setFault({ kind: 'schema-drift' });
    for (const { records, malformed } of live(await read(name))) {
      expect(records).toEqual([]);
      expect(malformed.length).toBeGreaterThan(0);
    }
  });

  it('counts as a system error, not as a refusal, when the answer is $E', async () => {
    await setFault({ kind: 'refused', scope: 'first' });
    expect(await read(name)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_UNAVAILABLE' });
  });

  it('names no person', async () => {
    const text = JSON.stringify(live(await read(name)));
    const people = stations.flatMap(({ legalRepresentative, contactPhone }) => [legalRepresentative, contactPhone]);
    for (const secret of [...people, '529999', '示例检', '例检甲', '示检乙', '范例检'])
      expect(text).not.toContain(secret);
  });
});

it('says in the gateway’s words why a call was refused', async () => {
  await setFault({ kind: 'refused' });
  const answer = await read('institutions');
  expect(answer).toMatchObject({ reason: expect.stringContaining('今日查询次数已达上限') });
});

it('keeps names readable when the bytes are in another charset than declared', async () => {
  await setFault({ kind: 'wrong-charset' });
  const [set] = live(await read('institutions'));
  const institution = stations[0];
  expect(set?.records[0]).toMatchObject({ name: institution?.nameAt['public-security'] ?? institution?.name });
});

describe.each(['plain', 'new'])('with a wrong serial number, the %s service', (variant) => {
  it('is refused, and the number is in no message', async () => {
    const wrong = 'ABCDEF0123456789'.repeat(4);
    const intruder = await startSource(publicSecurity, {
      environment: { PUBLIC_SECURITY_SERIAL: wrong, PUBLIC_SECURITY_VARIANT: variant },
    });
    try {
      const answer = await read('institutions', 5_000, intruder);
      expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_REFUSED' });
      expect(JSON.stringify(answer)).not.toContain(wrong);
      await expect(intruder.source.ping(callScope())).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
      await expect(intruder.source.directory?.(callScope())).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    } finally {
      await intruder.close();
    }
  });
});

describe('the directory', () => {
  it('reports stations that cannot be read and keeps the others', async () => {
    const before = await hub.source.directory?.(callScope(30_000));
    await setFault({ kind: 'schema-drift', scope: 'first' });
    const directory = await hub.source.directory?.(callScope(30_000));
    expect(directory?.malformed.length).toBeGreaterThan(0);
    expect((directory?.entries.length ?? 0) + (directory?.malformed.length ?? 0)).toBe(before?.entries.length);
  });

  it('fails as a whole when the department does not answer, instead of being shorter', async () => {
    await setFault({ kind: 'down' });
    await expect(hub.source.directory?.(callScope())).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  it('names no person', async () => {
    const text = JSON.stringify(await hub.source.directory?.(callScope(30_000)));
    for (const { legalRepresentative, contactPhone } of hub.world.institutions) {
      expect(text).not.toContain(contactPhone);
      expect(text.includes(`"${legalRepresentative}"`)).toBe(false);
    }
  });
});
