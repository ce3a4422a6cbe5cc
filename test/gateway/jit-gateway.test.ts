/** Plans must answer as graphql-js does, word for word. */
import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { both, type Case } from './support/both-executors.ts';
import { sampleSchema } from './support/sample-schema.ts';

const PLANNED: Readonly<Record<string, Case>> = {
  'a field': { query: '{ hello }' },
  aliases: { query: '{ a: hello b: hello(name: "Bo") }' },
  '__typename at every level': { query: '{ __typename people { __typename } records { __typename id } }' },
  'an alias of __typename': { query: '{ kind: __typename }' },
  'nested lists of objects': { query: '{ people { name friends { name friends { name } } } }' },
  'a list with gaps': { query: '{ sparse { name age } }' },
  'a list of lists with promises inside': { query: '{ matrix }' },
  nulls: { query: '{ nothing person(name: "nobody") { name } }' },
  'a named fragment used twice': {
    query: '{ people { ...P friends { ...P } } } fragment P on Person { name age }',
  },
  'fragments in fragments': {
    query: '{ ...Q } fragment Q on Query { people { ...P } } fragment P on Person { name friends { name } }',
  },
  'merged selections of one field': { query: '{ people { name } people { age friends { name } } }' },
  'an interface': {
    query: '{ records { id title ... on Report { pages at colour author { name } } ... on Penalty { fine } } }',
  },
  'a fragment on an interface': { query: '{ found { ... on Record { id } ... on Person { name } } }' },
  'a union': { query: '{ found { __typename ... on Person { name } ... on Report { pages } } }' },
  'enums out': { query: '{ people { colours } records { ... on Report { colour } } }' },
  'default arguments': { query: '{ echoRange }' },
  'literal arguments of every kind': {
    query: `{ echoRange(range: { to: 3, tags: ["a", "b"], code: "AB12", nested: { from: null, to: 4 } },
      list: [1, null, 3], colour: BLUE, code: "XY99", at: "2026-01-01T00:00:00Z", codes: "AA11") }`,
  },
  'a block string': { query: '{ required(text: """one\n  "two" \\ three""") }' },
  'a literal null': { query: '{ echoRange(range: null, list: null) hello(name: null) }' },
  'variables of every kind': {
    query: `query Q($range: Range, $list: [Int], $colour: Colour, $code: Code, $at: Instant, $codes: [Code!]) {
      echoRange(range: $range, list: $list, colour: $colour, code: $code, at: $at, codes: $codes) }`,
    variables: {
      range: { to: 1, tags: 'one', nested: { to: 2 } },
      list: 5,
      colour: 'RED',
      code: 'AB12',
      at: '2026-01-01T08:00:00+08:00',
      codes: ['AA11', 'BB22'],
    },
  },
  'variables that are absent': {
    query:
      'query Q($range: Range, $colour: Colour, $name: String) { echoRange(range: $range, colour: $colour) hello(name: $name) }',
  },
  'variables that are null': {
    query: 'query Q($colour: Colour, $name: String) { echoRange(colour: $colour) hello(name: $name) }',
    variables: { colour: null, name: null },
  },
  'variables with defaults': {
    query:
      'query Q($name: String = "Di", $range: Range = { to: 9, code: "CD34" }) { hello(name: $name) echoRange(range: $range) }',
  },
  'variables inside of literals': {
    query:
      'query Q($to: Int!, $tag: String!, $n: Int) { echoRange(range: { to: $to, tags: ["x", $tag] }, list: [1, $n]) }',
    variables: { to: 7, tag: 'y' },
  },
  '@skip and @include with literals': {
    query: '{ a: hello @include(if: false) b: hello @skip(if: true) c: hello @include(if: true) @skip(if: false) }',
  },
  '@include with a variable, true': {
    query: 'query A($on: Boolean!) { people { name age @include(if: $on) } hello @skip(if: $on) }',
    variables: { on: true },
  },
  '@include with a variable, false': {
    query: 'query B($on: Boolean!) { people { name age @include(if: $on) } hello @skip(if: $on) }',
    variables: { on: false },
  },
  'a fragment spread twice under different conditions': {
    query: `query Q($a: Boolean!, $b: Boolean!) { ...F @include(if: $a) ...F @include(if: $b) } fragment F on Query { hello }`,
    variables: { a: false, b: true },
  },
  'a fragment that is conditional in one of two places': {
    query: `query Q($a: Boolean = false) { people { ...F @include(if: $a) friends { ...F } } } fragment F on Person { name }`,
  },
  'an inline fragment with a condition': {
    query: 'query Q($a: Boolean!) { hello ... @include(if: $a) { people { name } } }',
    variables: { a: true },
  },
  'selections that are all skipped': {
    query: 'query Q($a: Boolean!) { people { name @include(if: $a) } hello @include(if: $a) }',
    variables: { a: false },
  },
  'a mutation in order': { query: 'mutation { a: add(amount: 1) b: add(amount: 2) c: add(amount: 3) }' },
  'a mutation in order although its first act takes longest': {
    query: 'mutation { a: addLater(amount: 1) b: add(amount: 2) c: addLater(amount: 4) d: add(amount: 8) }',
  },
  'a mutation that fails in the middle': { query: 'mutation { a: add(amount: 1) failing b: add(amount: 2) }' },
  'an error of a nullable field': { query: '{ fails hello }' },
  'an error with a code and details': { query: '{ fails(how: "refused") }' },
  'an error made by the resolver for clients': { query: '{ fails(how: "graphql") }' },
  'a thrown word': { query: '{ fails(how: "word") }' },
  'a missing value of a non-null root field': { query: '{ hello mustBe }' },
  'a missing value that takes its parent away': { query: '{ sparse { name bestFriend { name } } }' },
  'a missing value in a field that is selected twice': {
    query: '{ sparse { bestFriend { name } bestFriend { age } } }',
  },
  'errors in nested lists': { query: '{ people { name secret friends { name secret } } }' },
  'list items that are promises, errors and values': { query: '{ promised { name } }' },
  'a list item that rejects after its neighbour': { query: '{ late }' },
  'a value that its scalar refuses': { query: '{ odd people { name age } }' },
  'a variable that a non-null argument needs': {
    query: 'query Q($text: String = "x") { required(text: $text) hello }',
    variables: { text: null },
  },
  'one of several operations': {
    query: 'query A { hello } query B { people { name } }',
    operationName: 'B',
  },
};

const VARIABLE_ERRORS: Readonly<Record<string, Case>> = {
  'a required variable is absent': { query: 'query Q($text: String!) { required(text: $text) }' },
  'a required variable is null': {
    query: 'query Q($text: String!) { required(text: $text) }',
    variables: { text: null },
  },
  'a number for a string': { query: 'query Q($text: String!) { required(text: $text) }', variables: { text: 1 } },
  'an unknown enum value': { query: 'query Q($c: Colour) { echoRange(colour: $c) }', variables: { c: 'PINK' } },
  'a scalar that refuses its value': { query: 'query Q($c: Code) { echoRange(code: $c) }', variables: { c: 'A1' } },
  'a scalar that throws': { query: 'query Q($at: Instant) { echoRange(at: $at) }', variables: { at: 'x' } },
  'errors at several depths': {
    query: 'query Q($r: Range, $l: [Int]) { echoRange(range: $r, list: $l) }',
    variables: { r: { from: 'x', unknown: 1, nested: { to: null } }, l: [1, 'two', 3.5] },
  },
  'an object for a list of scalars': { query: 'query Q($c: [Code!]) { echoRange(codes: $c) }', variables: { c: {} } },
};

const INTERPRETED: Readonly<Record<string, Case>> = {
  introspection: { query: getIntrospectionQuery() },
  'a type asked by name': { query: '{ __type(name: "Person") { name fields { name } } }' },
  'an alias with an underscore': { query: '{ a_b: hello people { name } }' },
  'an alias that is no plain key': { query: '{ __proto__: hello }' },
  'a condition without a value': {
    query: 'query Q($a: Boolean = true) { hello @include(if: $a) }',
    variables: { a: null },
  },
  'an operation name that is missing': { query: 'query A { hello } query B { hello }' },
  'an operation name that is unknown': { query: 'query A { hello }', operationName: 'X' },
  'a literal that a null variable makes wrong': {
    query: 'query Q($to: Int = 1) { echoRange(range: { to: $to }) hello }',
    variables: { to: null },
  },
  'types that are known only by a promise': {
    query: '{ found { ... on Person { name } } }',
    schema: sampleSchema({ resolveLater: true }),
  },
};

const asTable = (cases: Readonly<Record<string, Case>>) => Object.entries(cases);

describe('A plan answers as graphql-js does', () => {
  it.each(asTable(PLANNED))('for %s', async (_, example) => {
    const { planned, interpreted, isPlanned } = await both(example);
    expect(planned).toEqual(interpreted);
    expect(isPlanned).toBe(true);
    expect((await both(example)).planned).toEqual(interpreted);
  });

  it.each(asTable(VARIABLE_ERRORS))('when %s', async (_, example) => {
    const { planned, interpreted } = await both(example);
    expect(planned).toEqual(interpreted);
    expect(planned).toMatchObject({ hasData: false });
  });

  it.each(asTable(INTERPRETED))('by leaving it to graphql-js: %s', async (_, example) => {
    const { planned, interpreted, isPlanned } = await both(example);
    expect(planned).toEqual(interpreted);
    expect(isPlanned).toBe(false);
  });

  it('with the same data, and at least its errors, where several values are missing under one parent', async () => {
    const query = '{ sparse { a: bestFriend { name } b: bestFriend { name } } }';
    const { planned, interpreted } = await both({ query });
    expect(planned.data).toEqual(interpreted.data);
    expect(planned.errors).toEqual(expect.arrayContaining(interpreted.errors));
  });

  it('with the same data where a type cannot be told, and goes on living', async () => {
    const { planned, interpreted, isPlanned } = await both({ query: '{ lost { ... on Person { name } } hello }' });
    expect(isPlanned).toBe(true);
    expect(planned.data).toEqual(interpreted.data);
    expect(planned.errors.map(({ path }) => path)).toEqual(interpreted.errors.map(({ path }) => path));
  });
});
