/** The checks behind `verifyReport`, each pure; the service puts them in order. */
import type { CoverageEntry, DepartmentAnswers } from '../department-answer.ts';
import type { CapabilityItem, QualificationRecord, ReportRecord } from '../records.ts';
import { endOfDay, type CalendarDate } from '../time/calendar-date.ts';
import { qualificationsAt } from '../qualification/qualifications-at.ts';
import type { RecognitionCheck, ReportVerdict } from './verification.type.ts';

export interface CheckOutcome {
  readonly check: RecognitionCheck;
  /** The verdict if this check decides; null when it stands in nobody's way. */
  readonly verdict: ReportVerdict | null;
}

/** A register that did not answer, or not in full, or long ago: what it does not show it may hold all the same. */
export const silentOf = (answers: DepartmentAnswers<unknown>): CoverageEntry | null =>
  answers.find(({ coverage }) => ['UNAVAILABLE', 'PARTIAL', 'STALE', 'DENIED'].includes(coverage.status))?.coverage ??
  null;

/** Is it on a register? "Not found" needs every register's answer. */
export function registered(answers: DepartmentAnswers<ReportRecord>): CheckOutcome {
  const name = 'REGISTERED';
  const found = answers.find((answer) => answer.records.length > 0);
  if (found !== undefined) {
    const evidence = `on the register of ${found.coverage.department.id}`;
    return { check: { name, passed: true, evidence, coverage: found.coverage }, verdict: null };
  }
  const silent = silentOf(answers);
  if (silent !== null) {
    const evidence = 'a register did not answer, so it cannot be said that the report is on none';
    return { check: { name, passed: null, evidence, coverage: silent }, verdict: 'UNVERIFIABLE' };
  }
  return { check: { name, passed: false, evidence: 'on no register', coverage: null }, verdict: 'NOT_FOUND' };
}

/** What is compared of the rows of a report. */
export type RegisteredContent = Pick<ReportRecord, 'issuedOn' | 'conclusion' | 'digest' | 'version'> & {
  readonly provenance: Pick<ReportRecord['provenance'], 'departmentId'>;
};

/** Registers have different words for a report without a verdict; only a verdict can be contradicted by another. */
function conclusionOf({ conclusion }: RegisteredContent): string {
  return conclusion === 'PASS' || conclusion === 'FAIL' ? conclusion : 'NONE';
}

/** The facts that must be equal wherever the same report is registered. */
function contentOf(record: RegisteredContent): string {
  return JSON.stringify([record.issuedOn, conclusionOf(record), record.digest]);
}

/** Whether registers, and the rows of one register, agree. A later version of the same report replaces the earlier. */
export function agree(records: readonly RegisteredContent[]): boolean {
  const versions = new Map<string, Set<string>>();
  for (const record of records) {
    const key = `${record.provenance.departmentId} ${record.version}`;
    versions.set(key, (versions.get(key) ?? new Set()).add(contentOf(record)));
  }
  const isDoubled = [...versions.values()].some((contents) => contents.size > 1);
  const latest = latestPerDepartment(records);
  const days = new Set(latest.map((record) => `${record.issuedOn} ${conclusionOf(record)}`));
  const digests = new Set(latest.flatMap(({ digest }) => (digest === null ? [] : [digest])));
  return !isDoubled && days.size <= 1 && digests.size <= 1;
}

/**
 * Do the registers agree?
 * @param silent a register that did not answer in full: it may hold the number with another content
 */
export function consistent(records: readonly ReportRecord[], silent: CoverageEntry | null = null): CheckOutcome {
  const name = 'CONSISTENT';
  const passed = agree(records);
  const rows = `${records.length} ${records.length === 1 ? 'row agrees' : 'rows agree'}`;
  if (passed && silent !== null) {
    const evidence = `${rows}, but ${silent.department.id} did not answer in full and may hold another`;
    return { check: { name, passed: null, evidence, coverage: silent }, verdict: 'UNVERIFIABLE' };
  }
  const evidence = passed ? rows : 'the number is registered with different content';
  return { check: { name, passed, evidence, coverage: null }, verdict: passed ? null : 'MISMATCH' };
}

/** The row of the highest version on each register. */
export function latestPerDepartment<R extends RegisteredContent>(records: readonly R[]): readonly R[] {
  const latest = new Map<string, R>();
  for (const record of records) {
    const known = latest.get(record.provenance.departmentId);
    if (known === undefined || record.version > known.version) latest.set(record.provenance.departmentId, record);
  }
  return [...latest.values()];
}

/** Was the issuer's CMA in force on the day of issue? */
export function issuerQualified(
  answers: DepartmentAnswers<QualificationRecord>,
  day: CalendarDate,
  now: Date,
): CheckOutcome & { readonly scope: readonly CapabilityItem[] } {
  const name = 'ISSUER_QUALIFIED';
  const cma = answers.flatMap((answer) => answer.records).filter((record) => record.scheme === 'CMA');
  const register = answers.find(({ coverage }) => coverage.department.authoritativeFor.includes('cmaNumber'))?.coverage;
  const inForce = qualificationsAt(cma, endOfDay(day), now);
  const valid = inForce.filter((record) => record.status === 'VALID');
  const passed = valid.length > 0;
  // Another department's copy, and an old answer, may be out of date; a record that is missing may be the valid one.
  const isWhole = register === undefined || register.status === 'LIVE' || register.status === 'REPLICA';
  if (!isWhole && !(passed && register.status === 'PARTIAL')) {
    const evidence = 'the register of qualifications did not answer in full';
    return { check: { name, passed: null, evidence, coverage: register }, verdict: 'UNVERIFIABLE', scope: [] };
  }
  const shown = inForce.map((record) => `CMA ${record.number} was ${record.status}`).join('; ');
  const evidence = `${shown === '' ? 'no CMA' : shown} on ${day}`;
  return {
    check: { name, passed, evidence, coverage: register ?? null },
    verdict: passed ? null : 'ISSUER_UNQUALIFIED',
    scope: valid.flatMap((record) => record.scope),
  };
}

/** Departments mix full-width and ASCII forms, and put blanks where they like: "GB／T 18285－2018". */
const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '');
export const same = (a: string, b: string): boolean => plain(a) === plain(b);

/** What of a report no row of the scope holds: parameter, standard with its year, and site where both name one. */
export const outsideScope = (
  parameters: readonly CapabilityItem[],
  scope: readonly CapabilityItem[],
): readonly CapabilityItem[] =>
  parameters.filter(
    (asked) =>
      !scope.some(
        (held) =>
          same(held.parameter, asked.parameter) &&
          same(held.standard, asked.standard) &&
          (asked.site === null || held.site === null || same(held.site, asked.site)),
      ),
  );

/** Did the scope of that day hold every parameter with its standard (year version included) at its site? */
export function inScope(parameters: readonly CapabilityItem[], scope: readonly CapabilityItem[]): CheckOutcome {
  const name = 'IN_SCOPE';
  if (parameters.length === 0) {
    const evidence = 'the register holds no parameters for this report';
    return { check: { name, passed: null, evidence, coverage: null }, verdict: null };
  }
  const outside = outsideScope(parameters, scope);
  const [first] = outside;
  const evidence =
    first === undefined
      ? `${parameters.length} of ${parameters.length} parameters in scope`
      : `${first.parameter} by ${first.standard} is not in the scope of that day`;
  const passed = first === undefined;
  return { check: { name, passed, evidence, coverage: null }, verdict: passed ? null : 'OUT_OF_SCOPE' };
}
