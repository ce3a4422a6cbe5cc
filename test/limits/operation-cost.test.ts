/** The cost of an operation, told before it runs, is never less than what it turns out to be. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { assertObjectType, getOperationAST, getVariableValues, parse, validate, type GraphQLSchema } from 'graphql';
import { costOf, type AskableDepartment, type OperationCost } from '../../gateway/limits/operation-cost.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { ONE_CALL_PER_FACET, STATIONS } from '../hub/stations.ts';
import { codeOf, PATIENCE_MS, present, useHub } from '../hub/support.ts';
import { everythingBelow, type ArgumentValues } from './everything-query.ts';

const hub = useHub({ worldSize: 60, patienceMs: PATIENCE_MS });

let schema: GraphQLSchema;
let departments: readonly AskableDepartment[];
beforeAll(async () => {
  schema = await buildHubSchema();
  departments = hub()
    .services.registry.all()
    .map((source) => ({
      id: source.department.id,
      reads: source.reads,
      isRegister: source.listInstitutions !== undefined,
    }));
});

function costIn(text: string, variables: Record<string, unknown> = {}): OperationCost {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = present(getOperationAST(document));
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return costOf({ schema, document, operation, variables: present(coerced) }, departments);
}

const perDepartment = ({ departments: each }: OperationCost): Record<string, number> =>
  Object.fromEntries(each.map(({ id, calls }) => [id, calls]));

const sums = (calls: Readonly<Record<string, Readonly<Record<string, number>>>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(calls)
      .map(([id, operations]) => [id, Object.values(operations).reduce((sum, each) => sum + each, 0)] as const)
      .filter(([, sum]) => sum > 0),
  );

const CODE = codeOf('INST-A');
const VALUES: ArgumentValues = {
  CreditCode: JSON.stringify(CODE),
  DepartmentId: '"ecology"',
  'institution(maxAgeSeconds': '0',
  'institutions(maxAgeSeconds': '0',
  'institutions(first': '5',
  'decisionSafety(maxAgeSeconds': '60',
  'decisionSafety(facets': '[INSTITUTIONS, QUALIFICATIONS, FACILITIES, INSPECTIONS, REPORTS, PENALTIES, LIST_ENTRIES]',
  'verifyReport(number': '"520115PF260326000000043"',
  'certificate(number': '"2024960801000001"',
  'alreadyInspected(subject': JSON.stringify(CODE),
  'alreadyInspected(withinDays': '400',
  InspectionKind: 'VehicleEmissionTest',
  RecognitionPurpose: 'MARKET_SURVEILLANCE',
  ID: '"none"',
  String: '"none"',
};

describe('What an operation really costs', () => {
  /** Fields with all that is below them, each in a query of its own. */
  function everyField(): readonly (readonly [name: string, query: string])[] {
    const below = (type: string, depth: number) =>
      Object.values(assertObjectType(schema.getType(type)).getFields()).map((field) => {
        const text = everythingBelow(field, { schema, values: VALUES, depth });
        if (text === null) throw new Error(`say what the arguments of ${type}.${field.name} are`);
        return [`${type}.${field.name}`, text] as const;
      });
    return [
      ...below('Query', 3).map(([name, text]) => [name, `{ ${text} }`] as const),
      // In a list, whose institutions are found with one call: what comes on top is the field's own.
      ...below('Institution', 2).map(([name, text]) => [name, `{ ${LIST} { ${text} } } } }`] as const),
    ];
  }
  const LIST = 'institutions(first: 3, maxAgeSeconds: 0, filter: { kinds: [VEHICLE_INSPECTION_BODY] }) { edges { node';

  it('is told before, by every field of the graph with all that is below it', async () => {
    const told: Record<string, unknown> = {};
    for (const [name, query] of everyField()) {
      hub().resetCalls();
      await hub().query(query, {}, PATIENCE_MS);
      const [cost, calls] = [perDepartment(costIn(query)), sums(hub().calls())];
      if (Object.entries(calls).some(([id, made]) => made > (cost[id] ?? 0))) told[name] = { calls, cost };
    }
    // Whatever stands here costs more than it says: name its calls in schema/cost/calls-of-field.ts.
    expect(told).toEqual({});
  });

  it.each([1, 100])('is no more for a page of %i than was said', (first) => {
    expect(perDepartment(costIn(STATIONS, { first }))).toEqual(
      // The register's list brings what it says of each institution itself.
      { ...sums(ONE_CALL_PER_FACET), 'market-regulation': 6 },
    );
  });

  it('is what was said when institutions that the register does not know are among several', async () => {
    const query = `query ($a: CreditCode!, $b: CreditCode!) {
      a: institution(creditCode: $a) { name aliases { localId } qualifications { number } penalties { totalCount } }
      b: institution(creditCode: $b) { name aliases { localId } qualifications { number } penalties { totalCount } }
    }`;
    const variables = { a: CODE, b: codeOf('INST-B') };
    hub().resetCalls();
    await hub().during('market-regulation', { kind: 'down' }, () => hub().query(query, variables, PATIENCE_MS));
    const cost = perDepartment(costIn(query, variables));
    for (const [id, calls] of Object.entries(sums(hub().calls())))
      expect({ id, calls, isWithin: calls <= (cost[id] ?? 0) }).toEqual({ id, calls, isWithin: true });
  });
});

describe('The cost that is told', () => {
  const NAME = { 'market-regulation': 1, ecology: 1, transport: 1, 'public-security': 1 };

  it.each<[string, string, Record<string, unknown>, Record<string, number>]>([
    ['nothing where no department is asked', '{ measures { __typename } departments { id } me { subject } }', {}, {}],
    [
      'a call of each department that describes institutions, should the register be silent',
      `{ institution(creditCode: "${CODE}") { name } }`,
      {},
      NAME,
    ],
    [
      'no more for several of them, and for what is known already',
      `{ a: institution(creditCode: "${CODE}") { name aliases { localId } } b: institution(creditCode: "${CODE}") { name } }`,
      {},
      { 'market-regulation': 2, ecology: 2, transport: 2, 'public-security': 2 },
    ],
    [
      'nothing for what was known at a time',
      `{ institution(creditCode: "${CODE}", asOf: "2026-01-01T00:00:00+08:00") { name qualifications { number } } }`,
      {},
      {},
    ],
    [
      'one call for a list of the register',
      '{ institutions(first: 100) { edges { node { name } } } }',
      {},
      { 'market-regulation': 1 },
    ],
    [
      'what fragments ask',
      '{ institutions { ...Page } } fragment Page on InstitutionConnection { edges { node { ...Facts ... on Institution { facilities { kind } } } } } fragment Facts on Institution { penalties { totalCount } }',
      {},
      { 'market-regulation': 2, ecology: 2, transport: 1, 'public-security': 1 },
    ],
    [
      'not what is skipped or not included',
      'query ($with: Boolean = false) { institutions { edges { node { penalties @include(if: $with) { totalCount } listEntries @skip(if: true) { reason } } } } }',
      {},
      { 'market-regulation': 1 },
    ],
    [
      'what is included by a variable',
      'query ($with: Boolean = false) { institutions { edges { node { listEntries @include(if: $with) { reason } } } } }',
      { with: true },
      { 'market-regulation': 2 },
    ],
  ])('is %s', (_, query, variables, calls) => {
    expect(perDepartment(costIn(query, variables))).toEqual(calls);
  });

  it('grows with each alias of what is looked up by itself', () => {
    const one = costIn('{ verifyReport(number: "1") { verdict } }').calls;
    const two = costIn('{ a: verifyReport(number: "1") { verdict } b: verifyReport(number: "2") { verdict } }').calls;
    expect(two).toBe(2 * one);
  });

  it.each<[string, string, Record<string, unknown>, number]>([
    ['pages as they are asked', '{ institutions(first: 7) { edges { node { name } } } }', {}, 7],
    ['pages by variables', 'query ($n: Int) { institutions(first: $n) { edges { node { name } } } }', { n: 9 }, 9],
    ['pages of the usual size', '{ institutions { edges { node { name } } } }', {}, 20],
    [
      'pages in pages',
      '{ institutions(first: 10) { edges { node { reports(first: 5) { edges { node { number } } } } } } }',
      {},
      60,
    ],
    [
      'pages under each alias',
      '{ a: institutions(first: 10) { totalCount } b: institutions(first: 20) { totalCount } }',
      {},
      30,
    ],
  ])('counts the records of %s', (_, query, variables, rows) => {
    expect(costIn(query, variables).rows).toBe(rows);
  });
});
