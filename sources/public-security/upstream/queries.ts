/** What each interface number answers (wire-formats A.3, A.4; domain reference 6.4). */
import type { World, WorldInstitution } from '../../world/types.ts';
import type { Condition, Row } from './documents.ts';
import { inspectionRow, lineRow, officeOf, stationRow, wallTime } from './rows.ts';

type Query = (conditions: readonly Condition[]) => readonly Row[];

interface Station {
  readonly institution: WorldInstitution;
  readonly number: string;
}

/** Rows of one inspection condition without its own limit. */
const MOST_VERDICTS = 1000;

/** The queries by jkid. Province-wide lists are built once; everything else goes through the world's look-ups. */
export function createQueries(world: World): Readonly<Record<string, Query>> {
  let stationsByOffice: Map<string, Station[]> | null = null;
  const stationsOf = (office: string | undefined): readonly Station[] => {
    stationsByOffice ??= groupByOffice(world);
    return office === undefined ? [...stationsByOffice.values()].flat() : (stationsByOffice.get(office) ?? []);
  };
  const stationAt = (number: string | undefined): Station[] => {
    const institution = number === undefined ? undefined : world.byPoliceNumber(number);
    return number === undefined || institution === undefined ? [] : [{ institution, number }];
  };
  const updatedSince =
    (gxrq = '') =>
    ({ institution }: Station) =>
      wallTime(institution.updatedAt) >= gxrq;

  return {
    // By number, or the whole list by update date and issuing office.
    '18C01': (conditions) =>
      conditions
        .flatMap(({ jczbh, gxrq, fzjg }) =>
          (jczbh === undefined ? stationsOf(fzjg) : stationAt(jczbh)).filter(updatedSince(gxrq)),
        )
        .map(({ institution, number }) => stationRow(world, institution, number)),
    '18C02': (conditions) =>
      conditions
        .flatMap(({ jczbh }) => stationAt(jczbh))
        .flatMap(({ institution, number }) =>
          world.linesOf(institution).map((line) => lineRow(institution, number, line)),
        ),
    '18C50': () => [[['sj', `${world.today} 12:00:00`]]],
    '18Q90': (conditions) =>
      conditions.flatMap((condition) => verdicts(world, condition, stationAt(condition['jyjgbh']))),
  };
}

function verdicts(world: World, condition: Condition, stations: readonly Station[]): Row[] {
  const { kssj = '', jssj, clsbdh, jyjgpd, zdhs } = condition;
  return stations
    .flatMap(({ institution, number }) =>
      world
        .visitsOf(institution)
        .filter(({ vehicle }) => clsbdh === undefined || vehicle.vin === clsbdh)
        .map((visit) => inspectionRow(institution, number, visit)),
    )
    .filter((row) => row !== null)
    .filter((row) => jyjgpd === undefined || valueAt(row, 'jyjgpd') === jyjgpd)
    .map((row) => ({ row, startedAt: valueAt(row, 'kssj') }))
    .filter(({ startedAt }) => startedAt >= kssj && (jssj === undefined || startedAt <= jssj))
    .toSorted((left, right) => (left.startedAt < right.startedAt ? 1 : -Number(left.startedAt > right.startedAt)))
    .slice(0, zdhs === undefined ? MOST_VERDICTS : Number(zdhs))
    .map(({ row }) => row);
}

function valueAt(row: Row, field: string): string {
  return row.find(([name]) => name === field)?.[1] ?? '';
}

function groupByOffice(world: World): Map<string, Station[]> {
  const stations = new Map<string, Station[]>();
  for (const institution of world.institutions) {
    const number = institution.localNumbers.publicSecurity;
    if (number === null) continue;
    const office = officeOf(institution);
    const group = stations.get(office);
    if (group === undefined) stations.set(office, [{ institution, number }]);
    else group.push({ institution, number });
  }
  return stations;
}
