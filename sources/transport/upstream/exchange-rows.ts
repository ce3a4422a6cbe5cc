/** Everything the department has put into its exchange database, table by table. */
import type { World } from '../../world/types.ts';
import type { Cells } from './format.ts';
import { penaltyRows } from './penalty-rows.ts';
import { stationRows } from './station-rows.ts';
import { itemRows, permitRow, roadVisits, testRows } from './test-rows.ts';

export interface TableRow {
  readonly table: 'QZ_JCJG' | 'QZ_CLJC' | 'QZ_CLJC_XM' | 'QZ_DLYSZ' | 'QZ_XZCF';
  readonly cells: Cells;
}

/** @param zeroDate writes `0000-00-00` where a date is missing, as MySQL clients do */
export function* exchangeRows(world: World, zeroDate: boolean): Generator<TableRow> {
  const permits = new Set<string | null>();
  for (const institution of world.institutions) {
    for (const cells of penaltyRows(world, institution)) yield { table: 'QZ_XZCF', cells };
    if (institution.localNumbers.transport === null) continue;
    for (const cells of stationRows(world, institution)) yield { table: 'QZ_JCJG', cells };
    const visits = roadVisits(world.visitsOf(institution));
    const [newest] = visits;
    if (newest !== undefined) for (const cells of itemRows(newest)) yield { table: 'QZ_CLJC_XM', cells };
    for (const visit of visits) {
      for (const cells of testRows(institution, visit, zeroDate)) yield { table: 'QZ_CLJC', cells };
      if (permits.has(visit.vehicle.transportPermit)) continue;
      permits.add(visit.vehicle.transportPermit);
      yield { table: 'QZ_DLYSZ', cells: permitRow(visit) };
    }
  }
}
