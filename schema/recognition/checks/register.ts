/** RJ01 and RJ02: is it on record, as this institution's, and with the content that was handed in? */
import { agree, latestPerDepartment } from '../../verification/report-checks.ts';
import { failed, passed, unsettled, type Check } from '../check.ts';
import { isWhole, recordsIn, silentIn, type Evidence, type Seen, type SeenReport } from '../evidence.ts';

const withRecords = (answers: readonly Seen<unknown>[]) =>
  answers.find(({ records }) => records.length > 0)?.coverage ?? null;

/** Rows of the report under its number that are the institution's. */
export const ownRows = ({ reports }: Pick<Evidence, 'reports'>): readonly SeenReport[] =>
  recordsIn(reports).filter(({ isOfInstitution }) => isOfInstitution === true);

/** The row that counts: the highest version on the first register, in order of departments; null when there is none. */
export const reportIn = (evidence: Pick<Evidence, 'reports'>): SeenReport | null =>
  latestPerDepartment(ownRows(evidence))[0] ?? null;

/** An institution that no register knows can have issued nothing. */
function unknownInstitution({ institution }: Evidence): Check | null {
  if (recordsIn(institution).length > 0) return null;
  const silent = silentIn(institution);
  return silent === null
    ? failed('RJ01', 'NOT_REGISTERED', 'no institution is registered under this credit code', null)
    : unsettled('RJ01', 'SILENT', 'the register of institutions did not answer in full', silent);
}

export function reportRegistered(evidence: Evidence): Check {
  const unknown = unknownInstitution(evidence);
  if (unknown !== null) return unknown;
  const { reports } = evidence;
  const own = reports.flatMap(({ coverage, records }) =>
    records.some(({ isOfInstitution }) => isOfInstitution === true) ? [coverage] : [],
  );
  const [first] = own;
  if (first !== undefined) {
    const holder = own.find(isWhole);
    // An old answer may hold what has been withdrawn since.
    if (holder === undefined) return unsettled('RJ01', 'SILENT', 'only an old or partial answer has it', first);
    return passed('RJ01', `on the register of ${own.map(({ departmentId }) => departmentId).join(', ')}`, holder);
  }
  const silent = silentIn(reports);
  if (silent !== null) {
    return unsettled(
      'RJ01',
      'SILENT',
      'a register did not answer in full, so it cannot be said that none has it',
      silent,
    );
  }
  const others = recordsIn(reports);
  if (others.some(({ isOfInstitution }) => isOfInstitution === null)) {
    return unsettled('RJ01', 'MISSING', 'the register does not tell which institution issued it', withRecords(reports));
  }
  const evidenceText = others.length === 0 ? 'on no register' : 'registered for another institution';
  return failed('RJ01', 'NOT_REGISTERED', evidenceText, withRecords(reports));
}

export function contentMatches(evidence: Evidence, report: SeenReport): Check {
  const { presentedDigest } = evidence.question;
  const rows = ownRows(evidence);
  const coverage = withRecords(evidence.reports);
  if (!agree(rows)) {
    return failed('RJ02', 'CONTENT_DIFFERS', 'registers hold the number with different content', coverage);
  }
  if (presentedDigest !== null) {
    if (report.digest === null) {
      return unsettled('RJ02', 'MISSING', 'no digest is on file with which the document could be compared', coverage);
    }
    if (report.digest !== presentedDigest) {
      return failed('RJ02', 'CONTENT_DIFFERS', 'the document is not the one on file: its digest differs', coverage);
    }
  }
  const silent = silentIn(evidence.reports);
  if (silent !== null) {
    return unsettled(
      'RJ02',
      'SILENT',
      `${silent.departmentId} did not answer in full and may hold another content`,
      silent,
    );
  }
  const compared =
    presentedDigest === null
      ? `no document was handed in: what is registered is recognised (digest ${report.digest ?? 'not on file'})`
      : 'the digest of the document is the one on file';
  return passed('RJ02', `${rows.length} ${rows.length === 1 ? 'row agrees' : 'rows agree'}; ${compared}`, coverage);
}
