import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  visit,
  type DocumentNode,
  type SelectionNode,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

function isIncluded(selection: SelectionNode, values: Values): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, values);
  if (skip?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, values)?.['if'] !== false;
}

/**
 * The document as it reads under these values: selections that are skipped are gone, and so are @skip and @include.
 * @throws GraphQLError when a condition has no value
 */
export function specialise(document: DocumentNode, values: Values): DocumentNode {
  const decide = <T extends SelectionNode>(selection: T): T | null | undefined => {
    if (selection.directives === undefined || selection.directives.length === 0) return undefined;
    return isIncluded(selection, values) ? { ...selection, directives: [] } : null;
  };
  return visit(document, {
    Field: { enter: decide },
    InlineFragment: { enter: decide },
    FragmentSpread: { enter: decide },
  });
}
