/** From the register's rows to drafts; pure, except that a code confirmed by the register is remembered as such. */
import { splitCmaNumbers } from '../../schema/codes/cma-number.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import type {
  CapabilityItem,
  CertificateRecord,
  InstitutionRecord,
  QualificationRecord,
  ReportRecord,
} from '../../schema/records.ts';
import { parseRegionCode } from '../../schema/region/region.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import type { Draft } from '../kit/adapter.ts';
import { readNativeDate, readNativeEndDate, readNativeInstant } from '../kit/native-dates.ts';
import { field } from '../kit/read-rows.ts';
import {
  certificateSchemeOf,
  certificateStatusOf,
  conclusionOf,
  institutionStatusOf,
  isSet,
  kindsOf,
  qualificationStatusOf,
  samplingKindOf,
  schemeOf,
} from './codes.ts';
import { readRegisteredCode } from './registered-code.ts';
import type { CertificateWire, InstitutionWire, QualificationWire, ReportWire } from './wire.ts';

const SM3_HEX = /^[0-9a-f]{64}$/;

/** Converts a field that may be missing. */
export function optionalField<T>(name: string, text: string | null, convert: (text: string) => T): T | null {
  return text === null ? null : field(name, () => convert(text));
}

/** Converts a field that must hold a date. */
export function requiredDate(name: string, text: string): CalendarDate {
  return field(name, () => {
    const date = readNativeDate(text);
    if (date === null) throw new RangeError('holds no date');
    return date;
  });
}

function codeField(name: string, text: string, flag: string | null): CreditCode {
  return field(name, () => readRegisteredCode(text, flag));
}

/** As of UPDATETIME. CMA numbers of the old style and unreadable ones are left out. */
export function toInstitution(wire: InstitutionWire): Draft<InstitutionRecord> {
  const cma = wire.CMA ?? { CERTNO: null, VALIDTO: null };
  return {
    creditCode: codeField('UNISCID', wire.UNISCID, wire.CODEFLAG),
    localId: null,
    name: wire.ENTNAME,
    kinds: kindsOf(wire.ORGKIND),
    status: institutionStatusOf(wire.OPSTATE),
    regionCode: optionalField('REGORG', wire.REGORG, parseRegionCode),
    address: wire.DOM,
    cmaNumbers: splitCmaNumbers(cma.CERTNO ?? '').numbers,
    cmaValidTo: optionalField('CMA.VALIDTO', cma.VALIDTO, readNativeEndDate),
    sourceRecordId: wire.UNISCID,
    asOf: optionalField('UPDATETIME', wire.UPDATETIME, readNativeInstant),
  };
}

function toCapability(
  { OBJECT, PARAM, STANDARD, LIMIT }: ReportWire['ITEMS'][number] | QualificationWire['SITES'][number]['ITEMS'][number],
  site: string | null,
): CapabilityItem {
  return { object: OBJECT, parameter: PARAM, standard: STANDARD, restriction: LIMIT, site };
}

/** One version of a qualification; the columns ...TIME are its two time axes (domain reference 2.5). */
export function toQualification(wire: QualificationWire): Draft<QualificationRecord> {
  const scheme = field('CERTTYPE', () => schemeOf(wire.CERTTYPE));
  return {
    scheme,
    number: wire.CERTNO,
    status: field('CERTSTATE', () => qualificationStatusOf(wire.CERTSTATE, wire.CERTSTATE_CN, scheme)),
    validFrom: optionalField('ISSUEDATE', wire.ISSUEDATE, readNativeDate),
    validTo: optionalField('VALIDTO', wire.VALIDTO, readNativeEndDate),
    issuer: wire.ISSUEORG_CN,
    scope: wire.SITES.flatMap(({ ADDR, ITEMS }) => ITEMS.map((item) => toCapability(item, ADDR))),
    signatories: wire.SIGNERS.map(({ NAME, FIELDS }) => ({ name: NAME, fields: FIELDS })),
    emergencyChannel: field('EMERGFLAG', () => isSet(wire.EMERGFLAG)),
    effectiveFrom: optionalField('VALIDFROMTIME', wire.VALIDFROMTIME, readNativeInstant),
    effectiveTo: optionalField('VALIDTOTIME', wire.VALIDTOTIME, readNativeInstant),
    recordedAt: optionalField('RECORDTIME', wire.RECORDTIME, readNativeInstant),
    supersededAt: optionalField('SUPERSEDETIME', wire.SUPERSEDETIME, readNativeInstant),
    sourceRecordId: wire.CERTID,
    asOf: optionalField('UPDATETIME', wire.UPDATETIME, readNativeInstant),
  };
}

/** The certificate query names no update time. */
export function toCertificate(wire: CertificateWire): Draft<CertificateRecord> {
  return {
    scheme: field('CERTKIND', () => certificateSchemeOf(wire.CERTKIND)),
    number: wire.CERTNUMBER,
    status: field('CERTSTATUS', () => certificateStatusOf(wire.CERTSTATUS)),
    holderName: wire.HOLDNAME,
    holderCode: optionalField('HOLDUNISCID', wire.HOLDUNISCID, (code) => readRegisteredCode(code, wire.HOLDCODEFLAG)),
    issuerCode: optionalField('ISSUNISCID', wire.ISSUNISCID, (code) => readRegisteredCode(code, wire.ISSCODEFLAG)),
    validFrom: optionalField('FZRQ', wire.FZRQ, readNativeDate),
    validTo: optionalField('DQRQ', wire.DQRQ, readNativeEndDate),
    sourceRecordId: wire.CERTID,
    asOf: null,
  };
}

/** As of DJSJ, the time of registration. */
export function toReport(wire: ReportWire): Draft<ReportRecord> {
  return {
    number: wire.JYJCBGBH,
    version: wire.BBH,
    issuedOn: requiredDate('QFRQ', wire.QFRQ),
    parameters: wire.ITEMS.map((item) => toCapability(item, item.ADDR)),
    signatory: wire.QZR,
    conclusion: field('JYJL', () => conclusionOf(wire.JYJL)),
    digest: optionalField('ZYZ', wire.ZYZ, (text) => {
      const digest = text.toLowerCase();
      if (!SM3_HEX.test(digest)) throw new RangeError('is not an SM3 digest of 64 hexadecimal characters');
      return digest;
    }),
    issuerCode: codeField('UNISCID', wire.UNISCID, wire.CODEFLAG),
    issuerLocalId: null,
    samplingKind: samplingKindOf(wire.JCJYLB),
    sourceRecordId: wire.REPID,
    asOf: optionalField('DJSJ', wire.DJSJ, readNativeInstant),
  };
}
