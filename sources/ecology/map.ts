/** Stations, devices and penalties: the platform's words to the hub's. Pure; tests and reports are in map-tests.ts. */
import { normaliseCaseNumber } from '../../schema/codes/case-number.ts';
import { splitCmaNumbers } from '../../schema/codes/cma-number.ts';
import type { DirectoryEntry } from '../../schema/ports.ts';
import type { FacilityRecord, InstitutionRecord, PenaltyRecord, QualificationRecord } from '../../schema/records.ts';
import type { Draft } from '../kit/adapter.ts';
import { yuanTextToFen } from '../kit/money.ts';
import { readNativeEndDate } from '../kit/native-dates.ts';
import { field } from '../kit/read-rows.ts';
import { deviceKindOf, filingStatusOf, institutionStatusOf, kindsOf } from './codes.ts';
import { creditCodeOrNull, date, dateOrNull, instantOrNull, regionOrNull } from './values.ts';
import type { DeviceWire, LineWire, PenaltyWire, StationWire } from './wire.ts';

const endDateOrNull = (text: string | null) => (text === null ? null : readNativeEndDate(text));

/** What local numbers are matched with. */
export function toDirectoryEntry(wire: StationWire): DirectoryEntry {
  return {
    localId: wire.TsNo,
    name: wire.StationName,
    regionCode: field('AreaCode', () => regionOrNull(wire.AreaCode)),
    cmaNumbers: cmaNumbersOf(wire),
    creditCode: field('tyshxydm', () => creditCodeOrNull(wire.tyshxydm)),
  };
}

export function toInstitution(wire: StationWire): Draft<InstitutionRecord> {
  return {
    sourceRecordId: wire.TsNo,
    asOf: field('Optime', () => instantOrNull(wire.Optime)),
    creditCode: field('tyshxydm', () => creditCodeOrNull(wire.tyshxydm)),
    localId: wire.TsNo,
    name: wire.StationName,
    kinds: kindsOf(wire.StationType),
    status: institutionStatusOf(wire.Status),
    regionCode: field('AreaCode', () => regionOrNull(wire.AreaCode)),
    address: wire.Address,
    cmaNumbers: cmaNumbersOf(wire),
    cmaValidTo: field('CMAvaliddate', () => endDateOrNull(wire.CMAvaliddate)),
  };
}

/**
 * The filing of a station, whose number is the station number. The platform keeps no versions: the record says how the
 * filing stands since its last change, and nothing about the time before.
 */
export function toFiling(wire: StationWire): Draft<QualificationRecord> {
  const changedAt = field('Optime', () => instantOrNull(wire.Optime));
  return {
    sourceRecordId: wire.TsNo,
    asOf: changedAt,
    scheme: 'ECOLOGY_FILING',
    number: wire.TsNo,
    status: field('Status', () => filingStatusOf(wire.Status)),
    validFrom: field('filingdate', () => dateOrNull(wire.filingdate)),
    validTo: null,
    issuer: wire.filingorg,
    scope: [],
    signatories: [],
    emergencyChannel: false,
    effectiveFrom: null,
    effectiveTo: null,
    recordedAt: changedAt,
    supersededAt: null,
  };
}

/** Numbers that are no certificate numbers are left out: the column also holds remarks. */
function cmaNumbersOf({ CMANo }: StationWire): readonly string[] {
  return CMANo === null ? [] : splitCmaNumbers(CMANo).numbers;
}

export function toLine(wire: LineWire): Draft<FacilityRecord> {
  return {
    sourceRecordId: wire.Id,
    asOf: null,
    kind: 'LINE',
    name: wire.linename ?? wire.TestLineNo,
    calibrationValidTo: null,
  };
}

export function toDevice(wire: DeviceWire): Draft<FacilityRecord> {
  return {
    sourceRecordId: wire.Id,
    asOf: null,
    kind: deviceKindOf(wire.testdevicetype),
    name: [wire.name, wire.model].filter((part) => part !== null).join(' '),
    calibrationValidTo: field('validdate', () => endDateOrNull(wire.validdate)),
  };
}

/** Amounts come in yuan; an empty amount means that the decision has none. */
export function toPenalty(wire: PenaltyWire): Draft<PenaltyRecord> {
  return {
    sourceRecordId: wire.Id,
    asOf: null,
    documentNumber: normaliseCaseNumber(wire.PunishNo),
    authority: wire.PunishOrg,
    // The words of the law hold 、 themselves (没收违法所得、没收非法财物), so only semicolons separate.
    categories: (wire.PunishType ?? '').split(/[;\uff1b]/u).flatMap((kind) => kind.trim() || []),
    reason: wire.IllegalAct,
    facts: wire.IllegalFact,
    basis: wire.PunishBasis,
    fineFen: field('FineAmount', () => fenOrNull(wire.FineAmount)),
    confiscatedFen: field('ForfeitAmount', () => fenOrNull(wire.ForfeitAmount)),
    decidedOn: field('DecideDate', () => date(wire.DecideDate)),
    severity: null,
    publishedFrom: field('PublishDate', () => dateOrNull(wire.PublishDate)),
    publishedTo: field('PublishEndDate', () => endDateOrNull(wire.PublishEndDate)),
  };
}

function fenOrNull(text: string | null): number | null {
  return text === null ? null : yuanTextToFen(text);
}
