/** From the claims of an identity provider to the hub's roles, department and regions. Pure. */
import { z } from 'zod';
import { ROLES, type Caller, type Role } from '../../../schema/access/caller.ts';
import { HubError } from '../../../schema/errors.ts';
import { parseRegionPrefix } from '../../../schema/region/region.ts';

/** Where a value is, e.g. "realm_access.roles". */
const Path = z
  .string()
  .regex(/^[\w:/-]+(\.[\w:/-]+)*$/, 'must be the name of a claim, e.g. roles or realm_access.roles');
const StaffRole = z.enum(ROLES).exclude(['PUBLIC']);

export const ClaimMapping = z.strictObject({
  /** Which roles; values that are not in the table are somebody else's and do not count. */
  roles: z
    .strictObject({ claim: Path, values: z.record(z.string(), StaffRole).optional() })
    .default({ claim: 'roles' }),
  department: z
    .strictObject({ claim: Path, values: z.record(z.string(), z.string()).optional() })
    .default({ claim: 'department' }),
  regions: z.strictObject({ claim: Path }).default({ claim: 'regions' }),
  /** Under which name acts are recorded; must not be one that people choose themselves. */
  subject: z.strictObject({ claim: Path }).default({ claim: 'sub' }),
});
export type ClaimMapping = z.infer<typeof ClaimMapping>;

/** A mapping as an operator writes it: JSON, what is left out has its default. */
export const ClaimMappingText = z.string().transform((text, context): ClaimMapping => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
    return z.NEVER;
  }
  const parsed = ClaimMapping.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `is no mapping of claims: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  context.issues.push({ code: 'custom', message, input: text });
  return z.NEVER;
});

type Claims = Readonly<Record<string, unknown>>;

const Texts = z.union([z.string().transform((text) => text.split(/[\s,]+/)), z.array(z.string())]);

/** @returns undefined where there is no such claim */
function claimAt(claims: Claims, path: string): unknown {
  // A claim may itself have dots in its name, as those that are URLs.
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Claims)[name];
  }
  return value;
}

const textsAt = (claims: Claims, path: string): string[] => {
  const parsed = Texts.safeParse(claimAt(claims, path) ?? []);
  return parsed.success ? parsed.data.filter((text) => text !== '') : [];
};

const textAt = (claims: Claims, path: string): string | null => {
  const value = claimAt(claims, path);
  return typeof value === 'string' && value !== '' ? value : null;
};

function rolesOf(claims: Claims, { claim, values }: ClaimMapping['roles']): Exclude<Role, 'PUBLIC'>[] {
  const roles = textsAt(claims, claim).flatMap((value) => {
    if (values !== undefined) return Object.hasOwn(values, value) ? (values[value] ?? []) : [];
    const own = StaffRole.safeParse(value.toUpperCase());
    return own.success ? own.data : [];
  });
  return [...new Set(roles)];
}

const refusal = (problem: string): HubError => new HubError('UNAUTHENTICATED', `The token ${problem}.`);

/**
 * @param claims of a token whose signature holds
 * @param departments ids that the hub knows
 * @throws HubError UNAUTHENTICATED naming the claim that cannot be used
 */
export function holderOf(
  claims: Claims,
  mapping: ClaimMapping,
  departments: readonly string[],
): Pick<Caller, 'subject' | 'departmentId' | 'roles' | 'regions'> {
  const subject = textAt(claims, mapping.subject.claim);
  if (subject === null || subject.length > 128) throw refusal(`names nobody in its claim "${mapping.subject.claim}"`);
  const roles = rolesOf(claims, mapping.roles);
  if (roles.length === 0) throw refusal(`gives no role of this hub in its claim "${mapping.roles.claim}"`);
  const { claim, values } = mapping.department;
  const named = textAt(claims, claim);
  const departmentId =
    named === null || values === undefined
      ? named
      : (Object.entries(values).find(([name]) => name === named)?.[1] ?? named);
  if (departmentId !== null && !departments.includes(departmentId))
    throw refusal(`names a department in its claim "${claim}" that this hub does not know`);
  if (departmentId === null && roles.some((role) => role === 'DETERMINER' || role === 'RECIPIENT'))
    throw refusal(`gives a role that acts for a department, and names none in its claim "${claim}"`);
  let regions: string[];
  try {
    regions = textsAt(claims, mapping.regions.claim).map(parseRegionPrefix);
  } catch {
    throw refusal(`has a division in its claim "${mapping.regions.claim}" that is none`);
  }
  if (regions.length === 0) throw refusal(`names no division in its claim "${mapping.regions.claim}"`);
  return { subject, departmentId, roles: ['PUBLIC', ...roles], regions };
}
