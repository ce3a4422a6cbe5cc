/** How large a document is, counted without a schema and before validation, whose own work grows with these numbers. */
import { Kind, Lexer, TokenKind, type DocumentNode, type SelectionSetNode, type Source } from 'graphql';

export interface DocumentShape {
  /** Of the deepest field; a field at the top has depth 1. */
  readonly depth: number;
  /** Each fragment counted as often as it is used; may be Infinity. */
  readonly fields: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: DocumentShape = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0 };

const both = (one: DocumentShape, other: DocumentShape): DocumentShape => ({
  depth: Math.max(one.depth, other.depth),
  fields: one.fields + other.fields,
  rootFields: one.rootFields + other.rootFields,
  aliases: one.aliases + other.aliases,
  directives: one.directives + other.directives,
});

const larger = (one: DocumentShape, other: DocumentShape): DocumentShape => ({
  depth: Math.max(one.depth, other.depth),
  fields: Math.max(one.fields, other.fields),
  rootFields: Math.max(one.rootFields, other.rootFields),
  aliases: Math.max(one.aliases, other.aliases),
  directives: Math.max(one.directives, other.directives),
});

const directivesOf = ({ directives = [] }: { readonly directives?: readonly unknown[] | undefined }): number =>
  directives.length;

/**
 * Linear in the document: each fragment is measured once. A fragment that contains itself counts as nothing there;
 * validation refuses it.
 * @returns the largest numbers among the document's operations and fragments
 */
export function shapeOf(document: DocumentNode): DocumentShape {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const measured = new Map<string, DocumentShape>();

  const ofFragment = (name: string): DocumentShape => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, NOTHING);
    const fragment = fragments.get(name);
    const shape = fragment === undefined ? NOTHING : ofSelections(fragment.selectionSet, directivesOf(fragment));
    measured.set(name, shape);
    return shape;
  };

  const ofSelections = ({ selections }: SelectionSetNode, directives: number): DocumentShape =>
    selections.reduce(
      (sum, selection) => {
        const own = { ...NOTHING, directives: directivesOf(selection) };
        if (selection.kind === Kind.FRAGMENT_SPREAD) return both(both(sum, own), ofFragment(selection.name.value));
        if (selection.kind === Kind.INLINE_FRAGMENT)
          return both(both(sum, own), ofSelections(selection.selectionSet, 0));
        const below = selection.selectionSet === undefined ? NOTHING : ofSelections(selection.selectionSet, 0);
        return both(sum, {
          depth: below.depth + 1,
          fields: below.fields + 1,
          rootFields: 1,
          aliases: below.aliases + (selection.alias === undefined ? 0 : 1),
          directives: below.directives + own.directives,
        });
      },
      { ...NOTHING, directives },
    );

  return document.definitions.reduce((largest, definition) => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // Its fields are at the top only where it is used there.
      return larger(largest, { ...ofFragment(definition.name.value), rootFields: 0 });
    }
    if (definition.kind !== Kind.OPERATION_DEFINITION) return largest;
    const onVariables = (definition.variableDefinitions ?? []).reduce((sum, each) => sum + directivesOf(each), 0);
    return larger(largest, ofSelections(definition.selectionSet, directivesOf(definition) + onVariables));
  }, NOTHING);
}

/**
 * @returns false for a document with more tokens; what cannot be read as GraphQL is left to the parser
 */
export function hasAtMostTokens(source: Source, most: number): boolean {
  const lexer = new Lexer(source);
  try {
    for (let count = 0; count <= most; count += 1) if (lexer.advance().kind === TokenKind.EOF) return true;
    return false;
  } catch {
    return true;
  }
}
