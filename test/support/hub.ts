/** The whole hub in one process: four reference upstreams over real protocols, Mesh, the graph, compiled plans. */
import { setMaxListeners } from 'node:events';
import { parse, validate, type ExecutionResult } from 'graphql';
import type { Connection } from 'mongoose';
import { PlanExecutor } from '../../gateway/jit-gateway.ts';
import { createLogger } from '../../gateway/logging.ts';
import { openRecognitions } from '../../gateway/process/open-recognitions.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { NO_GROUNDS, type Grounds } from '../../schema/access/grounds.ts';
import { openProjection } from '../../jobs/projection/open-projection.ts';
import { createHubContext, type HubServices } from '../../schema/context.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { AliasDesk } from '../../schema/identity/alias-desk.ts';
import type { AliasStore } from '../../schema/identity/alias-store.ts';
import { IdentityDirectory } from '../../schema/identity/identity-directory.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import { RegisterFollower } from '../../schema/identity/register-follower.ts';
import type { Clock } from '../../schema/ports.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { FindingStore } from '../../schema/recognition/finding-store.ts';
import { markNews } from '../../schema/recognition/recognition-review.ts';
import { RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { IndexedInstitutions } from '../../schema/search/indexed-institutions.ts';
import { coalesce } from '../../sources/kit/coalesce.ts';
import { guardSource, type GuardOptions } from '../../sources/kit/guard-source.ts';
import { loadMeshSources } from '../../sources/kit/mesh.ts';
import { createRegistry, discoverSources } from '../../sources/kit/registry.ts';
import type { FaultCommand } from '../../sources/kit/upstream/faults.ts';
import type { ReferenceUpstream } from '../../sources/kit/upstream/reference-upstream.ts';
import { withReplica } from '../../sources/kit/with-replica.ts';
import { buildWorld } from '../../sources/world/build-world.ts';
import type { World } from '../../sources/world/types.ts';
import { INSPECTOR } from './callers.ts';

export type DepartmentName = 'market-regulation' | 'ecology' | 'transport' | 'public-security';

export interface Answer<T> {
  readonly data: T;
  readonly errors: ExecutionResult['errors'];
}

export interface HubUnderTest {
  readonly services: HubServices;
  readonly world: World;
  upstream(department: DepartmentName): ReferenceUpstream;
  /**
   * Runs an operation as the gateway does; T is what the test expects to read.
   * @param caller by default one who sees all that departments share
   */
  query<T>(
    text: string,
    variables?: Record<string, unknown>,
    timeoutMs?: number,
    caller?: Caller,
    grounds?: Grounds,
  ): Promise<Answer<T>>;
  /** Switches a fault on for the time of `run`. */
  during<T>(
    department: DepartmentName,
    fault: Partial<FaultCommand> & Pick<FaultCommand, 'kind'>,
    run: () => Promise<T>,
  ): Promise<T>;
  /** Upstream calls since `resetCalls`, by department and operation. */
  calls(): Readonly<Record<string, Readonly<Record<string, number>>>>;
  resetCalls(): void;
  /** Resolves when the replica has taken in all live answers so far. */
  settled(): Promise<void>;
  /** Computes what rests on the replica, as the jobs do after each run. */
  project(): Promise<void>;
  /** What the replica failed with so far. */
  readonly replicaFailures: readonly unknown[];
  /** Reads the register into memory when it is told to; null without a replica. */
  readonly register: RegisterFollower | null;
  close(): Promise<void>;
}

export interface HubOptions {
  readonly worldSize?: number;
  readonly guard?: GuardOptions;
  /** Longest wait for one upstream call and for the replica, where the defaults are not meant. */
  readonly patienceMs?: number;
  /** Keep a replica; by default every answer is live. */
  readonly replica?: Replica | null;
  /** Keep what is decided on local numbers; needs a replica. */
  readonly aliasStore?: AliasStore | null;
  /** Keep recognitions there. */
  readonly recognitionsOn?: Connection;
  /** The world of the reference upstreams, where the generated one is not meant. */
  readonly world?: World;
  /** The hub's own clock; departments keep theirs. */
  readonly clock?: Clock;
  /** Keep notices; by default there are none. */
  readonly noticesOf?: (parts: Pick<HubServices, 'registry' | 'clock'>) => HubServices['notices'];
  /** Skip waiting for the directories of local numbers. */
  readonly coldDirectories?: boolean;
}

const DEFAULT_TIMEOUT_MS = 1_900;

/** As an operator sets it, so that connections and the server's own limit are as patient as the calls. */
function patienceSetting(departmentId: string, patienceMs: number | undefined): Record<string, string> {
  const name = `${departmentId.toUpperCase().replaceAll('-', '_')}_TIMEOUT_MS`;
  return patienceMs === undefined ? {} : { [name]: String(patienceMs) };
}

export async function startHub({
  worldSize = 120,
  guard,
  coldDirectories = false,
  patienceMs,
  replica = null,
  aliasStore = null,
  recognitionsOn,
  world: ownWorld,
  clock = { now: () => new Date() },
  noticesOf = () => null,
}: HubOptions = {}): Promise<HubUnderTest> {
  const world = ownWorld ?? buildWorld({ size: worldSize });
  const definitions = await discoverSources();
  const upstreams = await Promise.all(definitions.map((definition) => definition.startUpstream(world, {})));
  const [mesh, schema] = await Promise.all([loadMeshSources(), buildHubSchema()]);
  const setups = definitions.map((definition, index) =>
    definition.create({ ...upstreams[index]?.environment, ...patienceSetting(definition.department.id, patienceMs) }),
  );
  const learning: (() => Promise<void>)[] = [];
  const replicaFailures: unknown[] = [];
  const registry = createRegistry(
    definitions.map((definition, index) => {
      const setup = setups[index];
      if (setup === undefined) throw new Error(`no set-up for ${definition.department.id}`);
      const live = coalesce(guardSource(definition, setup, mesh, guard));
      if (replica === null) return live;
      const replicated = withReplica(live, replica, {
        maxAgeSeconds: setup.maxAgeSeconds,
        now: () => clock.now(),
        ...(patienceMs !== undefined && { patienceMs }),
        onFailure: (error) => replicaFailures.push(error),
      });
      learning.push(() => replicated.settled());
      return replicated;
    }),
  );
  const identity = new IdentityDirectory({
    registry,
    ...(replica !== null && { lastKnown: (departmentId: string) => replica.directory(departmentId) }),
    ...(aliasStore !== null && { decisions: aliasStore.decisions }),
  });
  const onFailure = (error: unknown): void => void replicaFailures.push(error);
  const register = replica && new RegisterFollower({ registry, replica, subjects: identity.subjects, onFailure });
  const aliases = register && aliasStore && new AliasDesk({ ...aliasStore, identity, register, clock, onFailure });
  const projection =
    replica &&
    (await openProjection({
      ...{ connection: replica.models.records.db, replica, clock, decisions: aliasStore?.decisions ?? NO_DECISIONS },
      departments: definitions.map(({ department }) => department),
    }));
  const indexedInstitutions =
    replica &&
    projection &&
    new IndexedInstitutions({
      ...{ replica, search: projection.search, states: projection.states, registry },
      onFailure: (error) => replicaFailures.push(error),
      ...(patienceMs !== undefined && { patienceMs }),
    });
  for (const consumer of projection?.consumers ?? []) aliases?.follow((codes) => consumer.refresh(codes));
  const log = createLogger('silent');
  const opened =
    recognitionsOn === undefined
      ? null
      : await openRecognitions({
          ...{ connection: recognitionsOn, doorbell: localDoorbell(), clock, log },
          // As the projector does it; without a replica there is none.
          onNews: () =>
            void (
              projection?.projector.run() ??
              markNews({
                ...{ store: new RecognitionStore(recognitionsOn), findings: new FindingStore(recognitionsOn), clock },
              })
            ).catch(onFailure),
        });
  const services: HubServices = {
    ...{ registry, identity, clock, replica, indexedInstitutions },
    credit: projection?.credit ?? null,
    ...{ aliases, notices: noticesOf({ registry, clock }), endpoints: null },
    recognitions: opened?.partsFor({ registry }) ?? null,
  };
  if (!coldDirectories) {
    identity.start();
    await identity.settled();
  }
  const plans = new PlanExecutor(schema);

  const upstream = (department: DepartmentName): ReferenceUpstream => {
    const found = upstreams.find((each) => each.departmentId === department);
    if (found === undefined) throw new Error(`no upstream for ${department}`);
    return found;
  };
  return {
    services,
    world,
    upstream,
    async query(
      text: string,
      variables: Record<string, unknown> = {},
      timeoutMs = DEFAULT_TIMEOUT_MS,
      caller: Caller = INSPECTOR,
      grounds: Grounds = NO_GROUNDS,
    ) {
      const document = parse(text);
      const invalid = validate(schema, document);
      if (invalid.length > 0) return { data: null as never, errors: invalid };
      const controller = new AbortController();
      // Every upstream call of the operation listens, as in the gateway.
      setMaxListeners(0, controller.signal);
      const timer = setTimeout(() => controller.abort(), timeoutMs);
      try {
        const scope = { requestId: 'test', signal: controller.signal, deadlineAt: Date.now() + timeoutMs };
        const context = createHubContext(services, scope, caller, grounds);
        const result = await plans.execute({ document, operationName: null, variables, context, queryHash: text });
        return { data: result.data as never, errors: result.errors };
      } finally {
        clearTimeout(timer);
      }
    },
    async during(department, fault, run) {
      await upstream(department).setFault({ delayMs: 5_000, scope: 'all', ...fault });
      try {
        return await run();
      } finally {
        await upstream(department).setFault(null);
      }
    },
    calls: () => Object.fromEntries(upstreams.map((each) => [each.departmentId, each.calls()])),
    resetCalls: () => upstreams.forEach((each) => each.resetCalls()),
    async settled() {
      await Promise.all(learning.map((settle) => settle()));
    },
    async project() {
      await projection?.projector.run();
    },
    replicaFailures,
    register,
    async close() {
      await Promise.all(learning.map((settle) => settle()));
      identity.stop();
      await opened?.close();
      mesh.close();
      await Promise.all(setups.map((setup) => setup.close()));
      await Promise.all(upstreams.map((each) => each.close()));
    },
  };
}
