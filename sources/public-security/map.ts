/** From the police's rows to drafts: every date, code and unit is converted here and nowhere else. */
import { splitCmaNumbers } from '../../schema/codes/cma-number.ts';
import { withProvince } from '../../schema/codes/plate.ts';
import type { DirectoryEntry } from '../../schema/ports.ts';
import type {
  FacilityRecord,
  InstitutionRecord,
  InspectionReport,
  QualificationRecord,
  VehicleRecord,
  VehicleSafetyInspectionRecord,
} from '../../schema/records.ts';
import { calendarDateOf, type CalendarDate } from '../../schema/time/calendar-date.ts';
import type { Draft } from '../kit/adapter.ts';
import { readNativeDate, readNativeEndDate, readNativeInstant } from '../kit/native-dates.ts';
import { field, MalformedField } from '../kit/read-rows.ts';
import {
  closingCharacterOf,
  EQUIPMENT_KINDS,
  filingStatusOf,
  FIRST_APPLICATION,
  scopeOf,
  stationStatusOf,
  verdictOf,
} from './codes.ts';
import type {
  EquipmentBlock,
  EquipmentWire,
  InspectionKeyWire,
  InspectionWire,
  LineKeyWire,
  LineWire,
  StationWire,
} from './wire.ts';

/** Length of a plate, province included, that lacks the closing character of its category. */
const LENGTH_WITHOUT_CLOSING = 6;

/** The station as an institution. The police do not hold the credit code; the CMA number is the bridge. */
export function toInstitution(row: StationWire): Draft<InstitutionRecord> {
  return {
    sourceRecordId: row.jczbh,
    asOf: updatedAt(row.gxrq),
    creditCode: null,
    localId: row.jczbh,
    name: row.jczmc,
    kinds: ['VEHICLE_INSPECTION_BODY'],
    status: stationStatusOf(row.zt),
    regionCode: regionOf(row.glbm),
    address: row.dwdz || null,
    cmaNumbers: splitCmaNumbers(row.rdsbh).numbers,
    cmaValidTo: field('rdyxqz', () => readNativeEndDate(row.rdyxqz)),
  };
}

/**
 * The filing as a qualification; its number is the station's own. Null for a first application.
 * @param today the day in China: a filing in state "normal" whose period has ended is EXPIRED, because stations that
 *   do not renew stay "normal" until somebody changes the row
 */
export function toFiling(row: StationWire, today: CalendarDate): Draft<QualificationRecord> | null {
  if (row.zt === FIRST_APPLICATION) return null;
  const status = field('zt', () => filingStatusOf(row.zt));
  const validTo = field('rdyxqz', () => readNativeEndDate(row.rdyxqz));
  const recordedAt = updatedAt(row.gxrq);
  return {
    sourceRecordId: row.jczbh,
    asOf: recordedAt,
    scheme: 'POLICE_FILING',
    number: row.jczbh,
    status: status === 'VALID' && validTo !== null && validTo < today ? 'EXPIRED' : status,
    validFrom: field('rdyxqs', () => readNativeDate(row.rdyxqs)),
    validTo,
    issuer: row.fzjg || null,
    scope: codesIn(row.xkjyfw).map(scopeOf),
    signatories: [],
    emergencyChannel: false,
    effectiveFrom: null,
    effectiveTo: null,
    recordedAt,
    supersededAt: null,
  };
}

/** The station for the directory. Its text is copied: a directory lives for hours, and a slice keeps a whole reply. */
export function toDirectoryEntry(row: StationWire): DirectoryEntry {
  return {
    localId: row.jczbh,
    name: Buffer.from(row.jczmc).toString(),
    regionCode: regionOf(row.glbm),
    cmaNumbers: splitCmaNumbers(row.rdsbh).numbers,
    creditCode: null,
  };
}

export function toLine(row: LineWire): Draft<FacilityRecord> {
  return {
    sourceRecordId: lineIdOf(row),
    asOf: updatedAt(row.gxrq),
    kind: 'LINE',
    name: row.jcxmc || row.jcxxh,
    calibrationValidTo: null,
  };
}

/**
 * One equipment block of a line; null where the line has no such equipment. Its id holds the line and the block, so
 * that equipment numbers need to be unique nowhere.
 */
export function toEquipment(
  row: LineKeyWire,
  block: EquipmentBlock,
  equipment: EquipmentWire,
): Draft<FacilityRecord> | null {
  const { mc, xh, bh, jdyxqz } = equipment;
  if (mc === '' && xh === '' && bh === '' && jdyxqz === '') return null;
  return {
    sourceRecordId: equipmentIdOf(row, block, bh),
    asOf: updatedAt(row.gxrq),
    kind: EQUIPMENT_KINDS[block],
    name: [mc, xh].filter((part) => part !== '').join(' ') || EQUIPMENT_KINDS[block],
    calibrationValidTo: field(`${block}jdyxqz`, () => readNativeEndDate(jdyxqz)),
  };
}

export function lineIdOf({ jczbh, jcxxh }: LineKeyWire): string {
  return `${jczbh}-${jcxxh}`;
}

export function equipmentIdOf(line: LineKeyWire, block: EquipmentBlock, bh: string): string {
  return [lineIdOf(line), block, bh].filter((part) => part !== '').join('-');
}

/**
 * One pass of a safety inspection.
 * @param province the character that the police leave off plates
 */
export function toInspection(row: InspectionWire, province: string): Draft<VehicleSafetyInspectionRecord> {
  const startedAt = field('kssj', () => readNativeInstant(row.kssj));
  if (startedAt === null) throw new MalformedField('kssj', 'is empty');
  const endedAt = field('jssj', () => readNativeInstant(row.jssj));
  return {
    sourceRecordId: inspectionIdOf(row),
    // The row names no update time.
    asOf: null,
    kind: 'VehicleSafetyInspection',
    startedAt,
    endedAt,
    result: verdictOf(row.jyjgpd),
    rawResult: row.jyjgpd || null,
    vehicle: vehicleOf(row, province),
    report: reportOf(row, endedAt),
    lineNumber: row.jcxdh || null,
    pass: field('jycs', () => passOf(row.jycs)),
    category: row.jylb || null,
  };
}

/**
 * The serial number, made unique where it is not: many stations count from 1 (it then lacks the station's number in
 * front), and a vehicle that comes back keeps its serial number with the next pass.
 */
export function inspectionIdOf({ jyjgbh, jylsh, jycs }: InspectionKeyWire): string {
  const pass = field('jycs', () => passOf(jycs));
  const serial = jylsh.startsWith(jyjgbh) ? jylsh : `${jyjgbh}-${jylsh}`;
  return pass === null || pass === 1 ? serial : `${serial}-${pass}`;
}

/** The pair of station and serial identifies the paper report, whose own number is not in the interface. */
function reportOf(row: InspectionWire, endedAt: Date | null): InspectionReport | null {
  if (endedAt === null) return null;
  return {
    number: row.jylsh,
    issuedOn: calendarDateOf(endedAt),
    parameters: [],
    signatory: null,
    conclusion: verdictOf(row.jyjgpd),
    digest: null,
  };
}

function vehicleOf(row: InspectionWire, province: string): VehicleRecord | null {
  if (row.clsbdh === '' && row.hphm === '') return null;
  return {
    vin: row.clsbdh.toUpperCase() || null,
    plate: plateOf(row, province),
    plateCategory: row.hpzl || null,
    fuel: null,
  };
}

function plateOf({ hphm, hpzl }: InspectionWire, province: string): string | null {
  const plate = withProvince(hphm, province);
  if (plate === '') return null;
  return plate.length === LENGTH_WITHOUT_CLOSING ? plate + closingCharacterOf(hpzl) : plate;
}

function passOf(jycs: string): number | null {
  if (jycs === '') return null;
  if (!/^[1-9]\d?$/.test(jycs)) throw new RangeError('is not a count of passes');
  return Number(jycs);
}

function updatedAt(gxrq: string): Date | null {
  return field('gxrq', () => readNativeInstant(gxrq));
}

/** The managing office's code (GA 380, 12 digits) begins with its division. */
function regionOf(glbm: string): string | null {
  return /^[1-9]\d{11}$/.test(glbm) ? glbm.slice(0, 6) : null;
}

function codesIn(list: string): string[] {
  return list.split(/[,，、;；\s]+/u).filter((code) => code !== '');
}
