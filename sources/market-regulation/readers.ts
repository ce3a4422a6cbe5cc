/** One reader per kind of row: its wire form, its map, where its code and its record id stand. */
import type {
  CertificateRecord,
  InstitutionRecord,
  ListEntryRecord,
  PenaltyRecord,
  QualificationRecord,
  ReportRecord,
} from '../../schema/records.ts';
import type { Draft } from '../kit/adapter.ts';
import type { RowReader } from '../kit/read-rows.ts';
import { textAt } from './answer-by-code.ts';
import type { SubjectRowReader } from './answer-by-code.ts';
import { toListEntry, toPenalty } from './credit-map.ts';
import { ListEntryWire, PenaltyWire } from './credit-wire.ts';
import { toCertificate, toInstitution, toQualification, toReport } from './map.ts';
import { CertificateWire, InstitutionWire, QualificationWire, ReportWire } from './wire.ts';

export const institutionReader: SubjectRowReader<InstitutionWire, Draft<InstitutionRecord>> = {
  wire: InstitutionWire,
  toDraft: toInstitution,
  recordIdOf: (row) => textAt(row, 'UNISCID'),
  codeColumn: 'UNISCID',
  // The map reads it, together with CODEFLAG.
  codeOf: () => null,
};

export const qualificationReader: SubjectRowReader<QualificationWire, Draft<QualificationRecord>> = {
  wire: QualificationWire,
  toDraft: toQualification,
  recordIdOf: (row) => textAt(row, 'CERTID'),
  codeColumn: 'UNISCID',
  codeOf: ({ UNISCID }) => UNISCID,
};

export const penaltyReader: SubjectRowReader<PenaltyWire, Draft<PenaltyRecord>> = {
  wire: PenaltyWire,
  toDraft: toPenalty,
  recordIdOf: (row) => textAt(row, 'ID'),
  codeColumn: 'CF_XDR_SHXYM',
  codeOf: (row) => (row.layout === 'natural person' ? null : row.CF_XDR_SHXYM),
};

export const listEntryReader: SubjectRowReader<ListEntryWire, Draft<ListEntryRecord>> = {
  wire: ListEntryWire,
  toDraft: toListEntry,
  recordIdOf: (row) => textAt(row, 'BUSEXCLIST') ?? textAt(row, 'ILLID'),
  codeColumn: 'UNISCID',
  codeOf: ({ UNISCID }) => UNISCID,
};

export const certificateReader: RowReader<CertificateWire, Draft<CertificateRecord>> = {
  wire: CertificateWire,
  toDraft: toCertificate,
  recordIdOf: (row) => textAt(row, 'CERTID'),
};

export const reportReader: RowReader<ReportWire, Draft<ReportRecord>> = {
  wire: ReportWire,
  toDraft: toReport,
  recordIdOf: (row) => textAt(row, 'REPID'),
};
