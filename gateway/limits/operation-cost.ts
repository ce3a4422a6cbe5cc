/**
 * What an operation may cost the departments, from its text, variables and page sizes, before anything runs. An upper
 * bound: loaders put what is asked at one place of the operation, for however many institutions, in one call.
 */
import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Maybe } from 'graphql/jsutils/Maybe.js';
import { callsOfField, isAnsweredFromCopy, type Call, type FieldCalls } from '../../schema/cost/calls-of-field.ts';
import type { ReadName } from '../../schema/ports.ts';

/** What one department may be asked for. */
export interface AskableDepartment {
  readonly id: string;
  readonly reads: ReadonlySet<ReadName>;
  /** Keeps the list of institutions. */
  readonly isRegister: boolean;
}

export interface OperationCost {
  /** Of all departments together. */
  readonly calls: number;
  /** Records that the pages of the operation may have, sizes of nested pages multiplied. */
  readonly rows: number;
  /** Calls of each department that may be asked, in order of department code. */
  readonly departments: readonly { readonly id: string; readonly calls: number }[];
}

export const NOTHING_NEEDED: OperationCost = { calls: 0, rows: 0, departments: [] };

export interface CostedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced, defaults included. */
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Selections {
  readonly set: SelectionSetNode;
  readonly type: Maybe<GraphQLNamedType>;
}

/** Fields of one name at one place of the operation, of one type. */
interface Place {
  readonly type: GraphQLObjectType | GraphQLInterfaceType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

/** What surrounds the fields of an object. */
interface Surroundings {
  /** Some of the institutions there may be found later than others. */
  readonly waves: 1 | 2;
  /** There may be several objects there. */
  readonly isMany: boolean;
  /** Their descriptions have been asked for already. */
  readonly isFound: boolean;
}

const PAGE_ARGUMENTS: readonly string[] = ['first', 'last'];
const isWholeNumber = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

class CostWalk {
  readonly calls = new Map<Call, number>();
  rows = 0;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(readonly operation: CostedOperation) {
    this.#fragments = new Map(
      operation.document.definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
      ),
    );
  }

  /** @param sets what is selected of the same objects */
  addCalls(sets: readonly Selections[], around: Surroundings): void {
    const together = new Map<Call, number>();
    for (const { type, field, nodes } of this.#placesOf(sets)) {
      const coordinate = `${type.name}.${field.name}`;
      const live = nodes.filter((node) => !isAnsweredFromCopy(coordinate, this.#argumentsOf(node)));
      const asked = live.map((node) => callsOfField(coordinate, this.#argumentsOf(node)));
      for (const [call, times] of callsOfAliases(asked)) together.set(call, times + (together.get(call) ?? 0));
      for (const { calls, isPerAlias = false } of asked)
        if (!isPerAlias) for (const call of calls) together.set(call, Math.max(1, together.get(call) ?? 0));
      const finders = asked.filter(({ findsInstitutions = false }) => findsInstitutions).length;
      const isSplit = finders > 1 || (finders === 1 && around.isMany);
      const isList =
        isListType(getNullableType(field.type)) || field.args.some(({ name }) => PAGE_ARGUMENTS.includes(name));
      const below = { type: getNamedType(field.type) };
      this.addCalls(
        live.flatMap(({ selectionSet: set }) => (set === undefined ? [] : [{ set, ...below }])),
        {
          waves: isSplit ? 2 : around.waves,
          isMany: around.isMany || isList,
          isFound: finders > 0,
        },
      );
    }
    for (const [call, times] of together) {
      const waves = call === 'institutions' && around.isFound ? around.waves - 1 : around.waves;
      this.calls.set(call, (this.calls.get(call) ?? 0) + times * waves);
    }
  }

  /** Counts the records of pages, which have their own size under each alias. */
  addRows(selections: Selections, times: number): void {
    for (const { field, nodes } of this.#placesOf([selections])) {
      const page = field.args.find(({ name }) => PAGE_ARGUMENTS.includes(name));
      for (const node of nodes) {
        const asked = page === undefined ? undefined : (this.#argumentsOf(node)(page.name) ?? page.defaultValue);
        const size = isWholeNumber(asked) ? asked : 1;
        if (page !== undefined) this.rows += times * size;
        const { selectionSet: set } = node;
        if (set !== undefined) this.addRows({ set, type: getNamedType(field.type) }, times * size);
      }
    }
  }

  #placesOf(sets: readonly Selections[]): readonly Place[] {
    const places = new Map<string, Place & { readonly nodes: FieldNode[] }>();
    const collect = ({ set, type }: Selections): void => {
      for (const selection of set.selections) {
        if (this.#isLeftOut(selection)) continue;
        if (selection.kind !== Kind.FIELD) {
          const fragment =
            selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
          if (fragment === undefined) continue;
          const { typeCondition } = fragment;
          const own = typeCondition && this.operation.schema.getType(typeCondition.name.value);
          collect({ set: fragment.selectionSet, type: own ?? type });
          continue;
        }
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
        if (field === undefined || !(isObjectType(type) || isInterfaceType(type))) continue;
        const key = `${type.name}.${field.name}`;
        const place = places.get(key);
        if (place === undefined) places.set(key, { type, field, nodes: [selection] });
        else place.nodes.push(selection);
      }
    };
    for (const each of sets) collect(each);
    return [...places.values()];
  }

  #argumentsOf(node: Pick<FieldNode, 'arguments'>): (name: string) => unknown {
    return (name) => {
      const given = node.arguments?.find((argument) => argument.name.value === name);
      return given === undefined ? undefined : valueFromASTUntyped(given.value, { ...this.operation.variables });
    };
  }

  #isLeftOut({ directives = [] }: SelectionNode): boolean {
    return directives.some((directive) => {
      const condition = this.#argumentsOf(directive)('if');
      return directive.name.value === 'skip' ? condition === true : condition === false;
    });
  }
}

/** What fields of one place ask that is asked anew under each alias. */
function callsOfAliases(asked: readonly FieldCalls[]): ReadonlyMap<Call, number> {
  const counted = new Map<Call, number>();
  for (const { calls, isPerAlias = false } of asked)
    if (isPerAlias) for (const call of calls) counted.set(call, (counted.get(call) ?? 0) + 1);
  return counted;
}

/**
 * The cost of a query or mutation, or of each event of a subscription. Fields that the schema does not have cost nothing:
 * validation refuses them.
 */
export function costOf(operation: CostedOperation, departments: readonly AskableDepartment[]): OperationCost {
  const { schema } = operation;
  const walk = new CostWalk(operation);
  const all = { set: operation.operation.selectionSet, type: schema.getRootType(operation.operation.operation) };
  walk.addCalls([all], { waves: 1, isMany: false, isFound: false });
  walk.addRows(all, 1);
  const callsOf = ({ reads, isRegister }: AskableDepartment): number =>
    [...walk.calls].reduce(
      (sum, [call, times]) => sum + ((call === 'list' ? isRegister : reads.has(call)) ? times : 0),
      0,
    );
  const each = departments.map((department) => ({ id: department.id, calls: callsOf(department) }));
  return {
    calls: each.reduce((sum, { calls }) => sum + calls, 0),
    rows: walk.rows,
    departments: each.filter(({ calls }) => calls > 0),
  };
}
