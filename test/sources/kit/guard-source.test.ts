import { beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { z } from 'zod';
import { OperationTrace } from '../../../schema/audit/operation-trace.ts';
import { completeCreditCode } from '../../../schema/codes/credit-code.ts';
import { HubError, type HubErrorCode } from '../../../schema/errors.ts';
import type { CallScope, DepartmentSource, InstitutionListQuery, SubjectReference } from '../../../schema/ports.ts';
import type { InstitutionRecord, ListEntryRecord } from '../../../schema/records.ts';
import { parseCalendarDate } from '../../../schema/time/calendar-date.ts';
import type { AdapterCall, Draft, DraftSet, SourceAdapter } from '../../../sources/kit/adapter.ts';
import type { SourceDefinition, SourceSetup } from '../../../sources/kit/define-source.ts';
import { guardSource, type GuardOptions } from '../../../sources/kit/guard-source.ts';
import type { MeshCall } from '../../../sources/kit/mesh-call.ts';
import type { MeshSources } from '../../../sources/kit/mesh.ts';
import { sm3Hex } from '../../../schema/signing/sm3.ts';

const QUESTION = parse('{ rows }');
const UPDATED_AT = new Date('2026-03-02T09:15:00+08:00');

const subject = (body: string): SubjectReference => ({
  creditCode: completeCreditCode('91520115', body),
  localIds: [],
});
const A = subject('MAYDM001');
const B = subject('MAYDM002');
const scope = (timeoutMs = 5_000): CallScope => ({
  requestId: 'r1',
  signal: new AbortController().signal,
  deadlineAt: Date.now() + timeoutMs,
});

const listing = (sourceRecordId: string, asOf: Date | null = UPDATED_AT): Draft<ListEntryRecord> => ({
  sourceRecordId,
  asOf,
  listType: 'ABNORMAL',
  reason: '未按规定公示年度报告',
  listedOn: parseCalendarDate('2026-01-05'),
  authority: '示例省市场监管局',
  removedOn: null,
});
const station: Draft<InstitutionRecord> = {
  sourceRecordId: '520115-0007',
  asOf: null,
  creditCode: A.creditCode,
  localId: '520115-0007',
  name: '贵州示例甲机动车检测有限公司',
  kinds: [],
  status: 'ACTIVE',
  regionCode: '520115',
  address: null,
  cmaNumbers: [],
  cmaValidTo: null,
};
const set = <D>(...drafts: D[]): DraftSet<D> => ({ drafts, malformed: [] });
const EVERYTHING: InstitutionListQuery = {
  text: null,
  regionPrefix: null,
  kinds: null,
  listed: null,
  qualification: null,
  orderBy: 'NAME',
  first: 10,
  after: null,
};

/** Raw replies that the department gives one after the other, and the calls it got. */
let replies: string[] = [];
let calls: { meshName: string; call: MeshCall }[] = [];
const mesh: MeshSources = {
  execute(meshName, _document, _variables, call) {
    calls.push({ meshName, call });
    const reply = replies.shift() ?? '';
    call.log.receipts.push(sm3Hex(reply));
    return Promise.resolve(reply);
  },
  require: () => undefined,
  close: () => undefined,
};
const ask = (call: AdapterCall): Promise<unknown> => call.execute(QUESTION, {});

function guarded(
  adapter: Partial<SourceAdapter>,
  options: GuardOptions & { timeoutMs?: number } = {},
): DepartmentSource {
  const setup: SourceSetup = {
    adapter: { ping: (call) => ask(call).then(() => undefined), ...adapter },
    transport: { kind: 'http', endpoint: 'http://department.invalid' },
    address: 'http://department.invalid',
    timeoutMs: options.timeoutMs ?? 1_000,
    directoryTimeoutMs: 1_000,
    concurrency: 4,
    maxAgeSeconds: {},
    close: () => Promise.resolve(),
  };
  const definition: SourceDefinition = {
    department: {
      id: 'market-regulation',
      code: '01',
      name: 'Market Regulation',
      nameZh: '市场监管',
      protocol: 'REST',
      keyedBy: 'CREDIT_CODE',
      authoritativeFor: [],
    },
    meshName: 'MarketRegulation',
    adapterVersion: '7',
    config: z.object({}),
    endpointVariable: 'MARKET_REGULATION_URL',
    providedByUpstream: [],
    create: () => setup,
    startUpstream: () => Promise.reject(new Error('not needed here')),
  };
  return guardSource(definition, setup, mesh, options);
}

beforeEach(() => {
  replies = [];
  calls = [];
});

describe('what a guarded source offers', () => {
  it('are the reads that the adapter has, and their facets once each', () => {
    const nothing = (requests: readonly unknown[]) => Promise.resolve(requests.map(() => set<never>()));
    const source = guarded({ reports: nothing, reportsByNumber: nothing, institutions: nothing });
    expect([...source.reads].sort()).toEqual(['institutions', 'reports', 'reportsByNumber']);
    expect(source.facets).toEqual(['INSTITUTIONS', 'REPORTS']);
    expect(source).not.toHaveProperty('directory');
    expect(source).not.toHaveProperty('listInstitutions');
  });

  it('does not start without its Mesh source', () => {
    const empty: MeshSources = {
      ...mesh,
      require: (name) => {
        throw new Error(`Mesh holds no source ${name}`);
      },
    };
    const source = { meshName: 'MarketRegulation', department: {} } as SourceDefinition;
    expect(() => guardSource(source, {} as SourceSetup, empty)).toThrow('Mesh holds no source MarketRegulation');
  });

  it('says UNSUPPORTED to a read that the adapter does not have, without a call', async () => {
    expect(await guarded({}).read('penalties', [A], scope())).toEqual({ status: 'UNSUPPORTED' });
    expect(calls).toEqual([]);
  });
});

describe('provenance', () => {
  it('holds department, record id, version, times and the SM3 of the one reply', async () => {
    replies = ['{"rows":[1]}'];
    const before = new Date();
    const source = guarded({
      async listEntries(requests, call) {
        await ask(call);
        return requests.map(() => set(listing('YC-1')));
      },
    });
    const answer = await source.read('listEntries', [A], scope());
    if (answer.status !== 'LIVE') throw new Error(answer.status);
    const provenance = answer.sets[0]?.records[0]?.provenance;
    expect(provenance).toEqual({
      departmentId: 'market-regulation',
      sourceRecordId: 'YC-1',
      asOf: UPDATED_AT,
      fetchedAt: answer.asOf,
      receipt: sm3Hex('{"rows":[1]}'),
      adapterVersion: '7',
    });
    expect(answer.asOf.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(calls.map(({ meshName, call }) => [meshName, call.departmentName])).toEqual([
      ['MarketRegulation', 'Market Regulation'],
    ]);
  });

  it('holds SM3 over the receipts in order when an answer needed several replies', async () => {
    replies = ['first', 'second'];
    const source = guarded({
      async listEntries(requests, call) {
        await ask(call);
        await ask(call);
        return requests.map(() => set(listing('YC-1')));
      },
    });
    const answer = await source.read('listEntries', [A], scope());
    expect(answer).toMatchObject({
      sets: [{ records: [{ provenance: { receipt: sm3Hex(sm3Hex('first') + sm3Hex('second')) } }] }],
    });
  });

  it('holds nothing of a first attempt that failed', async () => {
    replies = ['cut off', 'whole'];
    let attempts = 0;
    const source = guarded({
      async listEntries(requests, call) {
        await ask(call);
        if (++attempts === 1) throw new HubError('SOURCE_UNAVAILABLE', 'told to fail');
        return requests.map(() => set(listing('YC-1')));
      },
    });
    const answer = await source.read('listEntries', [A], scope());
    expect(answer).toMatchObject({ sets: [{ records: [{ provenance: { receipt: sm3Hex('whole') } }] }] });
  });

  it('takes the time of the reply where the department names none', async () => {
    const source = guarded({
      listEntries: (requests) => Promise.resolve(requests.map(() => set(listing('YC-1', null)))),
    });
    const answer = await source.read('listEntries', [A], scope());
    if (answer.status !== 'LIVE') throw new Error(answer.status);
    const provenance = answer.sets[0]?.records[0]?.provenance;
    expect(provenance?.asOf).toBe(answer.asOf);
  });

  it('makes ids unique in the hub by naming the department', async () => {
    const source = guarded({ listEntries: (requests) => Promise.resolve(requests.map(() => set(listing('YC-1')))) });
    expect(await source.read('listEntries', [A], scope())).toMatchObject({
      sets: [{ records: [{ id: 'market-regulation~YC-1' }] }],
    });
  });

  it('is stamped on rows of a list of institutions too', async () => {
    replies = ['page'];
    const source = guarded({
      async listInstitutions(_query, call) {
        await ask(call);
        return { rows: [{ cursor: 'c1', institution: station }], hasNextPage: true, totalCount: 9, malformed: [] };
      },
    });
    expect(await source.listInstitutions?.(EVERYTHING, scope())).toMatchObject({
      rows: [{ cursor: 'c1', institution: { name: station.name, provenance: { receipt: sm3Hex('page') } } }],
      hasNextPage: true,
      totalCount: 9,
    });
  });
});

describe('an operation on record', () => {
  it('has every call that was made for it, repeated ones too', async () => {
    const trace = new OperationTrace();
    replies = ['1', '2'];
    const listEntries = async (requests: readonly unknown[], call: AdapterCall) => {
      const sets = requests.map(() => set<never>());
      await Promise.all(sets.map(() => ask(call)));
      return sets;
    };
    await guarded({ listEntries }).read('listEntries', [A, B], { ...scope(), trace });
    expect(trace.take().upstreamCalls).toEqual({ 'market-regulation': 2 });
    expect(trace.take().upstreamCalls).toEqual({});
  });
});

describe('an answer', () => {
  it('has one set per request in the same order, and an empty set is an answer', async () => {
    const source = guarded({
      listEntries: (requests) =>
        Promise.resolve(
          requests.map(({ creditCode }) => (creditCode === B.creditCode ? set() : set(listing(creditCode)))),
        ),
    });
    const answer = await source.read('listEntries', [B, A, B], scope());
    if (answer.status !== 'LIVE') throw new Error(answer.status);
    expect(answer.sets.map(({ records }) => records.map(({ provenance }) => provenance.sourceRecordId))).toEqual([
      [],
      [A.creditCode],
      [],
    ]);
  });

  it.each([0, 1, 3])('with %i sets for two requests is not believed', async (count) => {
    const source = guarded({ listEntries: () => Promise.resolve(Array.from({ length: count }, () => set<never>())) });
    expect(await source.read('listEntries', [A, B], scope())).toEqual({
      status: 'UNAVAILABLE',
      code: 'INTERNAL',
      reason: `The adapter of Market Regulation answered ${count} of 2 requests.`,
    });
  });

  it('with records that cannot be read keeps the others and shows in the health', async () => {
    const malformed = [{ recordId: 'YC-2', field: 'LISTDATE', problem: 'is not a date' }];
    const source = guarded({
      listEntries: () => Promise.resolve([set(listing('YC-1')), { drafts: [listing('YC-3')], malformed }]),
    });
    const answer = await source.read('listEntries', [A, B], scope());
    expect(answer).toMatchObject({ status: 'LIVE', sets: [{ malformed: [] }, { malformed }] });
    expect(source.health()).toMatchObject({ state: 'DEGRADED', circuit: 'CLOSED', lastErrorCode: 'SOURCE_MALFORMED' });
  });
});

describe('a department that fails', () => {
  it.each<HubErrorCode>(['SOURCE_REFUSED', 'SOURCE_MALFORMED', 'SOURCE_UNAVAILABLE', 'SOURCE_TIMEOUT'])(
    'with %s is UNAVAILABLE with that code; the read does not reject',
    async (code) => {
      const source = guarded({ listEntries: () => Promise.reject(new HubError(code, 'in its own words')) });
      expect(await source.read('listEntries', [A], scope())).toEqual({
        status: 'UNAVAILABLE',
        code,
        reason: 'in its own words',
      });
    },
  );

  it('to answer in time is UNAVAILABLE by SOURCE_TIMEOUT', async () => {
    const source = guarded({ listEntries: () => new Promise<never>(() => undefined) }, { timeoutMs: 20 });
    expect(await source.read('listEntries', [A], scope())).toMatchObject({
      status: 'UNAVAILABLE',
      code: 'SOURCE_TIMEOUT',
    });
  });

  it('again and again is not asked any more', async () => {
    let asked = 0;
    const source = guarded(
      {
        listEntries: () => {
          asked++;
          return Promise.reject(new HubError('SOURCE_MALFORMED', 'garbage'));
        },
      },
      { failuresToOpen: 2 },
    );
    for (let count = 0; count < 4; count++) await source.read('listEntries', [A], scope());
    expect(asked).toBe(2);
    expect(source.health()).toMatchObject({ state: 'DOWN', circuit: 'OPEN' });
  });
});

describe('an adapter with a mistake', () => {
  const broken: Readonly<Record<string, SourceAdapter['listEntries']>> = {
    'that throws an ordinary error': () => Promise.reject(new TypeError('secret row 91520115MAYDM00198')),
    'that throws before it returns a promise': () => {
      throw new RangeError('secret row 91520115MAYDM00198');
    },
    'that answers nothing at all': () => Promise.resolve(undefined as never),
    'that leaves a set out': () => Promise.resolve([undefined as never]),
    'that gives a draft that is none': () => Promise.resolve([set(null as never)]),
  };

  it.each(Object.entries(broken))('%s makes the read UNAVAILABLE by INTERNAL, without telling why', async (_, read) => {
    expect(await guarded({ listEntries: read }).read('listEntries', [A], scope())).toEqual({
      status: 'UNAVAILABLE',
      code: 'INTERNAL',
      reason: 'The answer of Market Regulation could not be processed.',
    });
  });

  it('fails its directory and its list with a HubError as well', async () => {
    const source = guarded({
      directory: () => Promise.resolve({ entries: [] } as never),
      listInstitutions: () => Promise.resolve({ malformed: [] } as never),
    });
    const internal = { name: 'HubError', code: 'INTERNAL' };
    await expect(source.directory?.(scope())).rejects.toMatchObject(internal);
    await expect(source.listInstitutions?.(EVERYTHING, scope())).rejects.toMatchObject(internal);
  });
});

describe('directory and ping', () => {
  it('gives the directory with the time of the reply', async () => {
    const entry = { localId: '7', name: '甲', regionCode: '520115', cmaNumbers: [], creditCode: null };
    const source = guarded({ directory: () => Promise.resolve({ entries: [entry], malformed: [] }) });
    const before = Date.now();
    const answer = await source.directory?.(scope());
    expect(answer?.entries).toEqual([entry]);
    expect(answer?.asOf.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('reports a directory that is not wholly readable in the health, and still gives it', async () => {
    const malformed = [{ recordId: null, field: 'TsNo', problem: 'is missing' }];
    const source = guarded({ directory: () => Promise.resolve({ entries: [], malformed }) });
    expect(await source.directory?.(scope())).toMatchObject({ malformed });
    expect(source.health().state).toBe('DEGRADED');
  });

  it('rejects with a HubError when the department fails', async () => {
    const failure = new HubError('SOURCE_REFUSED', 'no');
    const source = guarded({ directory: () => Promise.reject(failure), ping: () => Promise.reject(failure) });
    await expect(source.directory?.(scope())).rejects.toBe(failure);
    await expect(source.ping(scope())).rejects.toBe(failure);
  });
});
