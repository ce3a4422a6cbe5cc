/** A small schema with everything that execution can meet, for tests of the HTTP layer and of the planner. */
import {
  buildSchema,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  Kind,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';
import { HubError } from '../../../schema/errors.ts';

const SDL = /* GraphQL */ `
  "Two letters and two digits."
  scalar Code
  scalar Instant
  enum Colour {
    RED
    GREEN
    BLUE
  }
  input Range {
    from: Int = 1
    to: Int!
    tags: [String!]
    code: Code
    nested: Range
  }
  interface Record {
    id: ID!
    title: String
  }
  type Report implements Record {
    id: ID!
    title: String
    pages: Int!
    author: Person
    at: Instant
    colour: Colour
  }
  type Penalty implements Record {
    id: ID!
    title: String
    fine: Float!
    author: Person
  }
  union Found = Report | Person
  type Person {
    name: String!
    age: Int
    friends: [Person!]!
    bestFriend: Person!
    secret: String!
    colours: [Colour!]
  }
  type Query {
    hello(name: String = "world"): String!
    required(text: String!): String
    echoRange(range: Range, list: [Int], colour: Colour = GREEN, code: Code, at: Instant, codes: [Code!]): String
    person(name: String): Person
    people: [Person!]
    sparse: [Person]
    promised: [Person]
    late: [String]
    records: [Record!]!
    found: [Found]
    lost: [Found]
    matrix: [[Int]]
    odd: Int
    nothing: String
    mustBe: String!
    fails(how: String): String
    wait: String
    slow(ms: Int!): String
  }
  type Mutation {
    add(amount: Int!): Int!
    addLater(amount: Int!): Int!
    failing: Int
  }
`;

interface Context {
  readonly requestId?: string;
  readonly scope?: { readonly signal: AbortSignal };
  total?: number;
}

const parseCode = (value: unknown): string => {
  if (typeof value !== 'string')
    throw new GraphQLError('Code must be a string.', { extensions: { code: 'INPUT_INVALID' } });
  if (!/^[A-Z]{2}\d{2}$/.test(value)) {
    const cause = new HubError('INPUT_INVALID', 'Character 3 of the code is wrong.', { details: { position: 3 } });
    throw new GraphQLError(cause.message, { originalError: cause, extensions: { code: cause.code, ...cause.details } });
  }
  return value.toLowerCase();
};

/** Throws the HubError as it is; graphql-js wraps it. */
const parseInstant = (value: unknown): Date => {
  const at = new Date(typeof value === 'string' ? value : NaN);
  if (Number.isNaN(at.valueOf()))
    throw new HubError('INPUT_INVALID', 'An instant needs an offset.', { details: { position: 1 } });
  return at;
};

const literal = (node: ValueNode): unknown => (node.kind === Kind.STRING ? node.value : undefined);

const person = (name: string, over: object = {}): object => ({
  name,
  age: 40,
  friends: () => [{ name: `${name}'s friend`, age: null, friends: [], secret: 's' }],
  secret: 's',
  colours: ['RED', 'BLUE'],
  ...over,
});

function notAnError(): never {
  const word: unknown = 'just a word';
  throw word as Error;
}

function failing({ how }: { how?: string }): string {
  if (how === 'refused')
    throw new HubError('SOURCE_REFUSED', 'Ecology refused the call.', { details: { status: 403 } });
  if (how === 'internal') throw new HubError('INTERNAL', 'An adapter is wrong.');
  if (how === 'graphql') throw new GraphQLError('said plainly', { extensions: { code: 'CUSTOM', n: 1 } });
  if (how === 'word') return notAnError();
  throw new Error('secret detail: password=hunter2');
}

const resolvers: Record<string, Record<string, (source: never, args: never, context: Context) => unknown>> = {
  Query: {
    hello: (_, { name }: { name: string }) => `hello ${name}`,
    required: (_, { text }: { text: string }) => text,
    echoRange: (_, args: object) => JSON.stringify(Object.entries(args).sort(([a], [b]) => a.localeCompare(b))),
    person: (_, { name }: { name?: string }) => (name === 'nobody' ? null : Promise.resolve(person(name ?? 'Ann'))),
    people: () => Promise.resolve([person('Ann'), person('Bob', { age: 41.5 })]),
    sparse: () => [person('Ann', { bestFriend: null }), null, person('Cid', { bestFriend: person('Dan') })],
    promised: () => [
      new Promise((resolve) => setTimeout(() => resolve(person('Late')), 5)),
      Promise.reject(new Error('second is broken')),
      new Error('third is an error'),
      person('Fourth'),
    ],
    late: () => [new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 10)), Promise.resolve('early')],
    records: () => [
      { __typename: 'Report', id: 1, title: 'r', pages: 3, at: new Date(0), colour: 'GREEN' },
      { __typename: 'Penalty', id: 2, title: 'p', fine: 1.5 },
    ],
    found: () => [person('Ann'), { __typename: 'Report', id: 7, title: 'x', pages: 1 }, null],
    lost: () => [{ mystery: true }, { __typename: 'Penalty' }, { boom: true }],
    matrix: () => [[1, 2], [Promise.resolve(3)], null],
    odd: () => 'not a number',
    mustBe: (_source, _args, context) => (context.requestId === 'never' ? 'x' : null),
    fails: (_, args: { how?: string }) => failing(args),
    wait: (_source, _args, { scope }) =>
      new Promise((_, reject) =>
        scope?.signal.addEventListener('abort', () => reject(new HubError('SOURCE_TIMEOUT', 'Nobody waits any more.'))),
      ),
    slow: (_, { ms }: { ms: number }) => new Promise((resolve) => setTimeout(() => resolve('done'), ms)),
  },
  Mutation: {
    add: (_, { amount }: { amount: number }, context) => (context.total = (context.total ?? 0) + amount),
    addLater: async (_, { amount }: { amount: number }, context) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return (context.total = (context.total ?? 0) + amount);
    },
    failing: () => failing({}),
  },
  Person: {
    friends: ({ friends }: { friends: unknown }) =>
      typeof friends === 'function' ? (friends as () => unknown)() : friends,
    secret: ({ name, secret }: { name: string; secret: string }) =>
      name === 'Bob' ? Promise.reject(new Error('no secret')) : secret,
  },
};

const typeOf = (value: object): string | undefined => {
  if ('boom' in value) throw new Error('type resolver failed');
  if ('__typename' in value) return value.__typename as string;
  return 'name' in value ? 'Person' : undefined;
};

/** @param resolveLater makes the types of `Found` known only by a promise */
export function sampleSchema({ resolveLater = false } = {}): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) {
      for (const [name, resolve] of Object.entries(resolvers[type.name] ?? {})) {
        const field = type.getFields()[name];
        if (field !== undefined)
          field.resolve = (...[source, args, context]) => resolve(source as never, args as never, context as Context);
      }
    } else if (isInterfaceType(type) || isUnionType(type)) {
      type.resolveType = resolveLater
        ? async (value: object) => await Promise.resolve(typeOf(value))
        : (value: object) => typeOf(value);
    } else if (isScalarType(type) && (type.name === 'Code' || type.name === 'Instant')) {
      const parse = type.name === 'Code' ? parseCode : parseInstant;
      type.parseValue = parse;
      type.parseLiteral = (node) => parse(literal(node));
      type.serialize = (value) => (value instanceof Date ? value.toISOString() : value);
    }
  }
  return schema;
}
