/**
 * Rewrites an operation into a form that may be compiled.
 *
 * The compiler (graphql-jit 0.8.9) writes literal arguments into program text, where a string of a certain form is
 * executed, and it decides @skip and @include differently from graphql-js when a fragment is used twice. So no literal
 * and no condition reaches it: every argument value becomes a variable that graphql-js fills per request, and each set
 * of conditions gets a plan of its own. Operations that cannot be brought into this form are interpreted.
 */
import {
  getNamedType,
  getOperationAST,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type OperationDefinitionNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { countFields } from './count-fields.ts';
import { COERCED_VALUE, type PlanSchema } from './plan-schema.ts';

export interface BoundValue {
  /** Name of the variable that took the literal's place. */
  readonly variable: string;
  readonly type: GraphQLInputType;
  readonly node: ValueNode;
}

export interface PreparedOperation {
  /** The one operation with its fragments; all variables are of type {@link COERCED_VALUE}. */
  readonly document: DocumentNode;
  /** As the caller declared it. */
  readonly operation: OperationDefinitionNode;
  readonly boundValues: readonly BoundValue[];
  /** Variables that decide a @skip or @include. */
  readonly conditions: readonly string[];
  readonly hasConditions: boolean;
}

/** Compiling costs time and memory per field; what is larger is interpreted. */
const MAX_FIELDS = 4_000;
/** Each condition may double the number of plans. */
const MAX_CONDITIONS = 4;

class NotPlannable extends Error {}

/** The compiler joins response names with "_" to name its parts, and `__proto__` is no plain key in program text. */
function checkNames(field: FieldNode): void {
  if (field.alias?.value.includes('_') === true) throw new NotPlannable('an alias contains _');
  if (field.name.value.startsWith('__') && field.name.value !== '__typename')
    throw new NotPlannable('introspection is answered from the served schema');
}

const coercedVariable = (name: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
  type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED_VALUE } },
});

function rewrite(
  { schema, typesResolvedLater }: PlanSchema,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): PreparedOperation {
  const boundValues: BoundValue[] = [];
  const conditions = new Set<string>();
  let hasConditions = false;
  const typeInfo = new TypeInfo(schema);
  const own: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)],
  };
  if (countFields(schema, own) > MAX_FIELDS) throw new NotPlannable('too many fields');
  const rewritten = visit(
    own,
    visitWithTypeInfo(typeInfo, {
      VariableDefinition: () => null,
      Field(field) {
        checkNames(field);
        const type = getNamedType(typeInfo.getType());
        if (isAbstractType(type) && typesResolvedLater.has(type.name))
          throw new NotPlannable(`the concrete type of ${type.name} is resolved later`);
        return undefined;
      },
      Directive(directive) {
        const value = directive.arguments?.[0]?.value;
        if (value?.kind === Kind.VARIABLE) conditions.add(value.name.value);
        hasConditions = true;
        return false;
      },
      Argument(argument) {
        const type = typeInfo.getArgument()?.type;
        if (argument.value.kind === Kind.VARIABLE || type === undefined) return false;
        // No caller can declare a variable of this name: GraphQL names are ASCII.
        const variable = `值${boundValues.length}`;
        boundValues.push({ variable, type, node: argument.value });
        const name = { kind: Kind.NAME, value: variable } as const;
        return { ...argument, value: { kind: Kind.VARIABLE, name, loc: argument.value.loc } };
      },
    }),
  );
  if (conditions.size > MAX_CONDITIONS) throw new NotPlannable('too many conditions');
  const variables = [
    ...(operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    ...boundValues.map(({ variable }) => variable),
  ].map(coercedVariable);
  const definitions = rewritten.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? { ...definition, variableDefinitions: variables } : definition,
  );
  return {
    document: { ...rewritten, definitions },
    operation,
    boundValues,
    conditions: [...conditions].sort(),
    hasConditions,
  };
}

/**
 * Prepares a validated operation.
 * @returns null when it has to be interpreted
 */
export function prepareOperation(
  planSchema: PlanSchema,
  document: DocumentNode,
  operationName: string | null,
): PreparedOperation | null {
  const operation = getOperationAST(document, operationName);
  if (operation == null) return null;
  try {
    return rewrite(planSchema, operation, document);
  } catch (error) {
    // RangeError: nested deeper than the stack; graphql-js has its own way with that.
    if (error instanceof NotPlannable || error instanceof RangeError) return null;
    throw error;
  }
}
