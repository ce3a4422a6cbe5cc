/** Rows of QZ_CLJC and what hangs on them: tests, their items, and the permits of the vehicles. */
import { colourForPlateCategory, type PlateColour } from '../../../schema/codes/plate.ts';
import type { WorldInstitution, WorldVisit } from '../../world/types.ts';
import { control, padded, plusMinutes, wallTime, type Cells } from './format.ts';
import { identityOf, nameOf } from './station-rows.ts';

/** CPYS (JT/T 697.7). */
const COLOUR_CODE: Readonly<Record<PlateColour, string>> = {
  BLUE: '1',
  YELLOW: '2',
  YELLOW_GREEN: '5',
  GRADIENT_GREEN: '5',
};
const OTHER_COLOUR = '9';
/** Minutes from a test until its row is written. */
const WRITTEN_AFTER = 38;

type RoadVisit = WorldVisit & { readonly road: NonNullable<WorldVisit['road']> };

export function roadVisits(visits: readonly WorldVisit[]): RoadVisit[] {
  return visits.filter((visit): visit is RoadVisit => visit.road !== null);
}

/** The instant of a test by the clock of the department's system at the station. */
export function testedAtStation({ road, clockOffsetSeconds }: RoadVisit): Date {
  return plusMinutes(road.testedAt, clockOffsetSeconds.transport / 60);
}

/** Conclusion and grade as three generations of station software write them. */
function verdictOf({ passed, grade }: RoadVisit['road'], style: number): Cells {
  const gradeWord = grade === 1 ? '一级' : '二级';
  if (style % 3 === 0) return { JCJL: passed ? '1' : '2', JSDJ: grade === null ? null : String(grade) };
  if (style % 3 === 1) return { JCJL: passed ? '合格' : '不合格', JSDJ: passed ? gradeWord : '——' };
  return { JCJL: passed ? gradeWord : '不合格', JSDJ: '' };
}

/**
 * The rows of one test: the one that counts, for some the one it replaced, and for some another test that was entered
 * by mistake and withdrawn the day after.
 * @param zeroDate writes `0000-00-00` where a date is missing, as MySQL clients do
 */
export function testRows(institution: WorldInstitution, visit: RoadVisit, zeroDate: boolean): Cells[] {
  const { index } = institution;
  const { road, vehicle, sequence } = visit;
  const colour = colourForPlateCategory(vehicle.plateCategory);
  const testedAt = testedAtStation(visit);
  const writtenAt = plusMinutes(testedAt, WRITTEN_AFTER);
  const row: Cells = {
    ID: road.id,
    ...identityOf(institution),
    JCJGMC: padded(nameOf(institution), index),
    JCLSH: road.serial,
    BGBH: road.reportNumber,
    CPHM: padded(vehicle.plate, sequence),
    CPYS: colour === null ? OTHER_COLOUR : COLOUR_CODE[colour],
    VINHM: vehicle.vin,
    DLYSZH: vehicle.transportPermit,
    YHMC: vehicle.operatorName,
    JCLB: '02',
    JCXB: String.fromCharCode(64 + Number(visit.lineNumber)),
    JCRQ: wallTime(testedAt),
    ZJCS: visit.pass,
    LC: vehicle.odometerKm.toFixed(1),
    ...verdictOf(road, index),
    YXQZ: road.validTo ?? (zeroDate ? '0000-00-00' : null),
    QZR: padded(road.signatory, sequence + 1),
    XZQHDM: institution.region,
  };
  const rows: Cells[] = [];
  if (sequence % 7 === 3) {
    // Corrected later: the odometer had been read wrongly.
    rows.push(
      { ...row, LC: '1.0', ...control('I', plusMinutes(writtenAt, -20)) },
      { ...row, ...control('U', writtenAt) },
    );
  } else if (sequence % 13 === 5) {
    // Changed without a new time; only the batch tells which row is the later one.
    rows.push({ ...row, LC: '2.0', ...control('I', writtenAt, 3) }, { ...row, ...control('U', writtenAt, 4) });
  } else {
    rows.push({ ...row, ...control('I', writtenAt) });
  }
  if (sequence % 11 === 7) {
    const mistaken = `${road.id}X`;
    const later = plusMinutes(testedAt, 25);
    rows.push(
      { ...row, ID: mistaken, JCRQ: wallTime(later), ...control('I', plusMinutes(later, WRITTEN_AFTER)) },
      { ID: mistaken, JCJGBH: institution.localNumbers.transport, ...control('D', plusMinutes(later, 24 * 60)) },
    );
  }
  return rows;
}

/** Items are on record for the newest test of a station only. */
export function itemRows(visit: RoadVisit): Cells[] {
  const { road } = visit;
  const items = [
    {
      XMBH: 'zczdl',
      XMMC: '整车制动率',
      SCZ: road.passed ? '68.2' : '51.0',
      BZXZ: '≥60',
      XMPD: road.passed ? '○' : '×',
    },
    { XMBH: 'lbsyj', XMMC: '喇叭声压级', SCZ: '98', BZXZ: '90～115', XMPD: '○' },
    { XMBH: 'dlx', XMMC: '动力性', SCZ: '', BZXZ: '——', XMPD: '—' },
  ];
  const written = control('I', plusMinutes(testedAtStation(visit), WRITTEN_AFTER));
  return items.map((item, place) => ({ ID: `${road.id}-${place + 1}`, JCID: road.id, ...item, ...written }));
}

/** The permit of a vehicle as of a test; dates of the yearly review come blank-padded. */
export function permitRow({ vehicle, road }: RoadVisit): Cells {
  const month = wallTime(road.testedAt).slice(0, 7).replace('-', '');
  const colour = colourForPlateCategory(vehicle.plateCategory);
  return {
    ID: `Z${vehicle.transportPermit ?? ''}`,
    DLYSZH: vehicle.transportPermit,
    CPHM: vehicle.plate,
    CPYS: colour === null ? OTHER_COLOUR : COLOUR_CODE[colour],
    VINHM: vehicle.vin,
    YHMC: vehicle.operatorName,
    JSDJ: road.grade === null ? null : String(road.grade),
    BCNS: month,
    XCNS: `${Number(month.slice(0, 4)) + 1}${month.slice(4)}`,
    YYZT: '10',
    ...control('I', plusMinutes(road.testedAt, WRITTEN_AFTER)),
  };
}
