/** The decision on a recognition: a pure function of what was seen and of rules, so that it can be made again later. */
import type { CalendarDate } from '../time/calendar-date.ts';
import { REASON_CODES, unsettled, type Check, type ReasonCode } from './check.ts';
import { certificateIn, certificateMatches, certificateRegistered, certificateStands } from './checks/certificate.ts';
import { fresh, lastDay, standardCurrent, suitsPurpose } from './checks/purpose.ts';
import { inScope, qualified, signatoryAuthorised } from './checks/qualification.ts';
import { contentMatches, reportIn, reportRegistered } from './checks/register.ts';
import { noClue, notListed, proficient } from './checks/standing.ts';
import { dayOfLook, type Evidence, type SeenReport } from './evidence.ts';
import { rulesOfIds, type Rules } from './rules.ts';

export const OUTCOMES = ['RECOGNIZED', 'REJECTED', 'NEED_MORE'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Judgement {
  readonly outcome: Outcome;
  /** Every check that the kind of result needs, in order of code. */
  readonly checks: readonly Check[];
  /** Of the checks that failed. */
  readonly reasonCodes: readonly ReasonCode[];
  /** The last day on which the result may be relied on; null: no end is known, or there is nothing to rely on. */
  readonly validTo: CalendarDate | null;
  readonly rulesetEdition: string;
  readonly ruleIds: readonly string[];
}

const NOTHING_TO_LOOK_AT = 'not made: there is no registered result to look at';
const OF_CERTIFICATES: readonly ReasonCode[] = ['RJ01', 'RJ02', 'RJ03', 'RJ08', 'RJ09'];

function checksOfReport(evidence: Evidence, report: SeenReport, rules: Rules): readonly Check[] {
  const isQualified = qualified(evidence, report);
  // Without a certificate that stood there is neither a scope nor a signatory.
  const ofCertificate = (check: () => Check, code: ReasonCode): Check =>
    isQualified.passed === false
      ? unsettled(code, 'NOT_MADE', 'not made: no certificate stood on the day of the report', isQualified.coverage)
      : check();
  return [
    reportRegistered(evidence),
    contentMatches(evidence, report),
    isQualified,
    ofCertificate(() => inScope(evidence, report), 'RJ04'),
    ofCertificate(() => signatoryAuthorised(evidence, report, rules), 'RJ05'),
    fresh(evidence, report, rules),
    suitsPurpose(evidence, report, rules),
    notListed(evidence, report.issuedOn, rules),
    noClue(evidence, report.issuedOn),
    standardCurrent(report, rules),
    proficient(evidence, report),
  ];
}

function checksOf(evidence: Evidence, rules: Rules): readonly Check[] {
  const rest = (codes: readonly ReasonCode[], registered: Check): readonly Check[] => [
    registered,
    ...codes.slice(1).map((code) => unsettled(code, registered.doubt ?? 'NOT_MADE', NOTHING_TO_LOOK_AT)),
  ];
  if (evidence.question.kind === 'REPORT') {
    const report = reportIn(evidence);
    return report === null ? rest(REASON_CODES, reportRegistered(evidence)) : checksOfReport(evidence, report, rules);
  }
  const certificate = certificateIn(evidence);
  if (certificate === null) return rest(OF_CERTIFICATES, certificateRegistered(evidence));
  // A certificate speaks of the day on which it is relied on, not of the one on which it was issued.
  const day = dayOfLook(evidence);
  return [
    certificateRegistered(evidence),
    certificateMatches(evidence),
    certificateStands(evidence, certificate),
    notListed(evidence, day, rules),
    noClue(evidence, day),
  ];
}

function validToOf(evidence: Evidence, rules: Rules): CalendarDate | null {
  if (evidence.question.kind === 'CERTIFICATE') return certificateIn(evidence)?.validTo ?? null;
  const report = reportIn(evidence);
  return report === null ? null : lastDay(report, evidence.question.purpose, rules);
}

/** Rules that had a say: those of the purpose and of every report, and what names a standard of this one. */
function usedRules({ question, ...evidence }: Evidence, rules: Rules): readonly string[] {
  const listing = rules.of('LISTING');
  if (question.kind === 'CERTIFICATE') return listing.map(({ id }) => id);
  const standards = reportIn(evidence)?.parameters.map(({ standard }) => standard) ?? [];
  return [
    ...[rules.freshnessFor(question.purpose), rules.suitabilityFor(question.purpose)].flatMap((rule) =>
      rule === undefined ? [] : [rule.id],
    ),
    ...listing.map(({ id }) => id),
    ...rules.of('SIGNATORY_FIELD').map(({ id }) => id),
    ...rules.obsoleteAmong(standards).map(({ id }) => id),
  ];
}

/** What is certain comes first: a check that failed rejects, whatever could not be settled beside it. */
export function decide(evidence: Evidence, rules: Rules): Judgement {
  const checks = checksOf(evidence, rules);
  const reasonCodes = checks.filter(({ passed }) => passed === false).map(({ code }) => code);
  const isSettled = checks.every(({ passed }) => passed !== null);
  const outcome = reasonCodes.length > 0 ? 'REJECTED' : isSettled ? 'RECOGNIZED' : 'NEED_MORE';
  return {
    outcome,
    checks,
    reasonCodes,
    validTo: validToOf(evidence, rules),
    rulesetEdition: rules.edition,
    ruleIds: usedRules(evidence, rules),
  };
}

/** Makes a decision again by the rules by which it was made. */
export const replay = (
  evidence: Evidence,
  { rulesetEdition, ruleIds }: Pick<Judgement, 'rulesetEdition' | 'ruleIds'>,
): Judgement => decide(evidence, rulesOfIds(rulesetEdition, ruleIds));
