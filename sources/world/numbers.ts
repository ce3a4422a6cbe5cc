/**
 * Numbers of reports, records and certificates. Each holds the index of its institution, so that the owner of a number
 * is found without looking at all institutions. Reading a number gives a candidate only; whether it was ever issued the
 * candidate's own facts must say.
 */
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { compactDate } from './clock.ts';
import { digits } from './codes.ts';
import { hash32 } from './random.ts';

/** Letters of a report number by what was tested. */
export type ReportTopic = 'PF' | 'HJ' | 'SP' | 'YL' | 'TP' | 'JC';

const REPORT = /^\d{6}[A-Z]{2}\d{6}(\d{5})\d{4}$/;
const ROAD_REPORT = /^ZJ\d{8}(\d{5})\d{3}$/;
const MANAGEMENT_SYSTEM = /^\d{5}[QES](\d{5})\d{2}R\d[SML]$/;
const CCC = /^\d{10}(\d{6})$/;
const APPROVAL = /^CNCA-R-(\d{4})-(\d{3})$/;
const CMA = /^\d{2}24\d{2}(\d{2})(\d{4})$/;
const RECORD_ID = /^([0-9a-f]{8})([0-9a-f]{8})[0-9a-f]{16}$/;

/** Sequences below this fit into a record id beside the index. */
const SEQUENCES = 4096;
/** Certificates of one body; also the largest number of certificates the six digits of a CCC serial leave room for. */
export const CERTIFICATES_PER_BODY = 40;

/** 检验检测报告编号: county of the body, topic, day, index, sequence. */
export function reportNumber(region: string, topic: ReportTopic, date: CalendarDate, index: number, sequence: number) {
  return `${region}${topic}${compactDate(date).slice(2)}${digits(index, 5)}${digits(sequence, 4)}`;
}

/** BGBH of a road vehicle test. */
export function roadReportNumber(date: CalendarDate, index: number, sequence: number): string {
  return `ZJ${compactDate(date)}${digits(index, 5)}${digits(sequence, 3)}`;
}

/** The index a report number points to, null for a foreign form. */
export function indexOfReport(number: string): number | null {
  const [, index] = REPORT.exec(number) ?? ROAD_REPORT.exec(number) ?? [];
  return index === undefined ? null : Number(index);
}

/** A record id of 32 hexadecimal characters. @param salt the first eight of them. */
export function recordId(index: number, sequence: number, salt: number): string {
  const packed = ((index * SEQUENCES + sequence) ^ salt) >>> 0;
  return [salt >>> 0, packed, hash32(salt, index, 'record'), hash32(salt, sequence, 'record')].map(hex8).join('');
}

/** What a record id points to, null for a foreign form. */
export function readRecordId(id: string): { index: number; sequence: number } | null {
  const [, salt, packed] = RECORD_ID.exec(id) ?? [];
  if (salt === undefined || packed === undefined) return null;
  const value = (parseInt(packed, 16) ^ parseInt(salt, 16)) >>> 0;
  return { index: Math.floor(value / SEQUENCES), sequence: value % SEQUENCES };
}

/**
 * Certificate of a management system: body 3, year 2, Q/E/S, index 5 and serial 2, recertifications, size.
 * @param ordinal of the certificate within its body.
 */
export function managementSystemNumber(
  index: number,
  ordinal: number,
  details: { year: number; letter: 'Q' | 'E' | 'S'; recertifications: number; size: 'S' | 'M' | 'L' },
): string {
  const { year, letter, recertifications, size } = details;
  const body = digits(100 + (index % 900), 3);
  return `${body}${digits(year % 100, 2)}${letter}${digits(index, 5)}${digits(ordinal, 2)}R${recertifications}${size}`;
}

/** CCC certificate, 16 digits: year 4, designated body 2 (90 to 99 are not given out), product class 4, serial 6. */
export function cccNumber(index: number, ordinal: number, year: number, productClass: string): string {
  return `${year}${digits(90 + (index % 10), 2)}${productClass}${digits(index * CERTIFICATES_PER_BODY + ordinal, 6)}`;
}

const APPROVALS_PER_YEAR = 900;
const FIRST_APPROVAL_YEAR = 2003;

/** Approval of a certification body (批准书). The number keeps the year of the first approval. */
export function approvalNumber(index: number): string {
  return `CNCA-R-${approvalYear(index)}-${digits(100 + (index % APPROVALS_PER_YEAR), 3)}`;
}

export function approvalYear(index: number): number {
  return FIRST_APPROVAL_YEAR + Math.floor(index / APPROVALS_PER_YEAR);
}

/** Sectors that a CMA number may name; which one tells the thousands of the index. */
const CMA_SECTORS = ['34', '11', '20'];
const CMA_SERIALS = 9000;
/** Lower serials belong to the subjects of the domain reference. */
const FIRST_CMA_SERIAL = 1000;

/** CMA certificate: year 2, Guizhou 24, field 2, sector 2, serial 4. */
export function cmaNumber(index: number, issuedOn: CalendarDate, field: string): string {
  const sector = CMA_SECTORS[Math.floor(index / CMA_SERIALS)] ?? '34';
  return `${issuedOn.slice(2, 4)}24${field}${sector}${digits(FIRST_CMA_SERIAL + (index % CMA_SERIALS), 4)}`;
}

/** The index a certificate number of any scheme points to, null for a foreign form. */
export function indexOfCertificate(number: string): number | null {
  const [, holder] = MANAGEMENT_SYSTEM.exec(number) ?? [];
  if (holder !== undefined) return Number(holder);
  const [, serial] = CCC.exec(number) ?? [];
  if (serial !== undefined) return Math.floor(Number(serial) / CERTIFICATES_PER_BODY);
  const [, year, approval] = APPROVAL.exec(number) ?? [];
  if (approval !== undefined) {
    return (Number(year) - FIRST_APPROVAL_YEAR) * APPROVALS_PER_YEAR + Number(approval) - 100;
  }
  const [, sector = '', cmaSerial] = CMA.exec(number) ?? [];
  if (cmaSerial !== undefined) return CMA_SECTORS.indexOf(sector) * CMA_SERIALS + Number(cmaSerial) - FIRST_CMA_SERIAL;
  return null;
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}
