/** `hub keys create | list | rotate | revoke`: API keys of department systems and staff. */
import type { Connection } from 'mongoose';
import { ApiKeys, type ApiKey } from '../../schema/access/api-keys.ts';
import { formatInstant, parseInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import { holderCells, holderFrom, type HolderOptions } from './holder-options.ts';
import { UsageError } from './usage-error.ts';

export interface KeyOptions extends HolderOptions {
  readonly overlap?: string | undefined;
}

const DEFAULT_OVERLAP = '7d';
const LONGEST_OVERLAP_MS = 90 * 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** "7d", "12h", "30m"; "0d" = none. @throws UsageError */
function overlapMs(text: string): number {
  const [, count, unit = ''] = /^(\d{1,4})([dhm])$/.exec(text) ?? [];
  const lengthMs = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (lengthMs <= LONGEST_OVERLAP_MS) return lengthMs;
  throw new UsageError('--overlap is how long the older key works on: days, hours or minutes, e.g. 7d, 12h or 30m.');
}

function shown(key: Omit<ApiKey, 'secretHash'>, now: Date): string[] {
  return [
    key._id,
    ...holderCells(key, now),
    key.lastUsedAt === null ? 'never used' : `used ${formatInstant(key.lastUsedAt)}`,
    key.expiresAt === null ? '' : `until ${formatInstant(key.expiresAt)}`,
    key.replacedBy == null ? '' : `replaced by ${key.replacedBy}`,
  ];
}

/**
 * @param known the departments' ids
 * @returns lines for the terminal
 * @throws UsageError for wrong words, HubError for a wrong division or instant
 */
export async function keysCommand(
  connection: Connection,
  [verb, word]: readonly string[],
  options: KeyOptions,
  known: readonly string[],
  now: () => Date = () => new Date(),
): Promise<readonly string[]> {
  const keys = new ApiKeys(connection, now);
  const noSuchKey = (): UsageError => new UsageError(`There is no valid key ${word ?? ''}.`);
  switch (verb) {
    case 'create': {
      const { id, token } = await keys.create(holderFrom('key', word, options, known));
      return [`Key ${id} for ${word ?? ''}. Its token is shown only now:`, token];
    }
    case 'list': {
      const rows = (await keys.list()).map((key) => shown(key, now()));
      return rows.length === 0 ? ['No keys.'] : alignColumns(rows);
    }
    case 'rotate': {
      const expiresAt = options.expires === undefined ? undefined : parseInstant(options.expires);
      const lengthMs = overlapMs(options.overlap ?? DEFAULT_OVERLAP);
      const issued = word === undefined ? null : await keys.rotate(word, lengthMs, expiresAt);
      if (issued === null) throw noSuchKey();
      return [
        `Key ${issued.id} takes the place of ${word ?? ''}, which works until ${formatInstant(issued.previousUntil)}.`,
        'Its token is shown only now:',
        issued.token,
      ];
    }
    case 'revoke': {
      if (word === undefined || !(await keys.revoke(word))) throw noSuchKey();
      return [`Key ${word} is revoked.`];
    }
    default:
      throw new UsageError('Say what to do with keys: create, list, rotate or revoke.');
  }
}
