/** `hub keys create | list | revoke`: credentials of department systems and staff. */
import { z } from 'zod';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import { ROLES } from '../../schema/access/caller.ts';
import { parseRegionPrefix } from '../../schema/region/region.ts';
import { formatInstant, parseInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import type { Connection } from 'mongoose';

export const KEYS_USAGE = `  keys create <name> --roles <role,...> --regions <prefix,...> [--department <department>] [--expires <instant>]
  keys list
  keys revoke <id>                API keys of department systems and staff`;

export interface KeyOptions {
  readonly roles?: string | undefined;
  readonly regions?: string | undefined;
  readonly department?: string | undefined;
  readonly expires?: string | undefined;
}

/** What is wrong with the words of the command; the caller shows the usage beside it. */
export class KeyCommandError extends Error {
  override readonly name = 'KeyCommandError';
}

const words = (list: string | undefined): string[] => (list ?? '').split(',').filter((word) => word !== '');

const Roles = z.array(z.enum(ROLES).exclude(['PUBLIC'])).nonempty();

async function create(keys: ApiKeys, name: string | undefined, options: KeyOptions, known: readonly string[]) {
  if (name === undefined || !/^[\w.-]{1,64}$/.test(name))
    throw new KeyCommandError('Name the key: letters, digits, ".", "_" and "-", at most 64.');
  const roles = Roles.safeParse(words(options.roles).map((role) => role.toUpperCase()));
  if (!roles.success) throw new KeyCommandError(`--roles is a list of ${Roles.element.options.join(', ')}.`);
  const regions = words(options.regions).map(parseRegionPrefix);
  if (regions.length === 0) throw new KeyCommandError('--regions is a list of division codes, e.g. 52 or 5201,5203.');
  const departmentId = options.department ?? null;
  if (departmentId !== null && !known.includes(departmentId))
    throw new KeyCommandError(`--department is one of ${known.join(', ')}.`);
  if (departmentId === null && roles.data.some((role) => role === 'DETERMINER' || role === 'RECIPIENT'))
    throw new KeyCommandError('DETERMINER and RECIPIENT act for a department: name it with --department.');
  const expiresAt = options.expires === undefined ? null : parseInstant(options.expires);
  return await keys.create({ subject: name, departmentId, roles: roles.data, regions, expiresAt });
}

/**
 * @param known the departments' ids
 * @returns lines for the terminal
 * @throws KeyCommandError for wrong words, HubError for a wrong division or instant
 */
export async function keysCommand(
  connection: Connection,
  [verb, word]: readonly string[],
  options: KeyOptions,
  known: readonly string[],
): Promise<readonly string[]> {
  const keys = new ApiKeys(connection);
  switch (verb) {
    case 'create': {
      const { id, token } = await create(keys, word, options, known);
      return [`Key ${id} for ${word ?? ''}. Its token is shown only now:`, token];
    }
    case 'list': {
      const rows = (await keys.list()).map((key) => [
        key._id,
        key.revokedAt === null ? 'valid' : 'revoked',
        key.subject,
        key.departmentId ?? '-',
        key.roles.join(','),
        key.regions.join(','),
        key.lastUsedAt === null ? 'never used' : `used ${formatInstant(key.lastUsedAt)}`,
        key.expiresAt === null ? '' : `until ${formatInstant(key.expiresAt)}`,
      ]);
      return rows.length === 0 ? ['No keys.'] : alignColumns(rows);
    }
    case 'revoke': {
      const isRevoked = word !== undefined && (await keys.revoke(word));
      if (!isRevoked) throw new KeyCommandError(`There is no valid key ${word ?? ''}.`);
      return [`Key ${word} is revoked.`];
    }
    default:
      throw new KeyCommandError('Say what to do with keys: create, list or revoke.');
  }
}
