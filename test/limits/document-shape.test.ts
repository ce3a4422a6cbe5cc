/** How large a document is, before anybody has validated it. */
import { describe, expect, it } from '@jest/globals';
import { parse, Source } from 'graphql';
import { hasAtMostTokens, shapeOf, type DocumentShape } from '../../gateway/limits/document-shape.ts';

/** Each uses the one after it twice. */
const bomb = (fragments: number): string =>
  `{ ...F0 } ${Array.from(
    { length: fragments },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  ).join(' ')} fragment F${fragments} on Query { a }`;

describe('The shape of a document', () => {
  it.each<[string, string, Partial<DocumentShape>]>([
    ['counts fields at all levels', '{ a { b { c } } d }', { depth: 3, fields: 4, rootFields: 2 }],
    ['counts a field that is asked twice twice', '{ a a a }', { fields: 3, rootFields: 3 }],
    ['counts aliases at all levels', '{ x: a { y: b } }', { aliases: 2 }],
    ['follows inline fragments', '{ ... on Query { a { ... { b } } } }', { depth: 2, fields: 2, rootFields: 1 }],
    [
      'follows fragments',
      '{ ...F } fragment F on Query { x: a { b } }',
      { depth: 2, fields: 2, rootFields: 1, aliases: 1 },
    ],
    ['counts a fragment wherever it is used', '{ ...F ...F } fragment F on Query { x: a }', { fields: 2, aliases: 2 }],
    ['counts what a fragment bomb would become', bomb(20), { fields: 2 ** 20, rootFields: 2 ** 20 }],
    ['counts without end where a number does not suffice', bomb(1_100), { fields: Number.POSITIVE_INFINITY }],
    [
      'is not caught in a circle of fragments',
      '{ ...A } fragment A on Query { a ...B } fragment B on Query { b ...A }',
      { fields: 2 },
    ],
    [
      'counts directives of fields, fragments, variables and operations',
      'query ($v: Int @a) @b { x @c @d ... @e { y } ...F @f } fragment F on Q @g { z }',
      { directives: 7 },
    ],
    ['takes the larger one of several operations', 'query A { a } query B { a { b } c }', { depth: 2, fields: 3 }],
    [
      'counts a fragment that nobody uses',
      '{ a } fragment F on Query { x: a { b { c } } }',
      { depth: 3, aliases: 1, rootFields: 1 },
    ],
    ['has nothing to count in a schema', 'type Query { a: Int }', { depth: 0, fields: 0 }],
  ])('%s', (_, text, shape) => {
    expect(shapeOf(parse(text))).toMatchObject(shape);
  });

  it('is measured in the time of the document, not of what it unfolds to', () => {
    expect(shapeOf(parse(bomb(60))).fields).toBe(2 ** 60);
  });
});

describe('The count of tokens', () => {
  it.each([
    ['ends with the document', '{ a }', 3, true],
    ['stops at the first one too many', '{ a b }', 3, false],
    ['does not count comments and commas', `{ a,,,, } # ${'x '.repeat(1_000)}`, 3, true],
    ['leaves what is no GraphQL to the parser', '{ a ? b', 100, true],
  ])('%s', (_, text, most, isWithin) => {
    expect(hasAtMostTokens(new Source(text), most)).toBe(isWithin);
  });
});
