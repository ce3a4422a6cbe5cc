import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isInterfaceType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/**
 * How many fields a plan of this operation would hold: fragments are written out at each use, and a selection on an
 * abstract type once per possible type. Takes time in proportion to the text, however much its fragments multiply.
 * @param document one operation and its fragments, validated
 */
export function countFields(schema: GraphQLSchema, document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const counted = new Map<string, number>();

  const copiesOf = (type: GraphQLNamedType | undefined): number =>
    isAbstractType(type) ? schema.getPossibleTypes(type).length : 1;

  const typeOfField = (parent: GraphQLNamedType | undefined, name: string): GraphQLNamedType | undefined =>
    isObjectType(parent) || isInterfaceType(parent) ? getNamedType(parent.getFields()[name]?.type) : undefined;

  const countFragment = (name: string): number => {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return 0;
    const count = countSelection(fragment.selectionSet, typeFromAST(schema, fragment.typeCondition));
    counted.set(name, count);
    return count;
  };

  const countSelection = (set: SelectionSetNode, parent: GraphQLNamedType | undefined): number => {
    let count = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) count += countFragment(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition ? typeFromAST(schema, selection.typeCondition) : parent;
        count += countSelection(selection.selectionSet, condition);
      } else {
        const type = typeOfField(parent, selection.name.value);
        count += 1;
        if (selection.selectionSet !== undefined && isCompositeType(type))
          count += copiesOf(type) * countSelection(selection.selectionSet, type);
      }
    }
    return count;
  };

  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return 0;
  return countSelection(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
}
