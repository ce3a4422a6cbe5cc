/** Puts the hub together from its departments. Wiring only. */
import type { GraphQLSchema } from 'graphql';
import { buildHubSchema } from '../schema/build-schema.ts';
import type { HubServices } from '../schema/context.ts';
import { AliasDesk } from '../schema/identity/alias-desk.ts';
import type { AliasStore } from '../schema/identity/alias-store.ts';
import { IdentityDirectory } from '../schema/identity/identity-directory.ts';
import { RegisterFollower } from '../schema/identity/register-follower.ts';
import type { Projection } from '../jobs/projection/open-projection.ts';
import type { Replica } from '../schema/replica/replica.ts';
import { IndexedInstitutions } from '../schema/search/indexed-institutions.ts';
import { coalesce } from '../sources/kit/coalesce.ts';
import { guardSource } from '../sources/kit/guard-source.ts';
import { loadMeshSources } from '../sources/kit/mesh.ts';
import { createRegistry } from '../sources/kit/registry.ts';
import { withReplica } from '../sources/kit/with-replica.ts';
import type { DepartmentConfig } from './config.ts';
import type { Logger } from './logging.ts';

export interface Hub {
  readonly services: HubServices;
  readonly schema: GraphQLSchema;
  close(): Promise<void>;
}

/** What the hub keeps of the departments. */
export interface Kept {
  readonly replica: Replica;
  readonly projection: Projection;
  /** Told when a live answer has changed the replica. */
  readonly onLearned: () => void;
  /** Longest wait for the replica and its index, where their own default is not meant. */
  readonly replicaPatienceMs?: number;
  /** null: the rules alone say whose a local number is. */
  readonly aliasStore: AliasStore | null;
  /** Makes notices and recognitions, which need to know the departments. */
  noticesOf(
    parts: Pick<HubServices, 'registry' | 'clock'>,
  ): Pick<HubServices, 'notices' | 'recognitions' | 'endpoints'>;
}

/**
 * @param provided settings that reference upstreams provide, per department id
 * @param kept null: every answer is live, and there are no notices
 */
export async function assemble(
  departments: readonly Pick<DepartmentConfig, 'definition' | 'environment'>[],
  provided: Readonly<Record<string, Readonly<Record<string, string>>>>,
  log: Logger,
  kept: Kept | null = null,
): Promise<Hub> {
  const replica = kept?.replica ?? null;
  const aliasStore = kept?.aliasStore ?? null;
  const [mesh, schema] = await Promise.all([loadMeshSources(), buildHubSchema()]);
  const parts = departments.map(({ definition, environment }) => ({
    definition,
    setup: definition.create({ ...environment, ...provided[definition.department.id] }),
  }));
  const learning: (() => Promise<void>)[] = [];
  const sources = parts.map(({ definition, setup }) => {
    const live = coalesce(
      guardSource(definition, setup, mesh, {
        onFailure: (failure, requestId) =>
          log.warn(
            { department: definition.department.id, requestId, code: failure.code, err: failure.cause },
            'department call failed',
          ),
      }),
    );
    if (kept === null) return live;
    const replicated = withReplica(live, kept.replica, {
      maxAgeSeconds: setup.maxAgeSeconds,
      onLearned: kept.onLearned,
      onFailure: (error) => log.error({ department: definition.department.id, err: error }, 'the replica failed'),
      ...(kept.replicaPatienceMs !== undefined && { patienceMs: kept.replicaPatienceMs }),
    });
    learning.push(() => replicated.settled());
    return replicated;
  });
  const registry = createRegistry(sources);
  const clock = { now: () => new Date() };
  const identity = new IdentityDirectory({
    registry,
    ...(replica !== null && { lastKnown: (departmentId: string) => replica.directory(departmentId) }),
    ...(aliasStore !== null && { decisions: aliasStore.decisions }),
  });
  identity.start();
  const onIdentityFailure = (error: unknown): void => log.error({ err: error }, 'matching of local numbers failed');
  const register =
    replica && new RegisterFollower({ registry, replica, subjects: identity.subjects, onFailure: onIdentityFailure });
  register?.start();
  aliasStore?.decisions.start();
  const aliases =
    register && aliasStore && new AliasDesk({ ...aliasStore, identity, register, clock, onFailure: onIdentityFailure });
  for (const consumer of kept?.projection.consumers ?? []) aliases?.follow((codes) => consumer.refresh(codes));
  const indexedInstitutions =
    kept &&
    new IndexedInstitutions({
      ...{ replica: kept.replica, search: kept.projection.search, states: kept.projection.states, registry },
      ...(kept.replicaPatienceMs !== undefined && { patienceMs: kept.replicaPatienceMs }),
      onFailure: (error) => log.error({ err: error }, 'the index of institutions failed'),
    });
  return {
    services: {
      ...{ registry, identity, clock, replica, indexedInstitutions, aliases },
      credit: kept?.projection.credit ?? null,
      ...(kept?.noticesOf({ registry, clock }) ?? { notices: null, recognitions: null, endpoints: null }),
    },
    schema,
    async close() {
      identity.stop();
      register?.stop();
      aliasStore?.decisions.stop();
      await Promise.all(learning.map((settled) => settled()));
      mesh.close();
      await Promise.all(parts.map(({ setup }) => setup.close()));
    },
  };
}
