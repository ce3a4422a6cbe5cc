/** What the department allows the hub's account: to read everything, and to write what tables.sql marks for it. */
import type { Table } from '../../kit/mesh-handlers/exchange-database/tables.ts';

/**
 * @param account as the engine writes it: a role of PostgreSQL, `'user'@'host'` in MySQL and MariaDB
 * @returns one statement each, the same on every engine
 */
export function grantsTo(account: string, tables: readonly Table[]): string[] {
  return tables.flatMap(({ name, columns, readerInserts }) => {
    const updates = columns.filter(({ readerUpdates }) => readerUpdates).map((column) => column.name);
    return [
      `GRANT SELECT ON ${name} TO ${account}`,
      ...(updates.length > 0 ? [`GRANT UPDATE (${updates.join(', ')}) ON ${name} TO ${account}`] : []),
      ...(readerInserts ? [`GRANT INSERT ON ${name} TO ${account}`] : []),
    ];
  });
}
