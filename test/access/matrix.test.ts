/**
 * Role x operation x class x division x department x purpose, against the written table docs/access-matrix.md:
 * `UPDATE_DOCS=1 npx jest test/access/matrix` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { assertObjectType, buildSchema, execute, isObjectType, parse, type GraphQLSchema } from 'graphql';
import { ROLES, type Role } from '../../schema/access/caller.ts';
import type { PersonalKind } from '../../schema/access/class-rules.ts';
import { classifyFields } from '../../schema/access/classify.ts';
import { FIELD_RULES } from '../../schema/access/field-rules.ts';
import { hasPublished } from '../../schema/access/published.ts';
import { READ_RULES } from '../../schema/access/read-rules.ts';
import { TYPE_CLASSES } from '../../schema/access/type-classes.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { createHubContext } from '../../schema/context.ts';
import { FACET_OF_READ, type ReadName } from '../../schema/ports.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { fakeDepartment, operation, servicesOf, type FakeDepartment } from '../schema/support/fake-departments.ts';
import type { InspectionRecord } from '../../schema/records.ts';
import { A, at, B, inspection, institution, penalty } from '../schema/support/records.ts';
import { callerOf, FACTS_TITLE, GROUNDS, INSIDE, OUTSIDE, printMatrix, readTable } from './matrix.ts';

const FILE = join(projectRoot, 'docs/access-matrix.md');

let schema: GraphQLSchema;
let written: string;
beforeAll(async () => {
  schema = await buildHubSchema();
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(FILE, printMatrix(schema));
  written = readFileSync(FILE, 'utf8');
});

describe('the written table', () => {
  it('is what the rules say, for every field of the graph', () => {
    expect(printMatrix(schema)).toBe(written);
  });

  it('speaks of nothing that does not exist', () => {
    const fields = new Set(classifyFields(schema).map(({ path }) => path));
    const types = new Set(Object.keys(schema.getTypeMap()));
    expect(Object.keys(FIELD_RULES).filter((path) => !fields.has(path))).toEqual([]);
    expect(Object.keys(TYPE_CLASSES).filter((name) => !types.has(name))).toEqual([]);
  });
});

describe('a field that nobody has classified keeps the hub from starting', () => {
  it.each([
    ['type Query { secrets: String }', 'Nothing guards Query.secrets'],
    ['type Query { me: Secret } type Secret { x: Int }', 'The type Secret has no class'],
    ['type Query { me: Caller } type Caller { notice: Notice } type Notice { id: ID }', 'Nothing guards Caller.notice'],
    ['type Query { me: Caller } type Caller { p: [NoticeConnection] } type NoticeConnection { x: Int }', 'Caller.p'],
  ])('%s', (text, message) => {
    expect(() => classifyFields(buildSchema(text))).toThrow(message);
  });
});

/** Each of the reads that a question about an institution leads to. */
const READS = [
  'institutions',
  'qualifications',
  'facilities',
  'inspections',
  'reports',
  'penalties',
  'listEntries',
] as const;

const QUERY = parse(`query ($code: CreditCode!) {
  institution(creditCode: $code) {
    conflicts { field } qualifications { number } facilities { id } reports { edges { node { number } } }
    penalties { edges { node { id } } } listEntries { reason }
    inspections { edges { node { provenance { department { id } } ... on VehicleEmissionTest { processSeries { second } } } } }
    coverage { department { id } facet status }
  }
}`);

interface Shown {
  readonly coverage: readonly {
    readonly department: { readonly id: string };
    readonly facet: string;
    readonly status: string;
  }[];
  readonly inspections: {
    readonly edges: readonly {
      readonly node: {
        readonly provenance: { readonly department: { readonly id: string } };
        readonly processSeries: unknown;
      };
    }[];
  };
}

const emissionTest = (id: 'market-regulation' | 'transport'): InspectionRecord => {
  const facts = inspection(`${id}~1`, at('2026-03-02'), id);
  const climate = { temperatureCelsius: null, humidityPercent: null, pressureKilopascal: null, measurements: [] };
  return { ...facts, ...climate, kind: 'VehicleEmissionTest', method: 'ASM' };
};

function holding(id: 'market-regulation' | 'transport', code: CreditCode, regionCode: string): FakeDepartment {
  return fakeDepartment(id, {
    register: id === 'market-regulation',
    answers: {
      institutions: () => [institution(id, { creditCode: code, regionCode })],
      qualifications: () => [],
      facilities: () => [],
      inspections: () => [emissionTest(id)],
      processSeries: () => [],
      reports: () => [],
      penalties: () => [penalty({}, id)],
      listEntries: () => [],
    },
  });
}

/** What the written table lets a role see of one department's facts. */
function isWritten(role: Role, read: ReadName, departmentId: string, place: string, grounds: string): boolean {
  const { fieldClass, atRegister = fieldClass } = READ_RULES[read];
  const meant = departmentId === 'market-regulation' ? atRegister : fieldClass;
  const cells = readTable(written, FACTS_TITLE).find((row) => row['role'] === role && row['class'] === meant);
  switch (cells?.[grounds]) {
    case 'everywhere':
      return true;
    case 'in its divisions':
      return place === INSIDE;
    case "its department's, in its divisions":
      return place === INSIDE && departmentId === 'transport';
    case 'no':
      return false;
    default:
      throw new Error(`the table says nothing of ${role}, ${meant}, ${grounds}`);
  }
}

const CASES = ROLES.flatMap((role) =>
  [INSIDE, OUTSIDE].flatMap((place) => Object.keys(GROUNDS).map((grounds) => ({ role, place, grounds }))),
);

describe('the graph does what is written: what is not seen is not asked for, and its coverage says DENIED', () => {
  it.each(CASES)('$role, an institution in $place, $grounds', async ({ role, place, grounds }) => {
    const code = place === INSIDE ? A : B;
    const departments = (['market-regulation', 'transport'] as const).map((id) => holding(id, code, place));
    const context = createHubContext(servicesOf(departments), operation().scope, callerOf(role), GROUNDS[grounds]);
    const answer = await execute({ schema, document: QUERY, variableValues: { code }, contextValue: context });
    const { institution: shown } = answer.data as unknown as { institution: Shown };

    for (const { department, calls } of departments) {
      const asked = new Set(calls.map(({ read }) => read));
      for (const read of READS) {
        const isSeen = isWritten(role, read, department.id, place, grounds);
        const facet = FACET_OF_READ[read];
        const row = shown.coverage.find((each) => each.department.id === department.id && each.facet === facet);
        const expected = isSeen ? 'LIVE' : hasPublished(read) ? 'PARTIAL' : 'DENIED';
        expect({ read, of: department.id, status: row?.status }).toEqual({ read, of: department.id, status: expected });
        expect({ read, of: department.id, isAsked: asked.has(read) }).toEqual({
          ...{ read, of: department.id },
          isAsked: isSeen || hasPublished(read),
        });
      }
      const isSeries =
        isWritten(role, 'inspections', department.id, place, grounds) &&
        isWritten(role, 'processSeries', department.id, place, grounds);
      expect({ of: department.id, isSeries: asked.has('processSeries') }).toEqual({ of: department.id, isSeries });
    }
    const codes = new Set(
      (answer.errors ?? []).map(
        ({ extensions, originalError }) => extensions['code'] ?? (originalError as { code?: string } | undefined)?.code,
      ),
    );
    expect([...codes].filter((each) => each !== 'FORBIDDEN')).toEqual([]);
  });
});

describe('every act of the graph is demanded before its resolver runs', () => {
  const roots = () =>
    [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}).map((field) => ({ type, field })),
    );

  it('refuses whom the written table does not let do it, before it reads anything', () => {
    const acts = readTable(written, '## Acts: who may do what');
    // Every service is null: whoever got past the guard would find nothing to work with.
    const services = servicesOf([]);
    for (const { type, field } of roots()) {
      const rule = FIELD_RULES[`${type?.name ?? ''}.${field.name}`];
      if (rule === undefined || !('action' in rule)) continue;
      for (const role of ROLES) {
        const context = createHubContext(services, operation().scope, callerOf(role));
        const mayIt = acts.find((row) => row['act'] === rule.action)?.[role] !== 'no';
        const run = (): unknown => field.resolve?.({}, {}, context, {} as never);
        const path = `${role} ${type?.name ?? ''}.${field.name}`;
        if (!mayIt)
          expect({ path, refused: refusalOf(run) }).toEqual({
            path,
            refused: role === 'PUBLIC' ? 'UNAUTHENTICATED' : 'FORBIDDEN',
          });
        else expect({ path, refused: refusalOf(run) }).toEqual({ path, refused: null });
      }
    }
  });
});

/** The code with which a resolver refuses at once; null when it goes on to its work, whatever comes of that. */
function refusalOf(run: () => unknown): string | null {
  try {
    const going = run();
    if (going instanceof Promise) going.catch(() => undefined);
    return null;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : null;
  }
}

/** Values as departments send them, and as they leave the hub masked. */
const PERSONAL: Readonly<Record<PersonalKind, readonly [clear: string, masked: string]>> = {
  PERSON_NAME: ['张三丰', '张**'],
  SIGNATORY: ['示例某', '示**'],
  PHONE: ['13812340001', '138****0001'],
  PLATE: ['贵A0T101', '贵A****1'],
  VIN: ['LDMHCV3B7P0000101', 'LDM************01'],
};

/** What the written table lets see unmasked. */
const UNMASKED: Readonly<Record<string, (departmentId: string | null, grounds: string) => boolean>> = {
  masked: () => false,
  'in a case': (_, grounds) => grounds === 'in a case' || grounds === 'in an audit case',
  'in an audit case': (_, grounds) => grounds === 'in an audit case',
  'a department': (departmentId) => departmentId !== null,
  'a department; staff in a case': (departmentId, grounds) =>
    departmentId !== null || grounds === 'in a case' || grounds === 'in an audit case',
};

describe('personal data leaves the graph as it is written', () => {
  const personal = Object.entries(FIELD_RULES).flatMap(([path, rule]) =>
    'personal' in rule ? [{ path, kind: rule.personal }] : [],
  );

  it.each(personal)('$path', async ({ path, kind }) => {
    const table = readTable(written, '## Personal data: who sees it unmasked');
    const [typeName = '', fieldName = ''] = path.split('.');
    const { resolve } = assertObjectType(schema.getType(typeName)).getFields()[fieldName] ?? {};
    const [clear, masked] = PERSONAL[kind];
    for (const role of ROLES) {
      for (const departmentId of [null, 'transport']) {
        for (const [name, grounds] of Object.entries(GROUNDS)) {
          const context = createHubContext(servicesOf([]), operation().scope, callerOf(role, departmentId), grounds);
          const root = { [fieldName]: clear, institution: { regionCode: INSIDE } };
          const cell = table.find((row) => row['role'] === role)?.[kind] ?? '';
          const isClear = UNMASKED[cell]?.(context.caller.departmentId, name);
          expect({ role, departmentId, name, shown: await resolve?.(root, {}, context, {} as never) }).toEqual({
            ...{ role, departmentId, name },
            shown: isClear === true ? clear : isClear === false ? masked : 'a word of the table that nobody knows',
          });
        }
      }
    }
  });

  it('is known by its name wherever a type has it', () => {
    const named = classifyFields(schema).filter(
      ({ typeName, fieldName }) =>
        isObjectType(schema.getType(typeName)) &&
        /^(plate|vin|signator(y|ies)|phone|.*Phone|legalRepresentative|idNumber)$/i.test(fieldName),
    );
    expect(named.map(({ path, rule }) => [path, rule !== null && 'personal' in rule])).toEqual(
      named.map(({ path }) => [path, true]),
    );
    expect(named.length).toBeGreaterThan(2);
  });
});
