/** For whom a credential stands, in the words of the command line. */
import { z } from 'zod';
import { ROLES } from '../../schema/access/caller.ts';
import type { Holder } from '../../schema/access/credential-store.ts';
import { FIELD_CLASSES } from '../../schema/access/field-class.ts';
import { ACTIONS } from '../../schema/access/policy.ts';
import { parseRegionPrefix } from '../../schema/region/region.ts';
import { parseInstant } from '../../schema/time/instant.ts';
import { UsageError } from './usage-error.ts';
import type { HOLDER_OPTIONS } from './words.ts';

export type HolderOptions = { readonly [name in keyof typeof HOLDER_OPTIONS]?: string | undefined };

const words = (list: string | undefined): string[] => (list ?? '').split(',').filter((word) => word !== '');

const Roles = z.array(z.enum(ROLES).exclude(['PUBLIC'])).nonempty();
const Actions = z.array(z.enum(ACTIONS)).nonempty();
const Classes = z.array(z.enum(FIELD_CLASSES)).nonempty();

/** @throws UsageError */
function limit<T>(shape: z.ZodType<T>, option: string, list: string | undefined, offered: readonly string[]): T | null {
  if (list === undefined) return null;
  const parsed = shape.safeParse(words(list));
  if (!parsed.success) throw new UsageError(`--${option} is a list of ${offered.join(', ')}.`);
  return parsed.data;
}

/**
 * @param what e.g. "key"
 * @param known the departments' ids
 * @throws UsageError for wrong words, HubError for a wrong division or instant
 */
export function holderFrom(
  what: string,
  name: string | undefined,
  options: HolderOptions,
  known: readonly string[],
): Holder & { readonly expiresAt: Date | null } {
  if (name === undefined || !/^[\w.-]{1,64}$/.test(name))
    throw new UsageError(`Name the ${what}: letters, digits, ".", "_" and "-", at most 64.`);
  const roles = Roles.safeParse(words(options.roles).map((role) => role.toUpperCase()));
  if (!roles.success) throw new UsageError(`--roles is a list of ${Roles.element.options.join(', ')}.`);
  const regions = words(options.regions).map(parseRegionPrefix);
  if (regions.length === 0) throw new UsageError('--regions is a list of division codes, e.g. 52 or 5201,5203.');
  const departmentId = options.department ?? null;
  if (departmentId !== null && !known.includes(departmentId))
    throw new UsageError(`--department is one of ${known.join(', ')}.`);
  if (departmentId === null && roles.data.some((role) => role === 'DETERMINER' || role === 'RECIPIENT'))
    throw new UsageError('DETERMINER and RECIPIENT act for a department: name it with --department.');
  return {
    ...{ subject: name, departmentId, roles: roles.data, regions },
    actions: limit(Actions, 'actions', options.actions, ACTIONS),
    classes: limit(Classes, 'classes', options.classes?.toUpperCase(), FIELD_CLASSES),
    expiresAt: options.expires === undefined ? null : parseInstant(options.expires),
  };
}

/** A credential as a row of a list. @param now for telling whether it has ended */
export function holderCells(
  credential: Holder & { readonly revokedAt: Date | null; readonly expiresAt: Date | null },
  now: Date,
): string[] {
  const { revokedAt, expiresAt, subject, departmentId, roles, regions, actions, classes } = credential;
  const hasEnded = expiresAt !== null && expiresAt <= now;
  const limits = [...(actions ?? []), ...(classes ?? [])];
  return [
    revokedAt !== null ? 'revoked' : hasEnded ? 'ended' : 'valid',
    subject,
    departmentId ?? '-',
    roles.join(','),
    regions.join(','),
    limits.length === 0 ? 'not limited' : `only ${limits.join(',')}`,
  ];
}
