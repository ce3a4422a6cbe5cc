/**
 * The rows of the register as the service really sends them, its spelling kept (openapi.yaml). What is not declared
 * here does not pass: of personal data only the names of authorised signatories do. Dates and codes are still text.
 */
import { z } from 'zod';

/** Text that must be there. */
export const Text = z.string().trim().min(1, 'is empty');
/** Text that may be missing; blanks and the word null, which some offices send, count as missing. */
export const OptionalText = z
  .string()
  .trim()
  .nullish()
  .transform((text) => (text === undefined || text === null || text === '' || text === 'null' ? null : text));

export const InstitutionWire = z.object({
  UNISCID: Text,
  CODEFLAG: OptionalText,
  ENTNAME: Text,
  ORGKIND: OptionalText,
  REGORG: OptionalText,
  OPSTATE: Text,
  DOM: OptionalText,
  CMA: z.object({ CERTNO: OptionalText, VALIDTO: OptionalText }).nullish(),
  UPDATETIME: OptionalText,
});
export type InstitutionWire = z.infer<typeof InstitutionWire>;

/** What a row of the list carries besides the institution. */
export const ListPositionWire = z.object({ ROWNO: z.number().int().positive(), CURSOR: Text });

const CapabilityWire = z.object({ OBJECT: Text, PARAM: Text, STANDARD: Text, LIMIT: OptionalText });

export const QualificationWire = z.object({
  CERTID: Text,
  UNISCID: Text,
  CERTTYPE: Text,
  CERTNO: Text,
  CERTSTATE: Text,
  CERTSTATE_CN: OptionalText,
  ISSUEDATE: OptionalText,
  VALIDTO: OptionalText,
  ISSUEORG_CN: OptionalText,
  EMERGFLAG: OptionalText,
  VALIDFROMTIME: OptionalText,
  VALIDTOTIME: OptionalText,
  RECORDTIME: OptionalText,
  SUPERSEDETIME: OptionalText,
  UPDATETIME: OptionalText,
  SITES: z.array(z.object({ ADDR: OptionalText, ITEMS: z.array(CapabilityWire) })),
  SIGNERS: z.array(z.object({ NAME: Text, FIELDS: z.array(Text) })),
});
export type QualificationWire = z.infer<typeof QualificationWire>;

export const CertificateWire = z.object({
  CERTID: Text,
  CERTKIND: Text,
  CERTNUMBER: Text,
  CERTSTATUS: Text,
  HOLDNAME: Text,
  HOLDUNISCID: OptionalText,
  HOLDCODEFLAG: OptionalText,
  ISSUNISCID: OptionalText,
  ISSCODEFLAG: OptionalText,
  FZRQ: OptionalText,
  DQRQ: OptionalText,
});
export type CertificateWire = z.infer<typeof CertificateWire>;

export const ReportWire = z.object({
  REPID: Text,
  UNISCID: Text,
  CODEFLAG: OptionalText,
  JYJCBGBH: Text,
  BBH: z.number().int().positive(),
  QFRQ: Text,
  JYJL: Text,
  JCJYLB: OptionalText,
  QZR: OptionalText,
  ZYZ: OptionalText,
  DJSJ: OptionalText,
  ITEMS: z.array(CapabilityWire.extend({ ADDR: OptionalText })),
});
export type ReportWire = z.infer<typeof ReportWire>;
