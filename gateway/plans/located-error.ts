import { GraphQLError, Kind, locatedError, visit, type ASTNode, type DocumentNode } from 'graphql';

/** What a plan leaves of an error: message and place, but no extensions, no nodes, and sometimes no cause. */
type PlanError = Pick<GraphQLError, 'message' | 'path' | 'locations' | 'originalError'>;

const position = (line: number, column: number): string => `${line}:${column}`;

/** Fields, and variables in their arguments, by where they stand in the caller's text. */
function nodesByPosition(document: DocumentNode): ReadonlyMap<string, ASTNode> {
  const nodes = new Map<string, ASTNode>();
  visit(document, {
    enter(node) {
      if ((node.kind !== Kind.FIELD && node.kind !== Kind.VARIABLE) || node.loc === undefined) return;
      const { line, column } = node.loc.startToken;
      nodes.set(position(line, column), node);
    },
  });
  return nodes;
}

/** The compiler names a field that is selected twice "(name,name)". */
const plainFieldName = (message: string): string => message.replace(/\.\((\w+)(?:,\w+)*\)(?=[. ])/, '.$1');

/** Rebuilds a plan's errors as graphql-js would have made them. */
export function locateErrors(document: DocumentNode, errors: readonly PlanError[]): readonly GraphQLError[] {
  const nodes = nodesByPosition(document);
  return errors.map((error) => {
    const at = (error.locations ?? []).flatMap(({ line, column }) => nodes.get(position(line, column)) ?? []);
    if (error.originalError != null) return locatedError(error.originalError, at, error.path);
    return new GraphQLError(plainFieldName(error.message), { nodes: at, path: error.path });
  });
}
