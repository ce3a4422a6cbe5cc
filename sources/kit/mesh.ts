/**
 * The only file that knows Mesh. `mesh build` turns each folder's contract file into a typed schema; here each
 * department's schema is taken by name and executed directly: the merged schema is never used.
 */
import { execute, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { UnreadableValue } from './adapter.ts';
import type { MeshCall, MeshContext } from './mesh-call.ts';

interface MeshExecutor {
  (request: {
    document: DocumentNode;
    variables: Readonly<Record<string, unknown>>;
    context: MeshContext;
  }): Promise<ExecutionOutcome>;
}
interface MeshSource {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly executor?: MeshExecutor;
}
interface ExecutionOutcome {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[];
}

export interface MeshSources {
  /**
   * Runs a document on one department's schema.
   * @returns `data`, with {@link UnreadableValue} where a single value did not fit its declared type
   * @throws HubError SOURCE_*
   */
  execute(
    meshName: string,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    call: MeshCall,
  ): Promise<unknown>;
  /** @throws Error naming the source when .mesh does not hold it */
  require(meshName: string): void;
  close(): void;
}

/** Puts a marker where a value was refused. @returns false when the error took more than one value away */
function markUnreadable(data: unknown, error: GraphQLError): boolean {
  const path = error.path ?? [];
  let parent: unknown = data;
  for (const key of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return false;
    parent = (parent as Record<string | number, unknown>)[key];
  }
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return false;
  (parent as Record<string | number, unknown>)[last] = new UnreadableValue('has another type than the contract says');
  return true;
}

function dataOf(outcome: ExecutionOutcome, call: MeshCall): unknown {
  const [failure] = call.log.failures;
  if (failure !== undefined) throw failure;
  const errors = outcome.errors ?? [];
  for (const error of errors) {
    if (!markUnreadable(outcome.data, error)) {
      const where = error.path?.join('.') ?? 'the reply';
      throw new HubError('SOURCE_MALFORMED', `${call.departmentName} sent a reply that cannot be read at ${where}.`, {
        cause: error,
      });
    }
  }
  return outcome.data;
}

/** Built before start (npm run mesh:build); not typed on purpose: adapters parse what comes with zod. */
const ARTIFACTS: string = '#mesh';

export async function loadMeshSources(): Promise<MeshSources> {
  const built = (await import(ARTIFACTS)) as {
    getBuiltMesh(): Promise<{ rawSources: MeshSource[]; destroy(): void }>;
  };
  const mesh = await built.getBuiltMesh();
  const byName = new Map(mesh.rawSources.map((source) => [source.name, source]));
  const find = (meshName: string): MeshSource => {
    const source = byName.get(meshName);
    if (source === undefined)
      throw new Error(`Mesh holds no source ${meshName}; run: npm run mesh:compose && npm run build`);
    return source;
  };
  return {
    async execute(meshName, document, variables, call) {
      const { schema, executor } = find(meshName);
      const context: MeshContext = { hubCall: call };
      const outcome: ExecutionOutcome = await (executor === undefined
        ? execute({ schema, document, variableValues: variables, contextValue: context })
        : executor({ document, variables, context }));
      return dataOf(outcome, call);
    },
    require: (meshName) => void find(meshName),
    close: () => mesh.destroy(),
  };
}
