import { describe, expect, it } from '@jest/globals';
import { getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { SAMPLE_QUERIES } from '../../gateway/graphiql/sample-queries.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';

describe('The sample queries of GraphiQL', () => {
  it.each(SAMPLE_QUERIES)('fit the graph and need no variables: sample %#', async (query) => {
    const schema = await buildHubSchema();
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const definitions = getOperationAST(document)?.variableDefinitions ?? [];
    expect(getVariableValues(schema, definitions, {}).errors).toBeUndefined();
  });

  it('explain themselves in English and Chinese', () => {
    for (const query of SAMPLE_QUERIES) expect(query).toMatch(/^# [A-Z][^\n]+\n(# [^\n]+\n)*# [\p{Script=Han}]/u);
  });
});
