/** A query that selects all there is below a field of the graph, so that new fields are in it by themselves. */
import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** What required arguments are given, by `field(argument`, else by the name of their type; literals. */
export type ArgumentValues = Readonly<Record<string, string>>;

export interface EverythingOptions {
  readonly schema: GraphQLSchema;
  readonly values: ArgumentValues;
  /** Composite fields nested in each other, pages not counted. */
  readonly depth: number;
}

const PAGE_PARTS = new Set(['edges', 'node', 'pageInfo']);

function argumentsText(field: GraphQLField<unknown, unknown>, values: ArgumentValues): string | null {
  const valueOf = ({ name, type }: GraphQLArgument): string | undefined =>
    values[`${field.name}(${name}`] ?? values[getNamedType(type).name];
  const needed = field.args.filter((each) => isRequiredArgument(each) || `${field.name}(${each.name}` in values);
  if (needed.some((each) => valueOf(each) === undefined)) return null;
  return needed.length === 0 ? '' : `(${needed.map((each) => `${each.name}: ${valueOf(each) ?? ''}`).join(', ')})`;
}

/** @returns null for a field whose arguments nobody can give */
export function everythingBelow(
  field: GraphQLField<unknown, unknown>,
  { schema, values, depth }: EverythingOptions,
): string | null {
  const given = argumentsText(field, values);
  if (given === null) return null;
  const type = getNamedType(field.type);
  if (isLeafType(type)) return `${field.name}${given}`;
  const left = PAGE_PARTS.has(field.name) ? depth : depth - 1;
  if (left < 0) return null;
  return `${field.name}${given} { __typename ${selections(type, { schema, values, depth: left })} }`;
}

function selections(type: GraphQLNamedType, options: EverythingOptions): string {
  if (isAbstractType(type)) {
    const own = options.schema.getPossibleTypes(type);
    return own.map((each) => `... on ${each.name} { __typename ${aliased(each, options)} }`).join(' ');
  }
  if (!isObjectType(type)) return '';
  return Object.values(type.getFields())
    .flatMap((field) => everythingBelow(field, options) ?? [])
    .join(' ');
}

/** Types behind one interface may have fields of one name and different types. */
function aliased(type: GraphQLNamedType, options: EverythingOptions): string {
  if (!isObjectType(type)) return '';
  return Object.values(type.getFields())
    .flatMap((field) => {
      const text = everythingBelow(field, options);
      return text === null ? [] : `${type.name}${field.name}: ${text}`;
    })
    .join(' ');
}
