/** Puts the hub together from its departments. Wiring only. */
import type { GraphQLSchema } from 'graphql';
import { buildHubSchema } from '../schema/build-schema.ts';
import type { HubServices } from '../schema/context.ts';
import { IdentityDirectory } from '../schema/identity/identity-directory.ts';
import { guardSource } from '../sources/kit/guard-source.ts';
import { loadMeshSources } from '../sources/kit/mesh.ts';
import { createRegistry } from '../sources/kit/registry.ts';
import type { DepartmentConfig } from './config.ts';
import type { Logger } from './logging.ts';

export interface Hub {
  readonly services: HubServices;
  readonly schema: GraphQLSchema;
  close(): Promise<void>;
}

/** @param provided settings that reference upstreams provide, per department id */
export async function assemble(
  departments: readonly Pick<DepartmentConfig, 'definition' | 'environment'>[],
  provided: Readonly<Record<string, Readonly<Record<string, string>>>>,
  log: Logger,
): Promise<Hub> {
  const [mesh, schema] = await Promise.all([loadMeshSources(), buildHubSchema()]);
  const parts = departments.map(({ definition, environment }) => ({
    definition,
    setup: definition.create({ ...environment, ...provided[definition.department.id] }),
  }));
  const registry = createRegistry(
    parts.map(({ definition, setup }) =>
      guardSource(definition, setup, mesh, {
        onFailure: (failure, requestId) =>
          log.warn(
            { department: definition.department.id, requestId, code: failure.code, err: failure.cause },
            'department call failed',
          ),
      }),
    ),
  );
  const clock = { now: () => new Date() };
  const identity = new IdentityDirectory({ registry });
  identity.start();
  return {
    services: { registry, identity, clock },
    schema,
    async close() {
      identity.stop();
      mesh.close();
      await Promise.all(parts.map(({ setup }) => setup.close()));
    },
  };
}
