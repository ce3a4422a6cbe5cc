/** Departments at the port: they answer from memory, can fall silent, and count how often they are asked. */
import { OWN_ACCOUNT } from '../../../schema/access/access.ts';
import type { HubServices } from '../../../schema/context.ts';
import { HubError, type HubErrorCode } from '../../../schema/errors.ts';
import { IdentityDirectory } from '../../../schema/identity/identity-directory.ts';
import { createLoaders, type Loaders } from '../../../schema/loaders.ts';
import {
  FACET_OF_READ,
  type CallScope,
  type DepartmentSource,
  type DirectoryEntry,
  type InstitutionListPage,
  type MalformedRecord,
  type ReadName,
  type SourceReads,
  type SourceRegistry,
} from '../../../schema/ports.ts';
import { at, department, type DepartmentId } from './records.ts';

type Records<K extends ReadName> = readonly SourceReads[K]['record'][];
type Answers = {
  readonly [K in ReadName]?: (request: SourceReads[K]['request']) => Records<K>;
};

export interface FakeCall {
  readonly read: ReadName;
  readonly requests: readonly unknown[];
}

export interface FakeDepartment extends DepartmentSource {
  /** Every call of a read, in order. */
  readonly calls: FakeCall[];
  /** How often the directory was asked for. */
  directoryCalls: number;
  /** Set to make every call fail with it. */
  failure: HubErrorCode | null;
  /** Reported as malformed with every set. */
  malformed: readonly MalformedRecord[];
}

export const ANSWERED_AT = at('2026-03-03');
export const NOW = at('2026-03-05T12:00');

export interface FakeOptions {
  readonly answers?: Answers;
  /** The department's list of stations; a function may wait or throw. */
  readonly directory?: readonly DirectoryEntry[] | ((scope: CallScope) => Promise<readonly DirectoryEntry[]>);
  /** Keeps the register of institutions. */
  readonly register?: boolean;
  readonly authoritativeFor?: readonly string[];
}

export function fakeDepartment(id: DepartmentId, options: FakeOptions = {}): FakeDepartment {
  const { answers = {}, directory, register = false, authoritativeFor = [] } = options;
  const reads = new Set(Object.keys(answers) as ReadName[]);
  const emptyPage: InstitutionListPage = {
    asOf: ANSWERED_AT,
    rows: [],
    hasNextPage: false,
    totalCount: 0,
    malformed: [],
  };
  const fake: FakeDepartment = {
    department: department(id, { authoritativeFor }),
    reads,
    facets: [...new Set([...reads].map((read) => FACET_OF_READ[read]))],
    address: 'http://department.invalid',
    calls: [],
    directoryCalls: 0,
    failure: null,
    malformed: [],
    read(name, requests) {
      fake.calls.push({ read: name, requests });
      if (fake.failure !== null) {
        return Promise.resolve({ status: 'UNAVAILABLE', code: fake.failure, reason: `${id} is silent` });
      }
      const answer = answers[name];
      if (answer === undefined) return Promise.resolve({ status: 'UNSUPPORTED' });
      const sets = requests.map((request) => ({ records: answer(request), malformed: fake.malformed }));
      return Promise.resolve({ status: 'LIVE', asOf: ANSWERED_AT, sets });
    },
    ...(directory && {
      async directory(scope: CallScope) {
        fake.directoryCalls++;
        if (fake.failure !== null) throw new HubError(fake.failure, `${id} is silent`);
        const entries = typeof directory === 'function' ? await directory(scope) : directory;
        return { asOf: ANSWERED_AT, entries, malformed: [] };
      },
    }),
    ...(register && { listInstitutions: () => Promise.resolve(emptyPage) }),
    changeFeeds: new Set(),
    changes: () => Promise.reject(new HubError('UNSUPPORTED', `${id} reports no changes`)),
    acknowledge: () => Promise.resolve(),
    health: () => ({ state: 'UP', circuit: 'CLOSED', lastSuccessAt: null, lastErrorCode: null }),
    ping: () => Promise.resolve(),
  };
  return fake;
}

export const registryOf = (sources: readonly DepartmentSource[]): SourceRegistry => ({
  all: () => sources,
  find: (id) => sources.find((source) => source.department.id === id),
});

export function servicesOf(sources: readonly DepartmentSource[]): HubServices {
  const registry = registryOf(sources);
  const clock = { now: () => NOW };
  const identity = new IdentityDirectory({ registry });
  return {
    ...{ registry, clock, identity, replica: null, indexedInstitutions: null },
    ...{ aliases: null, notices: null, recognitions: null, endpoints: null, credit: null },
  };
}

/** An operation that waits for five seconds, and whose caller can leave before. */
export function operation(): { readonly scope: CallScope; readonly leave: () => void } {
  const controller = new AbortController();
  return {
    scope: { requestId: 'r1', signal: controller.signal, deadlineAt: Date.now() + 5_000 },
    leave: () => controller.abort(),
  };
}

/** The loaders of a fresh operation over these departments. */
export const loadersOver = (
  sources: readonly DepartmentSource[],
  services = servicesOf(sources),
  access = OWN_ACCOUNT,
): Loaders => createLoaders(services, operation().scope, { access, asOf: null, now: () => NOW });
