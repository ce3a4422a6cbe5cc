import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  assertInterfaceType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  print,
  type DefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { projectRoot } from '../../schema/project-root.ts';

/**
 * Parts of the contract that come with later features of the hub (notices, recognition, credit, clues, access).
 * The last test fails as soon as one of them exists, so that this list cannot outlive its reason.
 */
const LATER_TYPES = [
  'Clue ClueState ClueEvidence Transfer TransferTarget TransferState Deadline',
  'ClueFilter SamplingPlan',
].flatMap((names) => names.split(' '));
const LATER_FIELDS = [
  'Institution.clues',
  ...'clueRaised departmentHealth'.split(' ').map((name) => `Subscription.${name}`),
  ...'clues samplingPlan'.split(' ').map((name) => `Query.${name}`),
  ...'reviewClue transferClue advanceTransfer drawSample'.split(' ').map((name) => `Mutation.${name}`),
];

const contract = parse(readFileSync(join(projectRoot, 'test/schema/contract.graphql'), 'utf8'));
const named = contract.definitions.filter(
  (definition): definition is Extract<DefinitionNode, { name: { value: string } }> => 'name' in definition,
);
const promised = named.filter((definition) => !LATER_TYPES.includes(definition.name.value));

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildHubSchema();
});

/** Fields as "name(arg: Type = default): Type", so that a difference can be read. */
function promisedFields(definition: DefinitionNode): { name: string; text: string; args: string[] }[] {
  if (
    definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
    definition.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
    definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION
  ) {
    return [];
  }
  return (definition.fields ?? []).map((field) => {
    const args = 'arguments' in field ? (field.arguments ?? []) : [];
    const printedArgs = args.map(
      (arg) => `${arg.name.value}: ${print(arg.type)}${arg.defaultValue ? ` = ${print(arg.defaultValue)}` : ''}`,
    );
    const text = `${printedArgs.join(', ')} -> ${print(field.type)}`;
    return { name: field.name.value, text, args: args.map((arg) => arg.name.value) };
  });
}

function offeredField(
  type: GraphQLNamedType | undefined,
  name: string,
  argNames: readonly string[],
): string | undefined {
  if (isInputObjectType(type)) {
    const field = type.getFields()[name];
    return field && ` -> ${String(field.type)}`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const field = type.getFields()[name];
  const args = argNames.map((argName) => {
    const arg = field?.args.find((each) => each.name === argName);
    const withDefault = arg?.defaultValue === undefined ? '' : ` = ${JSON.stringify(arg.defaultValue)}`;
    return arg ? `${argName}: ${String(arg.type)}${withDefault}` : `${argName}: missing`;
  });
  return field && `${args.join(', ')} -> ${String(field.type)}`;
}

describe('the public graph keeps its contract', () => {
  it.each(promised.map((definition) => [definition.name.value, definition] as const))(
    'has %s with everything that was promised',
    (name, definition) => {
      const type = schema.getType(name);
      expect(type).toBeDefined();
      if (definition.kind === Kind.SCALAR_TYPE_DEFINITION) expect(isScalarType(type)).toBe(true);
      if (definition.kind === Kind.ENUM_TYPE_DEFINITION) {
        const offered = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
        expect(offered).toEqual(expect.arrayContaining((definition.values ?? []).map((value) => value.name.value)));
      }
      for (const field of promisedFields(definition)) {
        if (LATER_FIELDS.includes(`${name}.${field.name}`)) continue;
        const offered = offeredField(type, field.name, field.args);
        expect({ [field.name]: offered }).toEqual({ [field.name]: field.text });
      }
    },
  );

  it('has one type per kind of inspection', () => {
    const implementations = schema
      .getPossibleTypes(assertInterfaceType(schema.getType('Inspection')))
      .map((type) => type.name);
    expect(implementations.sort()).toEqual([
      'LaboratoryTest',
      'RoadVehicleTest',
      'VehicleEmissionTest',
      'VehicleSafetyInspection',
    ]);
  });

  it('describes every type, field, argument and enum value in English and Chinese', () => {
    const missing: string[] = [];
    const check = (where: string, description: string | null | undefined): void => {
      if (!/[A-Za-z]/.test(description ?? '') || !/\p{Script=Han}/u.test(description ?? '')) missing.push(where);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)) continue;
      if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) check(type.name, type.description);
      if (isEnumType(type))
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of isInputObjectType(type) ? Object.values(type.getFields()) : []) {
        check(`${type.name}.${field.name}`, field.description);
      }
      for (const field of isInputObjectType(type) ? [] : Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field.description);
        for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg.description);
      }
    }
    expect(missing).toEqual([]);
  });

  it('lists as "later" only what does not exist yet', () => {
    const existing = [
      ...LATER_TYPES.filter((name) => schema.getType(name) !== undefined),
      ...LATER_FIELDS.filter((path) => {
        const [typeName = '', fieldName = ''] = path.split('.');
        const type = schema.getType(typeName);
        return isObjectType(type) && type.getFields()[fieldName] !== undefined;
      }),
    ];
    expect(existing).toEqual([]);
  });
});
