/** One department end to end: its reference upstream, its folder's adapter, Mesh between them, the kit around. */
import type { CallScope, DepartmentSource } from '../../schema/ports.ts';
import type { SourceDefinition } from '../../sources/kit/define-source.ts';
import { guardSource, type GuardOptions } from '../../sources/kit/guard-source.ts';
import { loadMeshSources } from '../../sources/kit/mesh.ts';
import type { ReferenceUpstream } from '../../sources/kit/upstream/reference-upstream.ts';
import { buildWorld } from '../../sources/world/build-world.ts';
import type { World } from '../../sources/world/types.ts';

export interface SourceUnderTest {
  readonly source: DepartmentSource;
  readonly upstream: ReferenceUpstream;
  readonly world: World;
  close(): Promise<void>;
}

export function callScope(timeoutMs = 5_000): CallScope {
  return { requestId: 'test', signal: new AbortController().signal, deadlineAt: Date.now() + timeoutMs };
}

export async function startSource(
  definition: SourceDefinition,
  options: { worldSize?: number; environment?: Record<string, string>; guard?: GuardOptions } = {},
): Promise<SourceUnderTest> {
  const world = buildWorld({ size: options.worldSize ?? 50 });
  const upstream = await definition.startUpstream(world, {});
  const setup = definition.create({ ...upstream.environment, ...options.environment });
  const mesh = await loadMeshSources();
  const source = guardSource(definition, setup, mesh, options.guard);
  return {
    source,
    upstream,
    world,
    async close() {
      mesh.close();
      await setup.close();
      await upstream.close();
    },
  };
}
