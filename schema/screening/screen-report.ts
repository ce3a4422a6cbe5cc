/** One report number of a screening: what verifyReport says, and how its issuer stands today. */
import type { HubContext } from '../context.ts';
import type { ReportVerification } from '../verification/verification.type.ts';
import { verifyReport } from '../verification/verify-report.ts';
import { INVALID_REPORT_NUMBER, NOTHING_KNOWN, type Screened } from './screened.ts';
import { coverageOf, listsToday, provenanceOf, qualificationsToday } from './standing-facts.ts';

const MOST_CHARACTERS = 100;
const CONTROL = /\p{Cc}|\uFFFD/u;

const reasonOf = ({ verdict, checks }: ReportVerification): string | null => {
  if (verdict === 'AUTHENTIC') return null;
  const failed = checks.find(({ passed }) => passed === false) ?? checks.find(({ passed }) => passed === null);
  return failed === undefined ? null : `${failed.name}: ${failed.evidence ?? ''}`;
};

/** @param text a report number as it is printed */
export async function screenReport(text: string, context: HubContext): Promise<Screened> {
  const number = text.normalize('NFKC').trim();
  if (number === '' || number.length > MOST_CHARACTERS || CONTROL.test(number)) {
    return { ...NOTHING_KNOWN, kind: 'REPORT', verdict: 'INVALID', reason: INVALID_REPORT_NUMBER };
  }
  const [answers, verification] = await Promise.all([
    context.loaders.reportsByNumber.load(number),
    verifyReport(number, null, context),
  ]);
  const { report } = verification;
  const own = { kind: 'REPORT', verdict: verification.verdict, reason: reasonOf(verification) } as const;
  if (report === null) {
    const [found] = answers.flatMap(({ records }) => records);
    const provenance = found === undefined ? null : provenanceOf(found.provenance);
    return { ...NOTHING_KNOWN, ...own, provenance, coverage: coverageOf(answers) };
  }
  const { creditCode, name, status } = report.institution;
  const [qualifications, lists] = await Promise.all([
    qualificationsToday(creditCode, context),
    listsToday(creditCode, context),
  ]);
  return {
    ...own,
    institutionCode: creditCode,
    institutionName: name,
    institutionStatus: status,
    issuedOn: report.issuedOn,
    conclusion: report.conclusion,
    qualifications: qualifications.facts,
    lists: lists.facts,
    penalties: null,
    provenance: provenanceOf(report.provenance),
    coverage: coverageOf(answers, qualifications.answers, lists.answers),
  };
}
