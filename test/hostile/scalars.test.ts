/**
 * Operators of the document store through every scalar of the graph. The scalars and the inputs are read from the schema,
 * so that new ones are tested as soon as they are there.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  parseValue,
  valueFromAST,
  type GraphQLInputType,
  type GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { HubError } from '../../schema/errors.ts';
import { decodeCursor, encodeCursor } from '../../schema/relay/cursor.ts';
import { eventCursors } from '../../schema/events/event-cursor.ts';
import { PATIENCE_MS, useHub } from '../hub/support.ts';
import { formatError } from '../../gateway/plugins/errors.ts';
import { z } from 'zod';

const hub = useHub({ worldSize: 20, patienceMs: PATIENCE_MS });
let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildHubSchema();
});

const OPERATORS: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(1000)' },
  { $expr: { $function: { body: 'while(1);', args: [], lang: 'js' } } },
  { $in: ['a'] },
  { $or: [{}, { a: 1 }] },
  { __proto__: null, $set: { a: 1 } },
  { toString: 'x', valueOf: 'x' },
  [{ $ne: null }],
  ['a'],
  [],
  {},
];

/** Every scalar that an input of the graph has. */
function inputScalars(): ReadonlyMap<string, GraphQLScalarType> {
  const found = new Map<string, GraphQLScalarType>();
  const visit = (type: GraphQLInputType): void => {
    const named = getNamedType(type);
    if (isScalarType(named)) found.set(named.name, named);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) visit(field.type);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) for (const argument of field.args) visit(argument.type);
  }
  return found;
}

/** What a scalar makes of a value; undefined when it refuses it. */
function read(scalar: GraphQLScalarType, value: unknown): unknown {
  try {
    return scalar.parseValue(value);
  } catch {
    return undefined;
  }
}

const isPlainValue = (value: unknown): boolean => typeof value !== 'object' || value === null || value instanceof Date;

describe('An operator of the store', () => {
  it('passes no scalar that an input of the graph has', () => {
    const scalars = inputScalars();
    expect([...scalars.keys()]).toEqual(expect.arrayContaining(['String', 'ID', 'CreditCode', 'Cursor', 'DateTime']));
    const passed = [...scalars].flatMap(([name, scalar]) =>
      OPERATORS.filter((operator) => read(scalar, operator) !== undefined).map((operator) => ({ name, operator })),
    );
    expect(passed).toEqual([]);
  });

  it('passes none as a literal', () => {
    const passed = [...inputScalars()].flatMap(([name, scalar]) =>
      ['{ ne: null }', '{ gt: "" }', '["a"]', '[]', '{}']
        .filter((text) => {
          try {
            return valueFromAST(parseValue(text), scalar) !== undefined;
          } catch {
            return false;
          }
        })
        .map((text) => ({ name, text })),
    );
    expect(passed).toEqual([]);
  });

  it('comes out of none as anything but a plain value, whatever text goes in', () => {
    const texts = [
      '{"$ne":null}',
      '$where',
      '$ne',
      '__proto__',
      'constructor',
      '{$gt:""}',
      Buffer.from('{"$ne":null}').toString('base64url'),
    ];
    const odd = [...inputScalars()].flatMap(([name, scalar]) =>
      [...texts, 1, 0, -1, 1.5, true]
        .filter((value) => !isPlainValue(read(scalar, value)))
        .map((value) => ({ name, value })),
    );
    expect(odd).toEqual([]);
  });

  it('is no field of any input', () => {
    const named = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .flatMap((type) => Object.keys(type.getFields()))
      .filter((name) => name.startsWith('$') || name.startsWith('_'));
    expect(named).toEqual([]);
  });

  it('is no value of any enum', () => {
    const values = Object.values(schema.getTypeMap())
      .filter(isEnumType)
      .flatMap((type) => type.getValues().map(({ value }) => value as unknown));
    expect(values.filter((value) => !isPlainValue(value))).toEqual([]);
  });
});

describe('A cursor that is made by hand', () => {
  const positions: readonly unknown[] = [
    { $ne: null },
    ['index', { $gt: '' }],
    ['register', { $ne: null }],
    ['index', 'x', { $where: '1' }],
    [{ $gt: '' }, { $gt: '' }],
    ['notices', { $gt: 0 }],
    ['notices', -1],
    ['notices', 1e308],
    null,
    'x',
    { __proto__: { a: 1 } },
  ];
  const made = [...positions.map(encodeCursor), '', '=', '\ufffd', 'e30', Buffer.alloc(10_000).toString('base64url')];

  it('is refused by every list', async () => {
    for (const after of made) {
      for (const list of ['inspections', 'reports', 'penalties']) {
        const query = `query ($after: Cursor) { institution(creditCode: "91520115MAYDM00198") { ${list}(after: $after) { totalCount } } }`;
        const { errors } = await hub().query(query, { after }, PATIENCE_MS);
        const codes = (errors ?? []).map((error) => formatError(error.toJSON(), error).extensions?.['code']);
        expect({ list, after, codes }).toEqual({ list, after, codes: ['INPUT_INVALID'] });
      }
      const { errors } = await hub().query(
        'query ($after: Cursor) { institutions(after: $after) { totalCount } }',
        { after },
        PATIENCE_MS,
      );
      expect((errors ?? []).map((error) => formatError(error.toJSON(), error).extensions?.['code'])).toEqual([
        'INPUT_INVALID',
      ]);
    }
  });

  it('is refused by the log of events', () => {
    const cursors = eventCursors('notices');
    for (const cursor of made) expect(() => cursors.read(cursor)).toThrow(HubError);
    expect(cursors.read(cursors.write(7))).toBe(7);
  });

  it('gives its reader nothing but what it asked for', () => {
    const cursor = encodeCursor({ at: 1, $where: 'x', __proto__: { polluted: true } });
    expect(decodeCursor(cursor, z.object({ at: z.number() }))).toEqual({ at: 1 });
  });
});
