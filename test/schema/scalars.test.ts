import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError, Kind, parseValue as parseGraphqlValue, type GraphQLScalarType } from 'graphql';
import {
  CreditCodeScalar,
  CursorScalar,
  DateScalar,
  DateTimeScalar,
  DepartmentIdScalar,
  RegionCodeScalar,
} from '../../schema/scalars/scalars.ts';
import { formatInstant } from '../../schema/time/instant.ts';

type Scalar = GraphQLScalarType<unknown, string>;
const SCALARS: readonly Scalar[] = [
  CreditCodeScalar,
  RegionCodeScalar,
  DateScalar,
  DateTimeScalar,
  DepartmentIdScalar,
  CursorScalar,
] as Scalar[];

/** The text as the value of a variable and as a literal in the document. */
const readings = (scalar: Scalar, text: string): readonly (() => unknown)[] => [
  () => scalar.parseValue(text),
  () => scalar.parseLiteral({ kind: Kind.STRING, value: text }),
];
const refusal = (extensions: object, message?: RegExp): unknown =>
  expect.objectContaining({
    extensions: expect.objectContaining(extensions),
    ...(message && { message: expect.stringMatching(message) }),
  });

describe('a value given to the graph', () => {
  it.each<[Scalar, string, unknown]>([
    [CreditCodeScalar, '91520115MAYDM00198', '91520115MAYDM00198'],
    [CreditCodeScalar, ' 91520115-maydm00198 ', '91520115MAYDM00198'],
    [RegionCodeScalar, '520100', '5201'],
    [RegionCodeScalar, '5201', '5201'],
    [RegionCodeScalar, '520115', '520115'],
    [DateScalar, '2026-03-02', '2026-03-02'],
    [DateTimeScalar, '2026-03-02T10:05:00+08:00', new Date('2026-03-02T02:05:00Z')],
    [DateTimeScalar, '2026-03-02T02:05:00Z', new Date('2026-03-02T02:05:00Z')],
    [DepartmentIdScalar, 'market-regulation', 'market-regulation'],
    [CursorScalar, 'WyJhIl0', 'WyJhIl0'],
  ])('%s %j is read alike from a variable and from a literal', (scalar, text, expected) => {
    for (const read of readings(scalar, text)) expect(read()).toEqual(expected);
  });

  it.each<[Scalar, string, object]>([
    [CreditCodeScalar, '91520115MAYDM00199', { position: 18, fault: 'CHECK18' }],
    [CreditCodeScalar, '9152011IMAYDM00198', { position: 8, fault: 'CHARSET' }],
    [CreditCodeScalar, '91520115MAYDM0019', { position: 18, fault: 'LENGTH' }],
    [RegionCodeScalar, '52010', {}],
    [DateScalar, '2026-02-30', {}],
    [DateScalar, '2026-03-02T00:00:00+08:00', {}],
    [DateTimeScalar, '2026-03-02T10:05:00', {}],
    [DateTimeScalar, '2026-03-02', {}],
    [DepartmentIdScalar, 'Market Regulation', {}],
    [DepartmentIdScalar, 'market--regulation', {}],
    [DepartmentIdScalar, '../transport', {}],
  ])('%s %j is INPUT_INVALID, with the position where there is one', (scalar, text, details) => {
    for (const read of readings(scalar, text)) {
      expect(read).toThrow(GraphQLError);
      expect(read).toThrow(refusal({ code: 'INPUT_INVALID', ...details }));
    }
  });

  it('is not repeated in the message when it is wrong', () => {
    for (const read of readings(CreditCodeScalar, '91520115MAYDM00199')) {
      expect(read).not.toThrow('91520115MAYDM00199');
    }
  });

  describe.each(SCALARS.map((scalar) => [scalar.name, scalar] as const))('of the kind %s', (name, scalar) => {
    it.each([5, 1.5, true, null, {}, ['2026-03-02']])('cannot be %j', (value) => {
      expect(() => scalar.parseValue(value)).toThrow(
        refusal({ code: 'INPUT_INVALID' }, new RegExp(`^${name} must be a string\\.$`)),
      );
    });

    it.each(['20260302', '1.5', 'true', 'RED', 'null', '["2026-03-02"]', '{ a: "2026-03-02" }'])(
      'cannot be the literal %s',
      (literal) => {
        expect(() => scalar.parseLiteral(parseGraphqlValue(literal))).toThrow(refusal({ code: 'INPUT_INVALID' }));
      },
    );

    it('is described in both languages', () => {
      expect(scalar.description).toMatch(/[A-Za-z].*[\u4e00-\u9fff]/);
    });
  });
});

describe('a value that leaves the graph', () => {
  it('is the text itself', () => {
    for (const scalar of SCALARS.filter((each) => each.name !== 'DateTime')) {
      expect(scalar.serialize('91520115MAYDM00198')).toBe('91520115MAYDM00198');
    }
  });

  it('is an instant in the time of China, which reads back as the same instant', () => {
    expect(DateTimeScalar.serialize(new Date('2026-03-02T02:05:00Z'))).toBe('2026-03-02T10:05:00+08:00');
    const instant = fc.date({ min: new Date(0), max: new Date('9999-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, (date) => {
        expect(DateTimeScalar.parseValue(DateTimeScalar.serialize(date))).toEqual(date);
        expect(DateTimeScalar.serialize(date)).toBe(formatInstant(date));
      }),
    );
  });

  it('is INTERNAL when it is of another kind: a mistake of the hub’s own', () => {
    for (const scalar of SCALARS) {
      expect(() => scalar.serialize(5)).toThrow(expect.objectContaining({ name: 'HubError', code: 'INTERNAL' }));
    }
    expect(() => DateTimeScalar.serialize('2026-03-02T10:05:00+08:00')).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});
