/** What each operation answers to one condition. */
import type { World, WorldInstitution } from '../../world/types.ts';
import type { OperationName } from '../operations.ts';
import { compactTime } from './format.ts';
import { textIn, type OutgoingRecord } from './rows.ts';
import { facilityRecords, penaltyRecords, stationRecord } from './station-rows.ts';
import { latestReportFirst, newestFirst, processRecords, reportRecords, testsOf } from './test-rows.ts';

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

export function answersOver(world: World): Readonly<Record<OperationName, Answer>> {
  let directory: readonly OutgoingRecord[] | null = null;
  const allStations = (): readonly OutgoingRecord[] =>
    (directory ??= world.institutions
      .filter(({ localNumbers }) => localNumbers.ecology !== null)
      .map((institution) => stationRecord(world, institution)));

  const stationsOf = (filters: ConditionFilters): WorldInstitution[] => {
    const numbers = (filters.get('TsNo') ?? '').split(',').filter((number) => number !== '');
    return [...new Set(numbers)].flatMap((number) => world.byEcologyNumber(number) ?? []);
  };

  return {
    downInspSynctime: () => [{ element: 'sync', row: { synctime: `${compactTime(new Date())}.000` } }],
    downStationInfo: (filters) =>
      (filters.get('TsNo') ?? '') === ''
        ? allStations()
        : stationsOf(filters).map((institution) => stationRecord(world, institution)),
    downInspStmDevice: (filters) => stationsOf(filters).flatMap((station) => facilityRecords(world, station)),
    downInspTestingResultInfo: (filters) => {
      const vin = filters.get('VIN') ?? '';
      const asked = filters.get('TestJudge') ?? '';
      return stationsOf(filters)
        .flatMap((station) => testsOf(world, station))
        .filter((test) => isBetween(test.startedAt, filters.get('starttime'), filters.get('endtime')))
        .filter((test) => vin === '' || test.vin === vin)
        .filter(({ passed }) => asked === '' || asked === (passed === null ? '9' : passed ? '1' : '0'))
        .sort(newestFirst)
        .slice(0, limitOf(filters))
        .map((test) => test.record());
    },
    downInspProcess: (filters) => processRecords(world, filters.get('Id') ?? ''),
    downInspReportInfo: (filters) => {
      const number = filters.get('InspectionReportNo') ?? '';
      const byNumber = (filters.get('TsNo') ?? '') === '' && number !== '';
      const issuers = byNumber ? world.institutionOfReport(number) : stationsOf(filters);
      return issuers
        .filter(({ localNumbers }) => localNumbers.ecology !== null)
        .flatMap((issuer) => reportRecords(world, issuer))
        .filter(({ row }) => number === '' || row['InspectionReportNo'] === number)
        .filter(({ row }) => {
          const issuedOn = textIn(row, 'ReportDate').slice(0, 10).replaceAll('-', '');
          return isBetween(issuedOn, filters.get('startdate'), filters.get('enddate'));
        })
        .sort(latestReportFirst)
        .slice(0, limitOf(filters));
    },
    downPunishInfo: (filters) => {
      const code = filters.get('tyshxydm') ?? '';
      const byNumber = stationsOf(filters);
      const byCode = world.byCreditCode(code);
      const named = byCode !== undefined && !byNumber.includes(byCode) ? penaltyRecords(world, byCode) : [];
      return [
        ...byNumber.flatMap((station) => penaltyRecords(world, station)),
        ...named.filter(({ row }) => row['tyshxydm'] === code),
      ];
    },
  };
}
