/** The provincial queries for changes: 18Q91 stations, 18Q92 lines and equipment, 18Q93 verdicts. */
import { ChangeIndex } from './change-index.ts';
import type { Condition, Row } from './documents.ts';
import type { Register, Station } from './register.ts';

export interface Changes {
  readonly queries: Readonly<Record<'18Q91' | '18Q92' | '18Q93', (conditions: readonly Condition[]) => Row[]>>;
  /** Says that records of a station have changed. */
  amended(station: Station): void;
}

/** Rows of one page without its own limit, or with a larger one. */
const MOST_CHANGES = 1000;

export function createChanges(register: Register): Changes {
  const stations = (): readonly Station[] => register.stations(null);
  const stationIndex = new ChangeIndex({
    stations,
    timesOf: (station) => [register.stationPlace(station).updatedAt],
    rowsOf: (station) => [register.station(station)],
  });
  const facilityIndex = new ChangeIndex({
    stations,
    timesOf: (station) => register.timesOfFacilities(station),
    rowsOf: (station) => register.facilities(station),
  });
  const verdictIndex = new ChangeIndex({
    stations,
    timesOf: (station) => register.timesOfVerdicts(station),
    rowsOf: (station) => register.verdicts(station),
  });
  return {
    queries: {
      '18Q91': (conditions) => conditions.flatMap((condition) => pageOf(stationIndex, condition)),
      '18Q92': (conditions) => conditions.flatMap((condition) => pageOf(facilityIndex, condition)),
      '18Q93': (conditions) => conditions.flatMap((condition) => pageOf(verdictIndex, condition)),
    },
    amended(station) {
      for (const index of [stationIndex, facilityIndex, verdictIndex]) index.amended(station);
    },
  };
}

function pageOf(index: ChangeIndex, { gxsjq = '', qsgxsj, qsjlbh = '', zdhs = '' }: Condition): Row[] {
  const after = qsgxsj === undefined ? null : { updatedAt: qsgxsj, recordId: qsjlbh };
  const limit = Math.min(Number(zdhs) || MOST_CHANGES, MOST_CHANGES);
  // One more than asked for tells whether anything follows.
  const held = index.page(gxsjq, after, limit + 1);
  return held
    .slice(0, limit)
    .map(({ recordId, updatedAt, standing, row }, position) => [
      ['gxsj', updatedAt],
      ['jlbh', recordId],
      ['scbz', standing === 'HELD' ? '0' : '1'],
      ['hxbz', position + 1 < held.length ? '1' : '0'],
      ...row,
    ]);
}
