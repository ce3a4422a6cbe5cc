/** RJ03 to RJ05: was the institution qualified, for this, and the signatory authorised, on the day of the report? */
import type { QualificationStatus } from '../../records.ts';
import { outsideScope, same } from '../../verification/report-checks.ts';
import { failed, passed, unsettled, type Cause, type Check } from '../check.ts';
import {
  isWhole,
  recordsIn,
  type Evidence,
  type Seen,
  type SeenCoverage,
  type SeenQualification,
  type SeenReport,
} from '../evidence.ts';
import type { Rules } from '../rules.ts';

const CAUSE_OF: Readonly<Partial<Record<QualificationStatus, Cause>>> = {
  SUSPENDED: 'CMA_SUSPENDED',
  REVOKED: 'CMA_REVOKED',
  CANCELLED: 'CMA_REVOKED',
};
/** An end of which the report's day knew nothing, and that says something of the institution; time running out does not. */
const ENDED_SINCE: readonly QualificationStatus[] = ['REVOKED', 'SUSPENDED', 'RECTIFYING'];
/** The certificate stands while its holder rectifies; that is another reason (RJ08). */
const STANDING: readonly QualificationStatus[] = ['VALID', 'RECTIFYING'];

const cmaIn = (answers: readonly Seen<SeenQualification>[]): readonly SeenQualification[] =>
  recordsIn(answers).filter(({ scheme }) => scheme === 'CMA');

/** What the register of qualifications itself says; another department's copy may be out of date. */
export const ofRegister = (
  answers: readonly Seen<SeenQualification>[],
  registerId: string | null,
): readonly Seen<SeenQualification>[] => answers.filter(({ coverage }) => coverage.departmentId === registerId);

export const registerCoverage = ({ qualifications, registerId }: Evidence): SeenCoverage | null =>
  ofRegister(qualifications.onDay, registerId)[0]?.coverage ?? null;

/** Certificates that stood on the day of the report. */
export const standingOnDay = ({ qualifications, registerId }: Evidence): readonly SeenQualification[] =>
  cmaIn(ofRegister(qualifications.onDay, registerId)).filter(({ status }) => STANDING.includes(status));

/** Certificates as they stand now. */
export const cmaNow = ({ qualifications, registerId }: Evidence): readonly SeenQualification[] =>
  cmaIn(ofRegister(qualifications.now, registerId));

const inWords = (all: readonly SeenQualification[]): string =>
  all.map(({ number, status }) => `CMA ${number} was ${status}`).join('; ');

export function qualified(evidence: Evidence, { issuedOn }: SeenReport): Check {
  const { qualifications, registerId } = evidence;
  const coverage = registerCoverage(evidence);
  if (coverage === null) return unsettled('RJ03', 'MISSING', 'no department keeps a register of qualifications');
  const onDay = cmaIn(ofRegister(qualifications.onDay, registerId));
  const standing = standingOnDay(evidence);
  if (standing.length === 0) {
    // An old answer that shows its end is certain of that; one that shows nothing is certain of nothing.
    if (!isWhole(coverage) && (coverage.status !== 'STALE' || onDay.length === 0)) {
      return unsettled('RJ03', 'SILENT', 'the register of qualifications did not answer in full', coverage);
    }
    const [first] = onDay;
    const cause = first === undefined ? 'CMA_ABSENT' : (CAUSE_OF[first.status] ?? 'CMA_ABSENT');
    return failed('RJ03', cause, `${onDay.length === 0 ? 'no CMA' : inWords(onDay)} on ${issuedOn}`, coverage);
  }
  if (!isWhole(coverage)) {
    return unsettled('RJ03', 'SILENT', 'the register of qualifications did not answer in full', coverage);
  }
  const ended = cmaNow(evidence).find(
    ({ number, status }) =>
      status !== 'RECTIFYING' && ENDED_SINCE.includes(status) && standing.some((each) => each.number === number),
  );
  if (ended !== undefined) {
    const since = ended.since === null ? '' : ` since ${ended.since}`;
    return unsettled('RJ03', 'REVIEW', `${inWords(standing)} on ${issuedOn}, but is ${ended.status}${since}`, coverage);
  }
  return passed('RJ03', `${inWords(standing)} on ${issuedOn}`, coverage);
}

export function inScope(evidence: Evidence, { parameters, issuedOn }: SeenReport): Check {
  const coverage = registerCoverage(evidence);
  if (parameters.length === 0) {
    return unsettled('RJ04', 'MISSING', 'the register holds no parameters for this report', coverage);
  }
  const standing = standingOnDay(evidence);
  const [outside] = outsideScope(
    parameters,
    standing.flatMap(({ scope }) => scope),
  );
  if (coverage === null || !isWhole(coverage)) {
    return unsettled('RJ04', 'SILENT', 'the register of qualifications did not answer in full', coverage);
  }
  if (outside !== undefined) {
    const evidenceText = `${outside.parameter} by ${outside.standard} was not in the scope of ${issuedOn}`;
    return failed('RJ04', 'OUT_OF_SCOPE', evidenceText, coverage);
  }
  const nowValid = cmaNow(evidence).filter(({ status }) => status === 'VALID');
  const [dropped] =
    nowValid.length === 0
      ? []
      : outsideScope(
          parameters,
          nowValid.flatMap(({ scope }) => scope),
        );
  if (dropped !== undefined) {
    const evidenceText = `${dropped.parameter} by ${dropped.standard} was in scope on ${issuedOn} and is not any more`;
    return unsettled('RJ04', 'REVIEW', evidenceText, coverage);
  }
  return passed('RJ04', `${parameters.length} of ${parameters.length} parameters in scope`, coverage);
}

/** Whether somebody of this field may sign for the object: by its name, or by a rule. */
const covers = (field: string, object: string, rules: Rules): boolean =>
  same(field, object) ||
  rules
    .of('SIGNATORY_FIELD')
    .some((rule) => same(rule.field, field) && rule.objects.some((each) => same(each, object)));

export function signatoryAuthorised(
  evidence: Evidence,
  { signatory, parameters, issuedOn }: SeenReport,
  rules: Rules,
): Check {
  const coverage = registerCoverage(evidence);
  if (signatory === null) return unsettled('RJ05', 'MISSING', 'the register does not name who signed', coverage);
  if (coverage === null || !isWhole(coverage)) {
    return unsettled('RJ05', 'SILENT', 'the register of qualifications did not answer in full', coverage);
  }
  const authorised = standingOnDay(evidence).flatMap(({ signatories }) => signatories);
  if (authorised.length === 0) {
    return unsettled('RJ05', 'MISSING', `the register names no authorised signatories for ${issuedOn}`, coverage);
  }
  const own = authorised.filter(({ name }) => name === signatory);
  if (own.length === 0) {
    const evidenceText = `who signed is not among the ${authorised.length} authorised on ${issuedOn}`;
    return failed('RJ05', 'SIGNATORY_INVALID', evidenceText, coverage);
  }
  const fields = own.flatMap((each) => each.fields);
  const foreign = parameters.find(({ object }) => !fields.some((field) => covers(field, object, rules)));
  if (foreign !== undefined) {
    const evidenceText = `who signed was authorised for ${fields.join(', ')} on ${issuedOn}, not for ${foreign.object}`;
    return failed('RJ05', 'SIGNATORY_INVALID', evidenceText, coverage);
  }
  return passed('RJ05', `who signed was authorised for ${fields.join(', ')} on ${issuedOn}`, coverage);
}
