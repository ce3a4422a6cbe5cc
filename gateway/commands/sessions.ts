/** `hub sessions revoke | list`: ends sessions of signed tokens before their time. */
import type { Connection } from 'mongoose';
import { RevokedSessions, type RevocationKind } from '../../schema/access/revoked-sessions.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import { UsageError } from './usage-error.ts';

export interface SessionOptions {
  readonly reason?: string | undefined;
}

const KINDS: ReadonlyMap<string, RevocationKind> = new Map([
  ['token', 'TOKEN'],
  ['session', 'SESSION'],
  ['user', 'USER'],
]);
const MAX_TEXT_LENGTH = 200;

/**
 * @returns lines for the terminal
 * @throws UsageError for wrong words
 */
export async function sessionsCommand(
  connection: Connection,
  [verb, what = '', id = '']: readonly string[],
  { reason = '' }: SessionOptions,
): Promise<readonly string[]> {
  const sessions = new RevokedSessions(connection);
  if (verb === 'list') {
    const rows = (await sessions.list()).map((each) => [
      each.kind.toLowerCase(),
      each.value,
      formatInstant(each.revokedAt),
      each.reason,
    ]);
    return rows.length === 0 ? ['No session was ended.'] : alignColumns(rows);
  }
  if (verb !== 'revoke') throw new UsageError('Say what to do with sessions: revoke or list.');
  const kind = KINDS.get(what);
  if (kind === undefined || id === '' || id.length > MAX_TEXT_LENGTH || reason.length > MAX_TEXT_LENGTH)
    throw new UsageError('Say what ends: token <jti>, session <sid> or user <sub>.');
  await sessions.revoke(kind, id, reason);
  return [`The ${what} ${id} is no longer accepted; open subscriptions end within five seconds.`];
}
