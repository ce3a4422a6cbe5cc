/** From the department's rows to drafts: every date, code and unit is converted here and nowhere else. */
import { normaliseCaseNumber } from '../../schema/codes/case-number.ts';
import { splitCmaNumbers } from '../../schema/codes/cma-number.ts';
import { normaliseCode, parseCreditCode, type CreditCode } from '../../schema/codes/credit-code.ts';
import type {
  InspectionReport,
  InstitutionRecord,
  PenaltyRecord,
  QualificationRecord,
  ReportRecord,
  RoadVehicleTestRecord,
  VehicleRecord,
} from '../../schema/records.ts';
import { calendarDateOf, type CalendarDate } from '../../schema/time/calendar-date.ts';
import type { Draft } from '../kit/adapter.ts';
import { wanYuanTextToFen } from '../kit/money.ts';
import { readNativeDate, readNativeEndDate, readNativeInstant } from '../kit/native-dates.ts';
import { field, MalformedField } from '../kit/read-rows.ts';
import { filingStatusOf, gradeInConclusion, gradeOf, institutionStatusOf, isNaturalPerson, resultOf } from './codes.ts';
import type { PenaltyWire, StationWire, TestWire } from './wire.ts';

/** The station as an institution. Its credit code is null where the department's rows lack it. */
export function toInstitution(row: StationWire, asked: CreditCode | null): Draft<InstitutionRecord> {
  return {
    sourceRecordId: row.ID,
    asOf: updatedAt(row),
    creditCode: field('TYSHXYDM', () => codeOf(row.TYSHXYDM, asked)),
    localId: row.JCJGBH || null,
    name: row.JCJGMC,
    kinds: ['VEHICLE_INSPECTION_BODY'],
    status: field('BAZT', () => institutionStatusOf(row.BAZT)),
    regionCode: field('XZQHDM', () => regionOf(row.XZQHDM)),
    address: row.DZ || null,
    cmaNumbers: splitCmaNumbers(row.ZZRDZSBH).numbers,
    cmaValidTo: field('ZZRDYXQZ', () => readNativeEndDate(row.ZZRDYXQZ)),
  };
}

/**
 * The filing with the department as a qualification.
 * @param today the day in China: a filing in state "normal" whose period has ended is EXPIRED, because nobody changes
 *   the row on that day
 */
export function toFiling(row: StationWire, today: CalendarDate): Draft<QualificationRecord> {
  const number = row.BABH || row.JCJGBH;
  if (number === '') throw new MalformedField('BABH', 'is empty');
  const status = field('BAZT', () => filingStatusOf(row.BAZT));
  const validTo = field('BAYXQZ', () => readNativeEndDate(row.BAYXQZ));
  const recordedAt = updatedAt(row);
  return {
    sourceRecordId: row.ID,
    asOf: recordedAt,
    scheme: 'TRANSPORT_FILING',
    number,
    status: status === 'VALID' && validTo !== null && validTo < today ? 'EXPIRED' : status,
    validFrom: field('BARQ', () => readNativeDate(row.BARQ)),
    validTo,
    issuer: row.BAJG || null,
    scope: [],
    signatories: [],
    emergencyChannel: false,
    effectiveFrom: null,
    effectiveTo: null,
    recordedAt,
    supersededAt: null,
  };
}

/** One pass of a comprehensive performance test. The department notes its beginning only. */
export function toRoadTest(row: TestWire): Draft<RoadVehicleTestRecord> {
  const result = field('JCJL', () => resultOf(row.JCJL));
  const grade = field('JSDJ', () => gradeOf(row.JSDJ)) ?? gradeInConclusion(row.JCJL);
  return {
    sourceRecordId: row.ID,
    asOf: updatedAt(row),
    kind: 'RoadVehicleTest',
    startedAt: testedAt(row),
    endedAt: null,
    result,
    rawResult: row.JCJL || null,
    vehicle: vehicleOf(row),
    report: row.BGBH === '' ? null : reportOf(row),
    lineNumber: row.JCXB || null,
    pass: field('ZJCS', () => passOf(row.ZJCS)),
    technicalGrade: result === 'PASS' ? grade : null,
    gradeValidTo: field('YXQZ', () => readNativeEndDate(row.YXQZ)),
    transportPermit: row.DLYSZH || null,
    odometerKm: field('LC', () => kilometresOf(row.LC)),
  };
}

/** The report of a test; null for a test without one. */
export function toReport(row: TestWire, asked: CreditCode | null): Draft<ReportRecord> | null {
  if (row.BGBH === '') return null;
  return {
    sourceRecordId: row.ID,
    asOf: updatedAt(row),
    ...reportOf(row),
    issuerCode: field('TYSHXYDM', () => codeOf(row.TYSHXYDM, asked)),
    issuerLocalId: row.JCJGBH || null,
    version: 1,
    samplingKind: null,
  };
}

/** Null for a penalty against a person. Amounts come in 万元. */
export function toPenalty(row: PenaltyWire): Draft<PenaltyRecord> | null {
  if (isNaturalPerson(row.CF_XDR_LB)) return null;
  const decidedOn = field('CF_JDRQ', () => readNativeDate(row.CF_JDRQ));
  if (decidedOn === null) throw new MalformedField('CF_JDRQ', 'holds no date');
  return {
    sourceRecordId: row.ID,
    asOf: updatedAt(row),
    documentNumber: normaliseCaseNumber(row.CF_WSH),
    authority: row.CF_CFJG,
    categories: row.CF_CFLB.split(/[;；]/u)
      .map((category) => category.trim())
      .filter((category) => category !== ''),
    reason: row.CF_WFXW || row.CF_SY,
    facts: row.CF_SY || null,
    basis: row.CF_YJ || null,
    fineFen: amountOf('CF_NR_FK', row.CF_NR_FK),
    confiscatedFen: amountOf('CF_NR_WFFF', row.CF_NR_WFFF),
    decidedOn,
    severity: null,
    publishedFrom: field('CF_GSRQ', () => readNativeDate(row.CF_GSRQ)),
    publishedTo: field('CF_GSJZQ', () => readNativeEndDate(row.CF_GSJZQ)),
  };
}

/** The report is printed on the day of the test; its items are in another table and not read. */
function reportOf(row: TestWire): InspectionReport {
  return {
    number: row.BGBH,
    issuedOn: calendarDateOf(testedAt(row)),
    parameters: [],
    signatory: row.QZR || null,
    conclusion: field('JCJL', () => resultOf(row.JCJL)),
    digest: null,
  };
}

function vehicleOf(row: TestWire): VehicleRecord | null {
  if (row.VINHM === '' && row.CPHM === '') return null;
  return { vin: row.VINHM.toUpperCase() || null, plate: row.CPHM || null, plateCategory: null, fuel: null };
}

/** The wall clock of the department's system at the station; some are minutes wrong. */
function testedAt(row: TestWire): Date {
  const instant = field('JCRQ', () => readNativeInstant(row.JCRQ));
  if (instant === null) throw new MalformedField('JCRQ', 'holds no date');
  return instant;
}

export function updatedAt(row: { readonly GXSJ: string }): Date | null {
  return field('GXSJ', () => readNativeInstant(row.GXSJ));
}

/** @param asked a code that the hub already trusts, so that a row which repeats it needs no other proof */
function codeOf(text: string, asked: CreditCode | null): CreditCode | null {
  if (text === '') return null;
  return asked !== null && normaliseCode(text) === asked ? asked : parseCreditCode(text);
}

function regionOf(xzqhdm: string): string | null {
  if (xzqhdm === '') return null;
  if (!/^[1-9]\d{5}$/.test(xzqhdm)) throw new RangeError('is no division code of six digits');
  return xzqhdm;
}

function passOf(zjcs: string): number | null {
  if (zjcs === '') return null;
  if (!/^[1-9]\d?$/.test(zjcs)) throw new RangeError('is not a count of passes');
  return Number(zjcs);
}

function kilometresOf(lc: string): number | null {
  if (lc === '') return null;
  if (!/^\d+(\.\d+)?$/.test(lc)) throw new RangeError('is not a number of kilometres');
  return Number(lc);
}

function amountOf(name: string, text: string): number | null {
  return text === '' ? null : field(name, () => wanYuanTextToFen(text));
}
