/** The faults that live in the tables themselves: each is a pair of statements, to switch it on and off again. */
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import type { World } from '../../world/types.ts';
import { TABLES } from './fill.ts';
import { penaltyRows } from './penalty-rows.ts';
import { stationRows } from './station-rows.ts';
import { roadVisits } from './test-rows.ts';

export interface TableFault {
  readonly on: string;
  readonly off: string;
}

interface Drift {
  readonly table: string;
  readonly column: string;
  /** The column's name in a newer edition of the tables. */
  readonly renamed: string;
  /** A value that the column's type takes and its meaning does not. */
  readonly wrongValue: string;
  /** ID of the first record. */
  readonly first: string | null;
}

function driftsOf(world: World): Drift[] {
  const stations = world.institutions.filter(({ localNumbers }) => localNumbers.transport !== null);
  const tested = stations.find((station) => roadVisits(world.visitsOf(station)).length > 0);
  const firstTest = tested === undefined ? undefined : roadVisits(world.visitsOf(tested))[0];
  const [firstStation] = stations;
  const punished = world.institutions.find((institution) => penaltyRows(world, institution).length > 0);
  return [
    {
      table: 'QZ_JCJG',
      column: 'BAZT',
      renamed: 'ZT',
      wrongValue: '?',
      first: firstStation === undefined ? null : String(stationRows(world, firstStation)[0]?.['ID']),
    },
    { table: 'QZ_CLJC', column: 'JCJL', renamed: 'PDJG', wrongValue: 'X?', first: firstTest?.road.id ?? null },
    {
      table: 'QZ_XZCF',
      column: 'CF_JDRQ',
      renamed: 'CF_RQ',
      wrongValue: '2026/13/45',
      first: punished === undefined ? null : String(penaltyRows(world, punished)[0]?.['ID']),
    },
  ];
}

/** Puts a view in the place of a table. */
function inPlaceOf(table: string, select: string, account: string): TableFault {
  return {
    on: `ALTER TABLE ${table} RENAME TO ${table}_KEPT; CREATE VIEW ${table} AS ${select};
      GRANT SELECT ON ${table} TO ${account};`,
    off: `DROP VIEW ${table}; ALTER TABLE ${table}_KEPT RENAME TO ${table};`,
  };
}

function withWrongValue({ table, column, wrongValue, first }: Drift, account: string): TableFault {
  const columns = TABLES.find(({ name }) => name === table)?.columns ?? [];
  const list = columns.map(({ name, type, size }) =>
    name === column
      ? `CAST(CASE WHEN ID = '${first ?? ''}' THEN '${wrongValue}' ELSE ${name} END AS ${type}(${size ?? 1})) AS ${name}`
      : name,
  );
  return inPlaceOf(table, `SELECT ${list.join(', ')} FROM ${table}_KEPT`, account);
}

/**
 * @param account who must be able to read the tables all the same
 * @returns null for faults that do not concern the tables
 */
export function tableFault(world: World, fault: FaultCommand | null, account: string): TableFault | null {
  if (fault?.kind !== 'schema-drift' && fault?.kind !== 'duplicate-rows') return null;
  const faults = driftsOf(world).map((drift): TableFault => {
    const { table, column, renamed } = drift;
    if (fault.kind === 'duplicate-rows') {
      return inPlaceOf(table, `SELECT * FROM ${table}_KEPT UNION ALL SELECT * FROM ${table}_KEPT`, account);
    }
    if (fault.scope === 'first') return withWrongValue(drift, account);
    return {
      on: `ALTER TABLE ${table} RENAME COLUMN ${column} TO ${renamed};`,
      off: `ALTER TABLE ${table} RENAME COLUMN ${renamed} TO ${column};`,
    };
  });
  return { on: faults.map(({ on }) => on).join(' '), off: faults.map(({ off }) => off).join(' ') };
}
