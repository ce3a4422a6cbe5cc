/**
 * Executes operations with plans compiled by graphql-jit, through Apollo's gateway interface. Answers equal those of
 * graphql-js: values are coerced by graphql-js, errors are rebuilt, and what cannot be planned is interpreted by it.
 */
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import {
  execute,
  getVariableValues,
  valueFromAST,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { BoundedMap } from './bounded-map.ts';
import { locateErrors } from './plans/located-error.ts';
import { buildPlanSchema } from './plans/plan-schema.ts';
import { prepareOperation, type PreparedOperation } from './plans/prepare-operation.ts';
import { specialise } from './plans/specialise.ts';

type Values = Record<string, unknown>;
type Plan = CompiledQuery['query'];

interface KnownOperation {
  /** null: interpreted */
  readonly prepared: PreparedOperation | null;
  /** One plan per combination of conditions; null: the compiler refused. */
  readonly plans: Map<string, Plan | null>;
}

export interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  /** As the caller sent them. */
  readonly variables: Values;
  readonly context: unknown;
  /** What a subscription's source gave; nothing for queries and mutations. */
  readonly root?: unknown;
  /** Same text, same hash. */
  readonly queryHash: string;
}

const MAX_OPERATIONS = 500;
/** As many as graphql-js reports. */
const MAX_COERCION_ERRORS = 50;

/** The coerced variables and the literals that became variables; undefined when a literal has no value after all. */
function bindValues(prepared: PreparedOperation, coerced: Values): Values | undefined {
  if (prepared.boundValues.length === 0) return coerced;
  const values = { ...coerced };
  for (const { variable, type, node } of prepared.boundValues) {
    const value: unknown = valueFromAST(node, type, coerced);
    if (value === undefined) return undefined;
    values[variable] = value;
  }
  return values;
}

export class PlanExecutor {
  readonly #served: GraphQLSchema;
  readonly #planSchema;
  readonly #operations = new BoundedMap<KnownOperation>(MAX_OPERATIONS);

  constructor(served: GraphQLSchema) {
    this.#served = served;
    this.#planSchema = buildPlanSchema(served);
  }

  async execute(operation: Operation): Promise<ExecutionResult> {
    const known = this.#know(operation);
    if (known.prepared === null) return await this.#interpret(operation);
    const definitions = known.prepared.operation.variableDefinitions ?? [];
    const { errors, coerced } = getVariableValues(this.#served, definitions, operation.variables, {
      maxErrors: MAX_COERCION_ERRORS,
    });
    if (errors !== undefined) return { errors };
    const values = bindValues(known.prepared, coerced);
    const plan = values === undefined ? null : this.#plan(known.prepared, known.plans, coerced);
    if (plan === null) return await this.#interpret(operation);
    const result = await plan(operation.root, operation.context, values);
    if (result.errors === undefined) return result;
    return { ...result, errors: locateErrors(operation.document, result.errors) };
  }

  /** Whether this operation was last executed by a compiled plan; for tests and measurements. */
  isPlanned({ queryHash, operationName }: Pick<Operation, 'queryHash' | 'operationName'>): boolean {
    const plans = this.#operations.get(`${queryHash}:${operationName ?? ''}`)?.plans;
    return plans !== undefined && [...plans.values()].some((plan) => plan !== null);
  }

  #know({ queryHash, operationName, document }: Operation): KnownOperation {
    const key = `${queryHash}:${operationName ?? ''}`;
    let known = this.#operations.get(key);
    if (known === undefined) {
      known = { prepared: prepareOperation(this.#planSchema, document, operationName), plans: new Map() };
      this.#operations.set(key, known);
    }
    return known;
  }

  #plan(prepared: PreparedOperation, plans: KnownOperation['plans'], coerced: Values): Plan | null {
    const decisions = prepared.conditions.map((name) => coerced[name]);
    if (decisions.some((decision) => typeof decision !== 'boolean')) return null;
    const key = decisions.join();
    let plan = plans.get(key);
    if (plan === undefined) {
      plan = this.#compile(prepared, coerced);
      plans.set(key, plan);
    }
    return plan;
  }

  #compile(prepared: PreparedOperation, coerced: Values): Plan | null {
    try {
      const document = prepared.hasConditions ? specialise(prepared.document, coerced) : prepared.document;
      const compiled = compileQuery(this.#planSchema.schema, document, undefined, {
        disablingCapturingStackErrors: true,
      });
      return isCompiledQuery(compiled) ? compiled.query : null;
    } catch {
      return null;
    }
  }

  async #interpret({ document, operationName, variables, context, root }: Operation): Promise<ExecutionResult> {
    return await execute({
      schema: this.#served,
      document,
      operationName,
      variableValues: variables,
      contextValue: context,
      rootValue: root,
    });
  }
}

/** Apollo's `gateway`: one schema, executed by plans. */
export function jitGateway(schema: GraphQLSchema, plans = new PlanExecutor(schema)): GatewayInterface {
  // The name that was asked for: Apollo's own is null where the document has no such operation, which would be run then.
  const executor: GatewayExecutor = ({ document, request, context, queryHash }) =>
    plans.execute({
      ...{ document, context, queryHash },
      operationName: request.operationName ?? null,
      variables: request.variables ?? {},
    });
  return {
    load: () => Promise.resolve({ executor }),
    onSchemaLoadOrUpdate(announce) {
      announce({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: () => Promise.resolve(),
  };
}
