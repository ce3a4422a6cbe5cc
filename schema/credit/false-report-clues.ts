/** Reports that departments have found to be false, as the checks of recognition know them: as confirmed clues. */
import type { Connection } from 'mongoose';
import type { Clue } from '../recognition/finding.ts';
import type { FindingSource } from '../recognition/gather.ts';
import { CaseStore } from './case-store.ts';
import type { FalseReportCase } from './false-reports.ts';

const clueOf = ({ _id, creditCode, revision, finding, openedAt }: FalseReportCase): Clue => ({
  ...{ _id, creditCode, revision, kind: 'CLUE', state: 'CONFIRMED', isNews: false },
  ...{ departmentId: finding.provenance.departmentId, reportNumber: finding.reportNumber, concernsFrom: null },
  ...{ recordedAt: openedAt, recordedBy: finding.provenance.departmentId, note: finding.subject },
});

/** The findings of recognition, and every false report that has not been withdrawn. */
export function withFalseReports(connection: Connection, findings: FindingSource): FindingSource {
  const store = new CaseStore<FalseReportCase>(connection, 'FALSE_REPORT');
  return {
    async ofInstitution(creditCode) {
      const [own, falseReports] = await Promise.all([findings.ofInstitution(creditCode), store.of([creditCode])]);
      return [...own, ...falseReports.filter(({ withdrawnAt }) => withdrawnAt === null).map(clueOf)];
    },
  };
}
