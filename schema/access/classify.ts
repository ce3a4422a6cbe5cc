/** The class of every field of a graph, and by what it is guarded. Pure. */
import { getNamedType, isInterfaceType, isObjectType, type GraphQLOutputType, type GraphQLSchema } from 'graphql';
import { FIELD_CLASSES, type FieldClass } from './field-class.ts';
import { FIELD_RULES, type FieldRule } from './field-rules.ts';
import { TYPE_CLASSES } from './type-classes.ts';

export interface ClassifiedField {
  /** "Type.field". */
  readonly path: string;
  readonly typeName: string;
  readonly fieldName: string;
  readonly fieldClass: FieldClass;
  /** null: whoever has come to its type sees it. */
  readonly rule: FieldRule | null;
}

const PAGE = /^(\w+)(?:Connection|Edge)$/;
const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

const ofTypeName = (name: string): FieldClass | undefined => {
  const own = Object.hasOwn(TYPE_CLASSES, name) ? TYPE_CLASSES[name] : undefined;
  const [, item] = PAGE.exec(name) ?? [];
  return own ?? (item === undefined ? undefined : ofTypeName(item));
};

/** @throws Error for a type that has none */
export function classOfType(name: string): FieldClass {
  const fieldClass = ofTypeName(name);
  if (fieldClass !== undefined) return fieldClass;
  throw new Error(`The type ${name} has no class: name it in schema/access/type-classes.ts.`);
}

const isCloser = (a: FieldClass, b: FieldClass): boolean => FIELD_CLASSES.indexOf(a) > FIELD_CLASSES.indexOf(b);

/** Scalars and enums have no class of their own. */
function classBehind(type: GraphQLOutputType): FieldClass | null {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named) ? classOfType(named.name) : null;
}

/**
 * @throws Error for a type without a class, and for a root field, or one that leads to a closer class, of which nothing
 *   says by what it is guarded
 */
export function classifyFields(schema: GraphQLSchema): readonly ClassifiedField[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) return [];
    const own = classOfType(type.name);
    return Object.values(type.getFields()).map((field): ClassifiedField => {
      const behind = classBehind(field.type);
      const path = `${type.name}.${field.name}`;
      const rule = FIELD_RULES[path] ?? null;
      const leadsCloser = behind !== null && isCloser(behind, own);
      if (rule === null && (leadsCloser || ROOTS.has(type.name)))
        throw new Error(`Nothing guards ${path}: say in schema/access/field-rules.ts by what it is.`);
      return { path, typeName: type.name, fieldName: field.name, fieldClass: leadsCloser ? behind : own, rule };
    });
  });
}
