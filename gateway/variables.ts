/** What can be set from outside: names, defaults and descriptions, read out of the configuration schemas. */
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { z } from 'zod';
import type { SourceDefinition } from '../sources/kit/define-source.ts';

export interface Variable {
  readonly name: string;
  /** As an operator would write it; null = no default. */
  readonly defaultValue: string | null;
  readonly description: string;
  /** Id of the department whose folder declares it; null = the hub itself. */
  readonly departmentId: string | null;
}

const JsonSchema = z.object({
  properties: z.record(
    z.string(),
    z.object({
      description: z.string().optional(),
      default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    }),
  ),
});

function variablesOf(schema: z.ZodObject, departmentId: string | null): Variable[] {
  const { properties } = JsonSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return Object.entries(properties).map(([name, property]) => ({
    name,
    defaultValue: property.default === undefined ? null : String(property.default),
    description: property.description ?? '',
    departmentId,
  }));
}

/**
 * All variables, the hub's own first, then department by department in the order of the definitions.
 * @param base the hub's own schema
 */
export function variablesOfAll(base: z.ZodObject, definitions: readonly SourceDefinition[]): readonly Variable[] {
  return [
    ...variablesOf(base, null),
    ...definitions.flatMap((definition) => variablesOf(definition.config, definition.department.id)),
  ];
}

/** Every variable of a department begins with this, e.g. "PUBLIC_SECURITY_". */
export const prefixOf = (departmentId: string): string => `${departmentId.toUpperCase().replaceAll('-', '_')}_`;

/** Kubernetes writes such variables into every container that runs beside a service called "hub" or "ecology". */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/**
 * Names that are set, begin like one of ours and are none of ours: most likely misspelt.
 * @returns one line per name with the nearest known name
 */
export function misspeltVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly Variable[],
): readonly string[] {
  const names = known.map(({ name }) => name);
  const departments = new Set(known.flatMap(({ departmentId }) => departmentId ?? []));
  const prefixes = ['HUB_', ...[...departments].map(prefixOf)];
  return Object.entries(environment)
    .filter(([name, value]) => prefixes.some((prefix) => name.startsWith(prefix)) && value !== undefined)
    .filter(([name, value]) => !SERVICE_LINK.test(name) && !SERVICE_ADDRESS.test(value ?? ''))
    .filter(([name]) => !names.includes(name))
    .map(([name]) => {
      const [nearest] = suggestionList(name, names);
      return `${name}: is not a setting of the hub${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
    });
}
