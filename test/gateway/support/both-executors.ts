/** One operation, executed by a plan and by graphql-js, in a form that can be compared. */
import { expect } from '@jest/globals';
import { execute, parse, validate, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { PlanExecutor } from '../../../gateway/jit-gateway.ts';
import { sampleSchema } from './sample-schema.ts';

export interface Case {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly schema?: GraphQLSchema;
}

export const served = sampleSchema();
const planners = new Map<GraphQLSchema, PlanExecutor>();

export function plannerOf(schema: GraphQLSchema): PlanExecutor {
  const planner = planners.get(schema) ?? new PlanExecutor(schema);
  planners.set(schema, planner);
  return planner;
}

const inOrderOfPath = ({ data, errors }: ExecutionResult) => ({
  // As text: the order of the fields counts too.
  data: JSON.stringify(data ?? null),
  hasData: data !== undefined,
  errors: (errors ?? [])
    .map((error) => error.toJSON())
    .sort((a, b) => JSON.stringify([a.path, a.message]).localeCompare(JSON.stringify([b.path, b.message]))),
});

export async function both({ query, variables = {}, operationName, schema = served }: Case) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const name = operationName ?? null;
  const planner = plannerOf(schema);
  const planned = inOrderOfPath(
    await planner.execute({ document, operationName: name, variables, context: {}, queryHash: query }),
  );
  const interpreted = inOrderOfPath(
    await execute({ schema, document, operationName: name, variableValues: variables, contextValue: {} }),
  );
  return { planned, interpreted, isPlanned: planner.isPlanned({ queryHash: query, operationName: name }) };
}
