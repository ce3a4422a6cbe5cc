/**
 * A private copy of the served schema from which plans are compiled. A compiled plan calls type resolvers and reads
 * list items outside of any try: a throw there would end the process, and a list item that rejects late would land at
 * the wrong index. The copy's resolvers are therefore wrapped; what clients and resolvers see is the served schema.
 */
import {
  defaultTypeResolver,
  extendSchema,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
  parse,
  type GraphQLAbstractType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** Type of every variable of a rewritten operation: its value has already been coerced by graphql-js. */
export const COERCED_VALUE = 'CoercedValue';

export interface PlanSchema {
  readonly schema: GraphQLSchema;
  /** Abstract types whose concrete type is known only by a promise, for which a plan cannot wait. */
  readonly typesResolvedLater: ReadonlySet<string>;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Waits for items that are promises; a rejected one becomes an Error in its own place. */
function settleItems(list: unknown): unknown {
  if (!Array.isArray(list) || !list.some(isPromise)) return list;
  return Promise.all(
    list.map(async (item: unknown) => {
      try {
        return await item;
      } catch (error) {
        return error instanceof Error ? error : new Error(`Unexpected error value: ${String(error)}`);
      }
    }),
  );
}

function settleLists(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const { resolve } = field;
    if (resolve === undefined || !isListType(getNullableType(field.type))) continue;
    const settled: GraphQLFieldResolver<unknown, unknown> = (...call) => {
      const result: unknown = resolve(...call);
      return isPromise(result) ? result.then(settleItems) : settleItems(result);
    };
    field.resolve = settled;
  }
}

/** A type that cannot be told becomes undefined, which the plan reports as an error of the field. */
function resolveTypeSafely(type: GraphQLAbstractType): void {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  type.resolveType = (...call) => {
    try {
      const name = resolveType(...call);
      return isPromise(name) ? undefined : name;
    } catch {
      return undefined;
    }
  };
}

function checkTypeSafely(type: GraphQLObjectType): void {
  const { isTypeOf } = type;
  if (isTypeOf == null) return;
  type.isTypeOf = (...call) => {
    try {
      return isTypeOf(...call);
    } catch {
      return false;
    }
  };
}

export function buildPlanSchema(served: GraphQLSchema): PlanSchema {
  // extendSchema copies every type, in order and with its resolvers.
  const schema = extendSchema(served, parse(`scalar ${COERCED_VALUE}`));
  const typesResolvedLater = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) {
      settleLists(type);
      checkTypeSafely(type);
    } else if (isAbstractType(type)) {
      if (type.resolveType?.constructor.name === 'AsyncFunction') typesResolvedLater.add(type.name);
      resolveTypeSafely(type);
    }
  }
  return { schema, typesResolvedLater };
}
