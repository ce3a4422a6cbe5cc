/** Gathers what a decision rests on, through the loaders of one operation: live or from the replica, each with coverage. */
import { parseCreditCode } from '../codes/credit-code.ts';
import { standingOf } from '../credit/publicity.ts';
import type { HubContext } from '../context.ts';
import type { CoverageEntry, DepartmentAnswer, DepartmentAnswers } from '../department-answer.ts';
import { qualificationsAt } from '../qualification/qualifications-at.ts';
import type { CapabilityItem, ProvenanceRecord, QualificationRecord, ReportRecord } from '../records.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { calendarDateOf, endOfDay, type CalendarDate } from '../time/calendar-date.ts';
import { same } from '../verification/report-checks.ts';
import { issuedReports } from '../verification/verify-report.ts';
import { certificateIn } from './checks/certificate.ts';
import { reportIn } from './checks/register.ts';
import type {
  Evidence,
  RecognitionQuestion,
  Seen,
  SeenClue,
  SeenCoverage,
  SeenProficiency,
  SeenQualification,
  SeenReport,
} from './evidence.ts';
import type { Finding } from './finding.ts';

/** The hub's own records of an institution. */
export interface FindingSource {
  ofInstitution(creditCode: string): Promise<readonly Finding[]>;
}

export type GatherContext = Pick<HubContext, 'loaders' | 'identity' | 'registry' | 'scope' | 'clock'>;

export const seenCoverage = ({ department, facet, status, asOf, reason }: CoverageEntry): SeenCoverage => ({
  departmentId: department.id,
  facet,
  status,
  asOf,
  reason,
});

const seen = <R, T>({ coverage, records }: DepartmentAnswer<R>, toSeen: (record: R) => T): Seen<T> => ({
  coverage: seenCoverage(coverage),
  records: records.map(toSeen),
});

const sourceOf = ({ departmentId, sourceRecordId, receipt }: ProvenanceRecord) => ({
  departmentId,
  sourceRecordId,
  receipt,
});

/** Good for comparing names within one question, and for nothing else. */
const nameDigest = ({ number, institutionCode }: RecognitionQuestion, name: string): string =>
  sm3Hex(`${institutionCode}|${number}|${name.normalize('NFKC').replace(/\s/g, '')}`);

async function seenReports(
  question: RecognitionQuestion,
  answers: DepartmentAnswers<ReportRecord>,
  context: GatherContext,
): Promise<readonly Seen<SeenReport>[]> {
  const claimed = parseCreditCode(question.institutionCode);
  return await Promise.all(
    answers.map(async (answer) => {
      const issued = await issuedReports(answer.records, claimed, context);
      const records = issued.map(({ record, issuer }): SeenReport => ({
        version: record.version,
        issuedOn: record.issuedOn,
        conclusion: record.conclusion,
        digest: record.digest,
        samplingKind: record.samplingKind,
        parameters: record.parameters,
        signatory: record.signatory === null ? null : nameDigest(question, record.signatory),
        isOfInstitution: issuer === null ? null : issuer === claimed,
        provenance: sourceOf(record.provenance),
      }));
      return { coverage: seenCoverage(answer.coverage), records };
    }),
  );
}

/** @param parameters of the report: other rows of a schedule say nothing about it */
function seenQualifications(
  question: RecognitionQuestion,
  answers: DepartmentAnswers<QualificationRecord>,
  at: Date,
  knownAt: Date,
  parameters: readonly CapabilityItem[],
): readonly Seen<SeenQualification>[] {
  return answers.map(({ coverage, records }) => ({
    coverage: seenCoverage(coverage),
    records: qualificationsAt(records, at, knownAt).map((record): SeenQualification => ({
      departmentId: record.provenance.departmentId,
      scheme: record.scheme,
      number: record.number,
      status: record.status,
      since: record.effectiveFrom === null ? record.validFrom : calendarDateOf(record.effectiveFrom),
      scope: record.scope.filter((row) => parameters.some(({ parameter }) => same(parameter, row.parameter))),
      signatories: record.signatories.map(({ name, fields }) => ({ name: nameDigest(question, name), fields })),
    })),
  }));
}

const cluesIn = (findings: readonly Finding[]): readonly SeenClue[] =>
  findings.flatMap((finding) =>
    finding.kind === 'CLUE'
      ? [
          {
            id: finding._id,
            reportNumber: finding.reportNumber,
            concernsFrom: finding.concernsFrom,
            state: finding.state,
          },
        ]
      : [],
  );

const proficiencyIn = (findings: readonly Finding[]): readonly SeenProficiency[] =>
  findings.flatMap((finding) =>
    finding.kind === 'PROFICIENCY'
      ? [
          {
            id: finding._id,
            parameter: finding.parameter,
            standard: finding.standard,
            grade: finding.grade,
            evaluatedOn: finding.evaluatedOn,
            closedOn: finding.closedOn,
          },
        ]
      : [],
  );

/**
 * Never rejects because a department is silent: that is part of what was seen.
 * @param decidedOn the day on which the result is to be recognised
 */
export async function gatherEvidence(
  question: RecognitionQuestion,
  asking: Pick<HubContext, 'onOwnAccount'>,
  findings: FindingSource,
  decidedOn: CalendarDate,
): Promise<Evidence> {
  // Whoever asks, a result is recognised or not by all that is known of it.
  const context = asking.onOwnAccount();
  const { loaders, registry, clock } = context;
  const { kind, number } = question;
  const creditCode = parseCreditCode(question.institutionCode);
  const [registration, reportAnswers, certificateAnswers, qualificationAnswers, listAnswers, own] = await Promise.all([
    loaders.registration(creditCode),
    kind === 'REPORT' ? loaders.reportsByNumber.load(number) : [],
    kind === 'CERTIFICATE' ? loaders.certificates.load(number) : [],
    loaders.facet('qualifications', creditCode, {}),
    loaders.facet('listEntries', creditCode, {}),
    findings.ofInstitution(creditCode),
  ]);
  // Without the hub's own repairs an entry stands: nothing is recognised on the strength of what could not be read.
  const repairs = (await loaders.repairs.load(creditCode)) ?? [];
  const gatheredAt = clock.now();
  const reports = await seenReports(question, reportAnswers, context);
  const certificates = certificateAnswers.map((answer) =>
    seen(answer, ({ scheme, status, holderCode, issuerCode, validFrom, validTo, provenance, ...record }) => ({
      ...{ scheme, number: record.number, status, holderCode, issuerCode, validFrom, validTo },
      provenance: sourceOf(provenance),
    })),
  );
  const report = reportIn({ reports });
  const day = report?.issuedOn ?? certificateIn({ certificates, question })?.validFrom ?? decidedOn;
  const parameters = report?.parameters ?? [];
  return {
    question,
    decidedOn,
    gatheredAt,
    registerId:
      registry.all().find((each) => each.department.authoritativeFor.includes('cmaNumber'))?.department.id ?? null,
    institution: [seen(registration, ({ name, status }) => ({ name, status }))],
    reports,
    certificates,
    qualifications: {
      onDay: seenQualifications(question, qualificationAnswers, endOfDay(day), gatheredAt, parameters),
      now: seenQualifications(question, qualificationAnswers, gatheredAt, gatheredAt, parameters),
    },
    listEntries: listAnswers.map((answer) =>
      seen(answer, (entry) => ({
        listType: entry.listType,
        listedOn: entry.listedOn,
        removedOn: standingOf(entry, repairs).until,
      })),
    ),
    clues: cluesIn(own),
    proficiency: proficiencyIn(own),
  };
}
