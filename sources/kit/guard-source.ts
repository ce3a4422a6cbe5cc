/** Turns a folder's adapter into the port that the hub reads: guarded, stamped with provenance, never throwing. */
import { HubError } from '../../schema/errors.ts';
import {
  FACET_OF_READ,
  REPLICATED_READS,
  type CallScope,
  type ChangesPage,
  type ChangesQuery,
  type DepartmentSource,
  type ReadName,
  type RecordSet,
  type ReplicatedRead,
  type SourceChange,
  type SourceAnswer,
  type SourceReads,
} from '../../schema/ports.ts';
import { FACETS } from '../../schema/records.ts';
import type { AdapterCall, Draft, DraftChangesPage, DraftSet } from './adapter.ts';
import type { SourceDefinition, SourceSetup } from './define-source.ts';
import { guardNotices } from './guard-notices.ts';
import type { ReplyLog } from './mesh-call.ts';
import type { MeshSources } from './mesh.ts';
import { combineReceipts } from './receipt.ts';
import { stampDraft } from './stamp-draft.ts';
import { callerLeft, Resilience, type ResilienceSettings } from './resilience.ts';

type AnyRecord = SourceReads[ReadName]['record'];
type AnyDraft = Draft<AnyRecord>;
type AnyRead = (requests: readonly unknown[], call: AdapterCall) => Promise<readonly DraftSet<AnyDraft>[]>;

type AnyFeed = (query: ChangesQuery, call: AdapterCall) => Promise<DraftChangesPage<AnyDraft>>;

interface Reply {
  readonly fetchedAt: Date;
  readonly receipt: string;
}

const READ_NAMES = Object.keys(FACET_OF_READ) as ReadName[];

export interface GuardOptions extends Partial<Pick<ResilienceSettings, 'failuresToOpen' | 'halfOpenAfterMs'>> {
  /** Told of every call that failed, with the cause that partners do not see; for the log. */
  readonly onFailure?: (failure: HubError, requestId: string) => void;
}

export function guardSource(
  definition: SourceDefinition,
  setup: SourceSetup,
  mesh: MeshSources,
  options: GuardOptions = {},
): DepartmentSource {
  const { department, adapterVersion, meshName } = definition;
  const { adapter } = setup;
  mesh.require(meshName);
  const resilience = new Resilience({
    departmentName: department.name,
    timeoutMs: setup.timeoutMs,
    concurrency: setup.concurrency,
    ...options,
  });
  const reads = new Set(READ_NAMES.filter((name) => adapter[name] !== undefined));
  const facets = FACETS.filter((facet) => [...reads].some((read) => FACET_OF_READ[read] === facet));

  const stamp = (draft: AnyDraft, { fetchedAt, receipt }: Reply): AnyRecord =>
    stampDraft(draft, { departmentId: department.id, adapterVersion, receipt, fetchedAt, trueAt: fetchedAt });

  const callWith = (signal: AbortSignal, log: ReplyLog, onCall: () => void = () => undefined): AdapterCall => ({
    signal,
    execute(document, variables) {
      onCall();
      return mesh.execute(meshName, document, variables, {
        departmentName: department.name,
        transport: setup.transport,
        signal,
        log,
      });
    },
  });

  const called = ({ trace, onCall }: CallScope): void => {
    trace?.called(department.id);
    onCall?.(department.id);
  };

  /** Runs one guarded call and gives its result with the receipt of what was received. */
  const guarded = async <T>(
    scope: CallScope,
    run: (call: AdapterCall) => Promise<T>,
    timeoutMs?: number,
  ): Promise<{ readonly result: T; readonly reply: Reply }> =>
    resilience.read(
      scope,
      async ({ signal }) => {
        const log: ReplyLog = { receipts: [], failures: [] };
        const result = await run(callWith(signal, log, () => called(scope)));
        return { result, reply: { fetchedAt: new Date(), receipt: combineReceipts(log.receipts) } };
      },
      timeoutMs,
    );

  /** An answer that breaks the adapter contract is the kit's to name, like every other failure. */
  const toHubError = (error: unknown, { requestId }: CallScope): HubError => {
    const failure =
      error instanceof HubError
        ? error
        : new HubError('INTERNAL', `The answer of ${department.name} could not be processed.`, { cause: error });
    if (!callerLeft(failure)) options.onFailure?.(failure, requestId);
    return failure;
  };

  const directory = adapter.directory?.bind(adapter);
  const listInstitutions = adapter.listInstitutions?.bind(adapter);
  return {
    department,
    reads,
    facets,
    address: setup.address,
    async read<K extends ReadName>(
      name: K,
      requests: readonly SourceReads[K]['request'][],
      scope: CallScope,
    ): Promise<SourceAnswer<SourceReads[K]['record']>> {
      const read = adapter[name] as AnyRead | undefined;
      if (read === undefined) return { status: 'UNSUPPORTED' };
      try {
        const { result, reply } = await guarded(scope, async (call) => {
          const sets = await read.call(adapter, requests, call);
          if (sets.length !== requests.length)
            throw new HubError(
              'INTERNAL',
              `The adapter of ${department.name} answered ${sets.length} of ${requests.length} requests.`,
            );
          return sets;
        });
        if (result.some((set) => set.malformed.length > 0)) resilience.noteMalformed();
        const sets = result.map((set): RecordSet<AnyRecord> => ({
          records: set.drafts.map((draft) => stamp(draft, reply)),
          malformed: set.malformed,
        }));
        return { status: 'LIVE', asOf: reply.fetchedAt, sets };
      } catch (error) {
        const { code, message } = toHubError(error, scope);
        return { status: 'UNAVAILABLE', code, reason: message };
      }
    },
    ...(directory && {
      async directory(scope: CallScope) {
        try {
          const { result, reply } = await guarded(scope, (call) => directory(call), setup.directoryTimeoutMs);
          if (result.malformed.length > 0) resilience.noteMalformed();
          return { asOf: reply.fetchedAt, ...result };
        } catch (error) {
          throw toHubError(error, scope);
        }
      },
    }),
    ...(listInstitutions && {
      async listInstitutions(query, scope: CallScope) {
        try {
          const { result, reply } = await guarded(scope, (call) => listInstitutions(query, call));
          if (result.malformed.length > 0) resilience.noteMalformed();
          return {
            asOf: reply.fetchedAt,
            rows: result.rows.map(({ cursor, institution }) => ({
              cursor,
              institution: stamp(institution, reply) as SourceReads['institutions']['record'],
            })),
            hasNextPage: result.hasNextPage,
            totalCount: result.totalCount,
            malformed: result.malformed,
          };
        } catch (error) {
          throw toHubError(error, scope);
        }
      },
    }),
    changeFeeds: new Set(REPLICATED_READS.filter((name) => adapter.changes?.[name] !== undefined)),
    async changes<K extends ReplicatedRead>(
      name: K,
      query: ChangesQuery,
      scope: CallScope,
    ): Promise<ChangesPage<SourceReads[K]['record']>> {
      const feed = adapter.changes?.[name] as AnyFeed | undefined;
      if (feed === undefined) throw new HubError('UNSUPPORTED', `${department.name} reports no changes of ${name}.`);
      const asOf = new Date();
      try {
        const { result, reply } = await guarded(scope, (call) => feed(query, call), setup.directoryTimeoutMs);
        if (result.malformed.length > 0) resilience.noteMalformed();
        const changes = result.changes.map((change): SourceChange<SourceReads[K]['record']> => {
          if (change.kind === 'DELETE') return change;
          const { kind, updatedAt, subjects, draft } = change;
          const { sourceRecordId: recordId } = draft;
          return { kind, recordId, updatedAt, subjects, record: stamp(draft, reply) as SourceReads[K]['record'] };
        });
        return { ...result, asOf, changes };
      } catch (error) {
        throw toHubError(error, scope);
      }
    },
    async acknowledge(name, receipt, scope) {
      const acknowledge = adapter.acknowledge?.[name];
      if (acknowledge === undefined) return;
      try {
        await guarded(scope, (call) => acknowledge(receipt, call), setup.directoryTimeoutMs);
      } catch (error) {
        throw toHubError(error, scope);
      }
    },
    ...(adapter.notices && {
      notices: guardNotices(adapter.notices, {
        departmentName: department.name,
        concurrency: setup.concurrency,
        timeoutMs: setup.directoryTimeoutMs,
        callWith,
        toHubError,
        ...options,
      }),
    }),
    health: () => resilience.health(),
    async ping(scope) {
      await guarded(scope, (call) => adapter.ping(call));
    },
  };
}
