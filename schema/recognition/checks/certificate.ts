/** RJ01 to RJ03 of a certificate: is it on record, does what departments say agree, and does it stand? */
import { statusOn } from '../../qualification/status-on.ts';
import type { CalendarDate } from '../../time/calendar-date.ts';
import { failed, passed, unsettled, type Check } from '../check.ts';
import {
  dayOfLook,
  isWhole,
  recordsIn,
  silentIn,
  type Evidence,
  type SeenCertificate,
  type SeenCoverage,
} from '../evidence.ts';
import { ofRegister, registerCoverage } from './qualification.ts';

/** Schemes whose certificates a body issues by virtue of an approval or designation of its own. */
const APPROVAL_FOR: Readonly<Record<string, readonly string[]>> = {
  MANAGEMENT_SYSTEM: ['CERTIFICATION_APPROVAL'],
  CCC: ['CCC_DESIGNATION', 'CERTIFICATION_APPROVAL'],
};

const concerns = ({ issuerCode, holderCode }: SeenCertificate, institutionCode: string): boolean =>
  issuerCode === null ? holderCode === institutionCode : issuerCode === institutionCode;

export const certificateIn = ({
  certificates,
  question,
}: Pick<Evidence, 'certificates' | 'question'>): SeenCertificate | null =>
  recordsIn(certificates).find((each) => concerns(each, question.institutionCode)) ?? null;

const coverageOf = ({ certificates }: Evidence): SeenCoverage | null =>
  certificates.find(({ records }) => records.length > 0)?.coverage ?? null;

export function certificateRegistered(evidence: Evidence): Check {
  const { certificates } = evidence;
  const coverage = coverageOf(evidence);
  if (certificateIn(evidence) !== null && coverage !== null) {
    return isWhole(coverage)
      ? passed('RJ01', `on the register of ${coverage.departmentId}`, coverage)
      : unsettled('RJ01', 'SILENT', 'only an old or partial answer has it', coverage);
  }
  const silent = silentIn(certificates);
  if (silent !== null) {
    return unsettled(
      'RJ01',
      'SILENT',
      'a register did not answer in full, so it cannot be said that none has it',
      silent,
    );
  }
  const evidenceText = recordsIn(certificates).length === 0 ? 'on no register' : 'issued by another institution';
  return failed('RJ01', 'NOT_REGISTERED', evidenceText, coverage);
}

const contentOf = ({ status, validFrom, validTo, holderCode }: SeenCertificate): string =>
  JSON.stringify([status, validFrom, validTo, holderCode]);

export function certificateMatches(evidence: Evidence): Check {
  const coverage = coverageOf(evidence);
  const own = recordsIn(evidence.certificates).filter((each) => concerns(each, evidence.question.institutionCode));
  if (new Set(own.map(contentOf)).size > 1) {
    return failed('RJ02', 'CONTENT_DIFFERS', 'registers hold the number with different content', coverage);
  }
  if (evidence.question.presentedDigest !== null) {
    return unsettled('RJ02', 'MISSING', 'no digests of certificates are on file', coverage);
  }
  const silent = silentIn(evidence.certificates);
  return silent === null
    ? passed('RJ02', `${own.length} ${own.length === 1 ? 'row agrees' : 'rows agree'}`, coverage)
    : unsettled('RJ02', 'SILENT', `${silent.departmentId} did not answer in full and may hold another content`, silent);
}

function issuerApproved(evidence: Evidence, { scheme }: SeenCertificate, day: CalendarDate): Check {
  const wanted = APPROVAL_FOR[scheme] ?? [];
  const coverage = registerCoverage(evidence);
  if (coverage === null || !isWhole(coverage)) {
    return unsettled('RJ03', 'SILENT', 'the register of qualifications did not answer in full', coverage);
  }
  const approval = recordsIn(ofRegister(evidence.qualifications.onDay, evidence.registerId)).find(
    (each) => wanted.includes(each.scheme) && each.status === 'VALID',
  );
  return approval === undefined
    ? failed('RJ03', 'ISSUER_UNQUALIFIED', `the issuer held no approval for ${scheme} on ${day}`, coverage)
    : passed('RJ03', `in force; ${approval.scheme} ${approval.number} of the issuer was VALID on ${day}`, coverage);
}

export function certificateStands(evidence: Evidence, certificate: SeenCertificate): Check {
  const today = dayOfLook(evidence);
  const coverage = coverageOf(evidence);
  const status = statusOn(certificate, today);
  if (status !== 'VALID') {
    const cause = status === 'SUSPENDED' ? 'CERTIFICATE_SUSPENDED' : 'CERTIFICATE_INVALID';
    return failed('RJ03', cause, `${status} on ${today}`, coverage);
  }
  if (certificate.validFrom !== null && certificate.validFrom > today) {
    return failed('RJ03', 'CERTIFICATE_INVALID', `in force from ${certificate.validFrom} on`, coverage);
  }
  if (certificate.scheme in APPROVAL_FOR && certificate.validFrom !== null) {
    return issuerApproved(evidence, certificate, certificate.validFrom);
  }
  return passed('RJ03', `in force on ${today}`, coverage);
}
