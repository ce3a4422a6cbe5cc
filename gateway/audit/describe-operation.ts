/** What an operation is, for the record: its name, its text's digest, its fields, and whom its arguments ask for. */
import {
  getNamedType,
  isInputObjectType,
  Kind,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { AuditOperation } from '../../schema/audit/audit-record.ts';
import { subjectKey, type PersonKeys, type SubjectKind } from '../../schema/audit/subject-key.ts';
import { keysOf } from '../../schema/audit/subject-report.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface OperationText {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly source: string;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

type Subject = SubjectKind | 'vehicle' | 'anybody';

/** Values of these scalars name somebody wherever they stand. */
const SCALARS: ReadonlyMap<string, Subject> = new Map([['CreditCode', 'institution']]);
/** "<field or input type>.<argument or field>" */
const NAMES: ReadonlyMap<string, Subject> = new Map<string, Subject>([
  ['certificate.number', 'certificate'],
  ['verifyReport.number', 'report'],
  ['notice.id', 'notice'],
  ...['recognition', 'supplementRecognition', 'decideRecognition', 'revokeRecognition', 'resendRecognition'].map(
    (field) => [`${field}.id`, 'recognition'] as const,
  ),
  ['InspectionFilter.vin', 'vehicle'],
  ['AuditFilter.subject', 'anybody'],
]);
/** Arguments of this name, of whatever field. */
const ARGUMENTS: ReadonlyMap<string, Subject> = new Map([['noticeId', 'notice']]);

const MOST_OPERATIONS = 500;
const MOST_SUBJECTS = 200;
const MOST_FIELDS = 50;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An argument that may name somebody. */
interface Asking {
  readonly type: GraphQLInputType;
  readonly subject: Subject | undefined;
  readonly value: ValueNode;
}

interface Known extends Pick<AuditOperation, 'kind' | 'name' | 'digest' | 'fields'> {
  readonly askings: readonly Asking[];
}

/** Fields of the root, those in fragments too. */
function fieldsOf({ selections }: SelectionSetNode, document: DocumentNode, seen: Set<string>): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, document, seen);
    const { value: name } = selection.name;
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
    );
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION || seen.has(name)) return [];
    return fieldsOf(fragment.selectionSet, document, seen.add(name));
  });
}

export class OperationDescriber {
  readonly #schema: GraphQLSchema;
  readonly #keys: PersonKeys | null;
  readonly #known = new BoundedMap<Known>(MOST_OPERATIONS);

  /** @param keys null: vehicles cannot be put on record */
  constructor(schema: GraphQLSchema, keys: PersonKeys | null) {
    this.#schema = schema;
    this.#keys = keys;
  }

  /** @param text valid against the schema */
  describe(text: OperationText): AuditOperation {
    const { askings, ...operation } = this.#know(text);
    const subjects = new Set<string>();
    for (const { type, subject, value } of askings) {
      this.#collect(type, subject, valueFromASTUntyped(value, text.variables), subjects);
    }
    return { ...operation, subjects: [...subjects].sort() };
  }

  #know({ document, operation, source }: OperationText): Known {
    const name = operation.name?.value ?? null;
    const key = `${name ?? ''} ${source}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const kind = operation.operation.toUpperCase() as Uppercase<typeof operation.operation>;
    const fields = [...new Set(fieldsOf(operation.selectionSet, document, new Set()))].slice(0, MOST_FIELDS);
    const made = { kind, name, digest: sm3Hex(source), fields, askings: this.#askingsOf(document) };
    this.#known.set(key, made);
    return made;
  }

  /** Of all operations of the document: which fragments an operation uses is of no interest here. */
  #askingsOf(document: DocumentNode): readonly Asking[] {
    const askings: Asking[] = [];
    const types = new TypeInfo(this.#schema);
    visit(
      document,
      visitWithTypeInfo(types, {
        Argument({ name, value }) {
          const type = types.getArgument()?.type;
          if (type === undefined) return;
          const subject =
            NAMES.get(`${types.getFieldDef()?.name ?? ''}.${name.value}`) ?? ARGUMENTS.get(name.value) ?? undefined;
          askings.push({ type, subject, value });
        },
      }),
    );
    return askings.filter(({ type, subject }) => subject !== undefined || this.#mayName(type, new Set()));
  }

  /** Whether values of this type can name somebody. */
  #mayName(type: GraphQLInputType, seen: Set<string>): boolean {
    const named = getNamedType(type);
    if (SCALARS.has(named.name)) return true;
    if (!isInputObjectType(named) || seen.has(named.name)) return false;
    seen.add(named.name);
    return Object.values(named.getFields()).some(
      (field) => NAMES.has(`${named.name}.${field.name}`) || this.#mayName(field.type, seen),
    );
  }

  #keysOf(kind: Subject, value: string): readonly string[] {
    if (kind === 'anybody') return keysOf(value, this.#keys);
    const key = kind === 'vehicle' ? (this.#keys?.vehicle(value) ?? null) : subjectKey(kind, value);
    return key === null ? [] : [key];
  }

  #collect(type: GraphQLInputType, subject: Subject | undefined, value: unknown, found: Set<string>): void {
    if (found.size >= MOST_SUBJECTS || value === null || value === undefined) return;
    if (Array.isArray(value)) {
      for (const each of value) this.#collect(type, subject, each, found);
      return;
    }
    const named = getNamedType(type);
    const kind = subject ?? SCALARS.get(named.name);
    if (kind !== undefined && typeof value === 'string') {
      for (const key of this.#keysOf(kind, value)) found.add(key);
      return;
    }
    if (!isInputObjectType(named) || !isObject(value)) return;
    for (const field of Object.values(named.getFields())) {
      this.#collect(field.type, NAMES.get(`${named.name}.${field.name}`), value[field.name], found);
    }
  }
}
