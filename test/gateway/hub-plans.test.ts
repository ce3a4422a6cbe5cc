/** The real graph over the reference upstreams: plans must answer the sample queries as graphql-js does. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute, parse, type ExecutionResult } from 'graphql';
import { assemble, type Hub } from '../../gateway/assemble.ts';
import { readConfig } from '../../gateway/config.ts';
import { SAMPLE_QUERIES } from '../../gateway/graphiql/sample-queries.ts';
import { PlanExecutor } from '../../gateway/jit-gateway.ts';
import { createLogger } from '../../gateway/logging.ts';
import { createHubContext } from '../../schema/context.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { startReferenceUpstreams, type RunningUpstreams } from '../../sources/reference-upstreams.ts';
import { callScope } from '../support/source-under-test.ts';
import { INSPECTOR } from '../support/callers.ts';

let upstreams: RunningUpstreams;
let hub: Hub;
let planner: PlanExecutor;

beforeAll(async () => {
  const { departments } = readConfig(await discoverSources(), {});
  upstreams = await startReferenceUpstreams(
    departments.map(({ definition }) => definition),
    20,
  );
  hub = await assemble(departments, upstreams.report.environments, createLogger('silent'));
  await hub.services.identity.settled();
  planner = new PlanExecutor(hub.schema);
});
afterAll(async () => {
  await hub.close();
  await upstreams.close();
});

/** Instants of this very moment, and digests of replies that hold one, differ between two answers. */
const comparable = ({ data, errors }: ExecutionResult) => ({
  data: JSON.stringify(data).replaceAll(/"(asOf|fetchedAt|lastSuccessAt|receipt)":"[^"]+"/g, '"$1":"now"'),
  errors: errors?.map((error) => error.toJSON()),
});

describe('The graph answered by plans', () => {
  it.each(SAMPLE_QUERIES)('equals the graph answered by graphql-js: sample %#', async (query) => {
    const document = parse(query);
    const context = () => createHubContext(hub.services, callScope(), INSPECTOR);
    const operation = { document, operationName: null, variables: {}, queryHash: query };
    const interpreted = await execute({ schema: hub.schema, document, contextValue: context() });
    const planned = await planner.execute({ ...operation, context: context() });
    expect(comparable(planned)).toEqual(comparable(interpreted));
    expect(planned.errors).toBeUndefined();
  });

  it('is compiled wherever no type has to be waited for', () => {
    const isPlanned = (queryHash: string) => planner.isPlanned({ queryHash, operationName: null });
    expect(SAMPLE_QUERIES.filter((query) => !query.includes('inspections(')).map(isPlanned)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});
