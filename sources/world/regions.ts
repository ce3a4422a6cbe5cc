import { parseRegionCode, regionOf } from '../../schema/region/region.ts';
import { at } from './random.ts';

/** A prefecture-level unit of Guizhou as the generator needs it. */
export interface Prefecture {
  /** First four digits of its GB/T 2260 code. */
  readonly prefix: string;
  /** How it is called in a company's name. */
  readonly shortName: string;
  /** Second character of number plates (GA 36). */
  readonly plateLetter: string;
  /** Usual air pressure at its altitude. */
  readonly pressureKilopascal: number;
  readonly longitude: number;
  readonly latitude: number;
  /** The county-level units: last two digits; the first `busy` of them hold more institutions than the others. */
  readonly counties: readonly string[];
  readonly busy: number;
}

/** The nine prefecture-level and 88 county-level units (GB/T 2260). */
export const PREFECTURES: readonly Prefecture[] = [
  prefecture('5201', '贵阳', 'A', 88.6, [106.63, 26.65], 6, '02 03 11 12 13 15 21 22 23 81'),
  prefecture('5202', '六盘水', 'B', 82.1, [104.83, 26.59], 1, '01 03 04 81'),
  prefecture('5203', '遵义', 'C', 91.7, [106.93, 27.73], 3, '02 03 04 22 23 24 25 26 27 28 29 30 81 82'),
  prefecture('5204', '安顺', 'G', 86.0, [105.95, 26.25], 2, '02 03 22 23 24 25'),
  prefecture('5205', '毕节', 'F', 84.6, [105.29, 27.3], 1, '02 21 23 24 25 26 27 81'),
  prefecture('5206', '铜仁', 'D', 97.8, [109.19, 27.72], 2, '02 03 21 22 23 24 25 26 27 28'),
  prefecture('5223', '黔西南', 'E', 87.4, [104.9, 25.09], 2, '01 02 23 24 25 26 27 28'),
  prefecture('5226', '黔东南', 'H', 93.9, [107.98, 26.58], 1, '01 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36'),
  prefecture('5227', '黔南', 'J', 92.0, [107.52, 26.26], 2, '01 02 22 23 25 26 27 28 29 30 31 32'),
];

/** How often a busy county appears in one round of places, compared with once for the others. */
const BUSY_SHARE = 3;

/** Codes that some departments still use for these divisions (domain reference 1.6). */
export const RETIRED_COUNTY_CODES: Readonly<Record<string, string>> = {
  '520204': '520221',
  '520581': '520522',
  '520111': '520114',
  '522302': '522322',
  '520281': '520222',
};
/** The same for whole prefectures: the county is lost with it. */
export const RETIRED_PREFECTURE_CODES: Readonly<Record<string, string>> = { '5206': '522200', '5205': '522400' };

interface Place {
  readonly region: string;
  /** Number of places that the same county has in one round, and which of them this is. */
  readonly share: number;
  readonly turn: number;
}

const PLACES: readonly Place[] = PREFECTURES.flatMap(({ prefix, counties, busy }) =>
  counties.flatMap((county, index) => {
    const share = index < busy ? BUSY_SHARE : 1;
    return Array.from({ length: share }, (_, turn) => ({ region: prefix + county, share, turn }));
  }),
);

/** Coprime to the number of places, so that each round visits every place once. */
const STRIDE = 37;
/** Lower numbers belong to the subjects of the domain reference. */
const FIRST_STATION_NUMBER = 100;

/**
 * Where the n-th generated institution is registered, and its number among the stations of that county.
 * @returns GB/T 2260 county code and a number that no other generated institution of the county has.
 */
export function placeOf(seed: number, ordinal: number): { region: string; stationNumber: number } {
  const round = Math.floor(ordinal / PLACES.length);
  const slot = ((ordinal % PLACES.length) * STRIDE + (Math.abs(seed) % PLACES.length) + round * 5) % PLACES.length;
  const { region, share, turn } = at(PLACES, slot);
  return { region, stationNumber: FIRST_STATION_NUMBER + round * share + turn };
}

/** The prefecture of a county code; the provincial capital for the province itself. */
export function prefectureOf(region: string): Prefecture {
  return PREFECTURES.find(({ prefix }) => region.startsWith(prefix)) ?? at(PREFECTURES, 0);
}

/** The names of a division from the province down, written together, e.g. "贵州省贵阳市观山湖区". */
export function fullName(region: string): string {
  return regionOf(parseRegionCode(region)).path.join('');
}

function prefecture(
  prefix: string,
  shortName: string,
  plateLetter: string,
  pressureKilopascal: number,
  [longitude, latitude]: readonly [number, number],
  busy: number,
  counties: string,
): Prefecture {
  return {
    prefix,
    shortName,
    plateLetter,
    pressureKilopascal,
    longitude,
    latitude,
    busy,
    counties: counties.split(' '),
  };
}
