/** Is this report genuine, and was its issuer qualified? Basic verdicts over the registers, asked live. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import { findInstitution } from '../institution/find-institution.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import type { ReportRecord } from '../records.ts';
import { reportOf } from '../report/report.type.ts';
import { issuerOf } from './issuer-of.ts';
import {
  consistent,
  inScope,
  issuerQualified,
  latestPerDepartment,
  registered,
  silentOf,
  type CheckOutcome,
} from './report-checks.ts';
import type { RecognitionCheck, ReportVerdict, ReportVerification } from './verification.type.ts';

export interface IssuedReport {
  readonly record: ReportRecord;
  readonly issuer: CreditCode | null;
}

/** Which of the rows under this number are meant? Numbers are unique within a body only. */
function ofIssuer(
  reports: readonly IssuedReport[],
  claimed: CreditCode | null,
): CheckOutcome & { readonly reports: readonly IssuedReport[] } {
  const name = 'ISSUER_MATCHES';
  const issuers = new Set(reports.map((report) => report.issuer));
  const named = [...issuers].filter((issuer) => issuer !== null).length;
  const meant = claimed === null ? reports : reports.filter((report) => report.issuer === claimed);
  const outcome = (passed: boolean | null, evidence: string, verdict: ReportVerdict | null) => ({
    check: { name, passed, evidence, coverage: null },
    verdict,
    reports: meant,
  });
  if (claimed === null && named > 1) {
    return outcome(false, `${named} institutions use this number; name the issuer`, 'MISMATCH');
  }
  if (meant.length === 0) {
    return issuers.has(null)
      ? outcome(null, 'the register does not tell which institution issued it', 'UNVERIFIABLE')
      : outcome(false, 'registered for another institution', 'MISMATCH');
  }
  if (issuers.has(null) && claimed === null) {
    return outcome(null, 'the register does not tell which institution issued it', 'UNVERIFIABLE');
  }
  return outcome(true, claimed === null ? 'one institution uses this number' : 'registered for this institution', null);
}

/**
 * Rows with their issuers. A row that gives a local number only belongs to that institution, among those named by other
 * rows or by the caller, which has this number there.
 * @returns in the same order; issuer null where it cannot be told
 */
export async function issuedReports(
  records: readonly ReportRecord[],
  claimed: CreditCode | null,
  context: Pick<HubContext, 'identity' | 'loaders' | 'scope'>,
): Promise<readonly IssuedReport[]> {
  const reports = await Promise.all(
    records.map(async (record): Promise<IssuedReport> => ({ record, issuer: await issuerOf(record, context) })),
  );
  const candidates = new Set([claimed, ...reports.map(({ issuer }) => issuer)].filter((code) => code !== null));
  const ownerOf = async ({ issuerLocalId, provenance }: ReportRecord): Promise<CreditCode | null> => {
    for (const code of issuerLocalId === null ? [] : candidates) {
      const { records: known } = await context.loaders.institutionAt(provenance.departmentId, code);
      if (known.some(({ localId }) => localId === issuerLocalId)) return code;
    }
    return null;
  };
  return Promise.all(
    reports.map(async (report) =>
      report.issuer === null ? { ...report, issuer: await ownerOf(report.record) } : report,
    ),
  );
}

/** The issuer as the departments describe it; where nobody answers, that is a check that could not be made. */
async function describe(
  issuer: CreditCode,
  context: HubContext,
): Promise<{ readonly institution: InstitutionNode | null; readonly doubt: CheckOutcome | null }> {
  try {
    return { institution: await findInstitution(issuer, context), doubt: null };
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'SOURCE_UNAVAILABLE') throw error;
    const check = { name: 'ISSUER_REGISTERED', passed: null, evidence: error.message, coverage: null };
    return { institution: null, doubt: { check, verdict: 'UNVERIFIABLE' } };
  }
}

/**
 * @param number as printed on the report
 * @param claimedIssuer who the report says issued it; needed only when bodies share the number
 */
export async function verifyReport(
  number: string,
  claimedIssuer: CreditCode | null,
  asking: Pick<HubContext, 'onOwnAccount'>,
): Promise<ReportVerification> {
  const context = asking.onOwnAccount();
  const checks: RecognitionCheck[] = [];
  const note = <O extends CheckOutcome>(outcome: O): O => {
    checks.push(outcome.check);
    return outcome;
  };
  const verdicts: (ReportVerdict | null)[] = [];

  const answers = await context.loaders.reportsByNumber.load(number.normalize('NFKC').trim());
  const onRegister = note(registered(answers));
  if (onRegister.verdict !== null) return { verdict: onRegister.verdict, report: null, checks };

  const found = answers.flatMap((answer) => answer.records);
  const issued = await issuedReports(found, claimedIssuer, context);
  const matching = note(ofIssuer(issued, claimedIssuer));
  const records = matching.reports.map((report) => report.record);
  const [latest] = latestPerDepartment(records);
  const issuer = matching.reports[0]?.issuer ?? null;
  if (matching.verdict !== null || latest === undefined || issuer === null) {
    return { verdict: matching.verdict ?? 'UNVERIFIABLE', report: null, checks };
  }

  verdicts.push(note(consistent(records, silentOf(answers))).verdict);
  const qualifications = await context.loaders.facet('qualifications', issuer, {});
  const qualified = note(issuerQualified(qualifications, latest.issuedOn, context.clock.now()));
  verdicts.push(qualified.verdict);
  if (qualified.verdict === null) verdicts.push(note(inScope(latest.parameters, qualified.scope)).verdict);

  const described = await describe(issuer, context);
  if (described.doubt !== null) verdicts.push(note(described.doubt).verdict);
  const { institution } = described;
  const report = institution === null ? null : reportOf(latest, institution, latest.provenance);
  // What is certain comes before what could not be found out.
  const order: readonly ReportVerdict[] = ['MISMATCH', 'ISSUER_UNQUALIFIED', 'OUT_OF_SCOPE', 'UNVERIFIABLE'];
  return { verdict: order.find((verdict) => verdicts.includes(verdict)) ?? 'AUTHENTIC', report, checks };
}
