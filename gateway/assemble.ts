/** Puts the hub together from its departments. Wiring only. */
import type { GraphQLSchema } from 'graphql';
import { buildHubSchema } from '../schema/build-schema.ts';
import type { HubServices } from '../schema/context.ts';
import { IdentityDirectory } from '../schema/identity/identity-directory.ts';
import type { Replica } from '../schema/replica/replica.ts';
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

/**
 * @param provided settings that reference upstreams provide, per department id
 * @param replica null: every answer is live
 * @param noticesOf makes the notices, which need to know the departments
 */
export async function assemble(
  departments: readonly Pick<DepartmentConfig, 'definition' | 'environment'>[],
  provided: Readonly<Record<string, Readonly<Record<string, string>>>>,
  log: Logger,
  replica: Replica | null = null,
  noticesOf: (parts: Pick<HubServices, 'registry' | 'clock'>) => HubServices['notices'] = () => null,
): Promise<Hub> {
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
    if (replica === null) return live;
    const replicated = withReplica(live, replica, {
      maxAgeSeconds: setup.maxAgeSeconds,
      onFailure: (error) => log.error({ department: definition.department.id, err: error }, 'the replica failed'),
    });
    learning.push(() => replicated.settled());
    return replicated;
  });
  const registry = createRegistry(sources);
  const clock = { now: () => new Date() };
  const identity = new IdentityDirectory({
    registry,
    ...(replica !== null && { lastKnown: (departmentId: string) => replica.directory(departmentId) }),
  });
  identity.start();
  return {
    services: { registry, identity, clock, replica, notices: noticesOf({ registry, clock }) },
    schema,
    async close() {
      identity.stop();
      await Promise.all(learning.map((settled) => settled()));
      mesh.close();
      await Promise.all(parts.map(({ setup }) => setup.close()));
    },
  };
}
