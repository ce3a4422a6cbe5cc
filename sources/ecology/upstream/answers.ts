/** What each operation answers to one condition. */
import type { World, WorldInstitution } from '../../world/types.ts';
import type { ReadOperationName } from '../operations.ts';
import type { Amendments } from './amendments.ts';
import { compactTime } from './format.ts';
import type { Register, RegisterName, Registers } from './registers.ts';
import { latestReportFirst } from './report-rows.ts';
import { textIn, type OnRecord, type OutgoingRecord } from './rows.ts';
import { newestFirst, processRecords } from './test-rows.ts';

/** Filters as sent; an absent one is empty. */
export type ConditionFilters = ReadonlyMap<string, string>;
export type Answer = (filters: ConditionFilters) => readonly OutgoingRecord[];

const EVERYTHING = Number.POSITIVE_INFINITY;
const limitOf = (filters: ConditionFilters): number => {
  const rows = filters.get('maxrows') ?? '';
  return rows === '' ? EVERYTHING : Number(rows);
};
/** Both bounds included; an empty one is open. Equal styles of digits compare as text. */
const isBetween = (value: string, from = '', to = ''): boolean => value >= from && (to === '' || value <= to);
const written = (records: readonly OnRecord[]): OutgoingRecord[] => records.map((each) => each.record());

/** A record that is written once and sent often. */
function kept(onRecord: OnRecord): OnRecord {
  const record = onRecord.record();
  return { ...onRecord, record: () => record };
}

export function answersOver(
  world: World,
  registers: Registers,
  amendments: Amendments,
): Readonly<Record<ReadOperationName, Answer>> {
  /** The register as it is now. */
  const now =
    <N extends RegisterName>(name: N) =>
    (institution: WorldInstitution): ReturnType<Register<N>['of']> =>
      amendments.held(name, registers[name].of(institution));
  const stationAt = now('stations');
  const devicesAt = now('devices');
  const testsAt = now('tests');
  const reportsAt = now('reports');
  const penaltiesAt = now('penalties');

  let directory: readonly OnRecord[] | null = null;
  const allStations = (): readonly OnRecord[] => {
    directory ??= registers.stations.owners.flatMap((station) => registers.stations.of(station).map(kept));
    return amendments.held('stations', directory);
  };

  const stationsOf = (filters: ConditionFilters): WorldInstitution[] => {
    const numbers = (filters.get('TsNo') ?? '').split(',').filter((number) => number !== '');
    return [...new Set(numbers)].flatMap((number) => world.byEcologyNumber(number) ?? []);
  };

  return {
    downInspSynctime: () => [{ element: 'sync', row: { synctime: `${compactTime(new Date())}.000` } }],
    downStationInfo: (filters) =>
      written((filters.get('TsNo') ?? '') === '' ? allStations() : stationsOf(filters).flatMap(stationAt)),
    downInspStmDevice: (filters) => written(stationsOf(filters).flatMap(devicesAt)),
    downInspTestingResultInfo: (filters) => {
      const vin = filters.get('VIN') ?? '';
      const asked = filters.get('TestJudge') ?? '';
      const tests = stationsOf(filters)
        .flatMap(testsAt)
        .filter((test) => isBetween(test.startedAt, filters.get('starttime'), filters.get('endtime')))
        .filter((test) => vin === '' || test.vin === vin)
        .filter(({ passed }) => asked === '' || asked === (passed === null ? '9' : passed ? '1' : '0'))
        .sort(newestFirst)
        .slice(0, limitOf(filters));
      return written(tests);
    },
    downInspProcess: (filters) => {
      const id = filters.get('Id') ?? '';
      return amendments.of('tests').get(id)?.state === 'WITHDRAWN' ? [] : processRecords(world, id);
    },
    downInspReportInfo: (filters) => {
      const number = filters.get('InspectionReportNo') ?? '';
      const byNumber = (filters.get('TsNo') ?? '') === '' && number !== '';
      const issuers = byNumber ? world.institutionOfReport(number) : stationsOf(filters);
      const reports = issuers
        .filter(({ localNumbers }) => localNumbers.ecology !== null)
        .flatMap(reportsAt)
        .filter((report) => number === '' || report.number === number)
        .filter(({ issuedOn }) => isBetween(issuedOn, filters.get('startdate'), filters.get('enddate')))
        .sort(latestReportFirst)
        .slice(0, limitOf(filters));
      return written(reports);
    },
    downPunishInfo: (filters) => {
      const code = filters.get('tyshxydm') ?? '';
      const byNumber = stationsOf(filters);
      const byCode = world.byCreditCode(code);
      const named = byCode !== undefined && !byNumber.includes(byCode) ? written(penaltiesAt(byCode)) : [];
      return [
        ...written(byNumber.flatMap(penaltiesAt)),
        ...named.filter(({ row }) => textIn(row, 'tyshxydm') === code),
      ];
    },
  };
}
