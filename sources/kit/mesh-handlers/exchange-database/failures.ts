/** What a database's error means for the hub. */
import { DatabaseError } from 'pg';
import { HubError } from '../../../../schema/errors.ts';
import type { MeshCall } from '../../mesh-call.ts';
import { unreachable } from '../../mesh-fetch.ts';
import type { Table } from './tables.ts';

type Kind = 'refused' | 'timeout' | 'unavailable' | 'malformed';

/**
 * SQLSTATE classes and codes: authorisation, privileges, a database that takes no writes; cancelled by the server;
 * connections, conflicts with others, resources, shutdown.
 */
const SQLSTATES: readonly (readonly [RegExp, Kind])[] = [
  [/^(28\w{3}|42501|25006)$/, 'refused'],
  [/^57014$/, 'timeout'],
  [/^((08|40|53|57|58|XX)\w{3}|55P03)$/, 'unavailable'],
];

const MYSQL_NUMBERS: ReadonlyMap<number, Kind> = new Map([
  ...[1044, 1045, 1142, 1143, 1227, 1290, 1370, 1698].map((number) => [number, 'refused'] as const),
  ...[1317, 1969, 3024].map((number) => [number, 'timeout'] as const),
  ...[1040, 1042, 1053, 1129, 1130, 1158, 1159, 1160, 1161, 1203, 1205, 1213].map(
    (number) => [number, 'unavailable'] as const,
  ),
]);

/** What drivers say about bytes that they cannot follow: mysql2 by code, both by Node's own errors, pg in words. */
const NOT_THE_PROTOCOL = /^(PROTOCOL_(?!CONNECTION_LOST|SEQUENCE_TIMEOUT)|MALFORMED|ERR_OUT_OF_RANGE|ERR_BUFFER)/;
const LOST_TRACK = /^(Unknown auth|Received unexpected|Unexpected packet)/;

/**
 * @param cause whatever the driver threw
 * @param table the table that was read; its columns are looked for in the message of the database
 */
export function databaseFailure(call: MeshCall, table: Table, cause: unknown): HubError {
  if (cause instanceof HubError) return cause;
  if (call.signal.aborted) return unreachable(call, cause);
  const name = call.departmentName;
  switch (kindOf(cause)) {
    case 'refused':
      return new HubError('SOURCE_REFUSED', `The database of ${name} refused the call (${codeOf(cause)}).`, { cause });
    case 'timeout':
      return new HubError('SOURCE_TIMEOUT', `The database of ${name} gave up a statement that took too long.`, {
        cause,
      });
    case 'unavailable':
      return unreachable(call, cause);
    case 'malformed': {
      const column = cause instanceof Error ? columnIn(cause.message, table) : null;
      const where = column === null ? table.name : `${table.name}.${column}`;
      return new HubError(
        'SOURCE_MALFORMED',
        `The database of ${name} cannot be read at ${where} as its contract says.`,
        {
          cause,
          details: { table: table.name, ...(column !== null && { field: column }) },
        },
      );
    }
  }
}

function kindOf(cause: unknown): Kind {
  const { code, errno } = numbersOf(cause);
  if (code !== undefined && isSqlState(cause))
    return SQLSTATES.find(([pattern]) => pattern.test(code))?.[1] ?? 'malformed';
  // Without a code it did not come from the server: pg could not make sense of a message.
  if (cause instanceof DatabaseError) return 'malformed';
  if (errno > 0) return MYSQL_NUMBERS.get(errno) ?? 'malformed';
  if (code !== undefined) return NOT_THE_PROTOCOL.test(code) ? 'malformed' : 'unavailable';
  const isAboutBytes = cause instanceof RangeError || cause instanceof TypeError || !(cause instanceof Error);
  return isAboutBytes || LOST_TRACK.test(cause.message) ? 'malformed' : 'unavailable';
}

/** Every error that a PostgreSQL server sends has a severity, whichever client received it. */
function isSqlState(cause: unknown): boolean {
  return cause instanceof DatabaseError || (cause instanceof Error && 'severity' in cause);
}

function codeOf(cause: unknown): string {
  const { code, errno } = numbersOf(cause);
  return errno > 0 ? `error ${errno}` : `SQLSTATE ${code ?? 'unknown'}`;
}

/**
 * PostgreSQL: `code` is the SQLSTATE. MySQL: `errno` is the server's number, greater than 0. Network: `code` is the
 * system's name, `errno` is negative.
 */
function numbersOf(cause: unknown): { readonly code: string | undefined; readonly errno: number } {
  const { code, errno } = Object(cause) as { code?: unknown; errno?: unknown };
  return { code: typeof code === 'string' ? code : undefined, errno: typeof errno === 'number' ? errno : 0 };
}

/** PostgreSQL folds names to small letters and both put an alias before them. */
function columnIn(message: string, { columns }: Table): string | null {
  const words = new Set(message.toUpperCase().match(/\w+/g));
  return columns.find(({ name }) => words.has(name))?.name ?? null;
}
