/** What stands for or against an institution today, as the departments hold it. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { isPublicOn, standingOf } from '../credit/publicity.ts';
import { mergeCoverage } from '../coverage/coverage-ledger.ts';
import type { DepartmentAnswers } from '../department-answer.ts';
import { qualificationsAt } from '../qualification/qualifications-at.ts';
import type { ProvenanceRecord } from '../records.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import type { ScreenedCoverage, ScreenedList, ScreenedProvenance } from './screened.ts';

/** Not answered in full, or as things were long ago. */
const IN_DOUBT: ReadonlySet<string> = new Set(['UNAVAILABLE', 'PARTIAL', 'STALE', 'DENIED']);

/** Departments whose answer may lack something. */
export const silentIn = (answers: DepartmentAnswers<unknown>): readonly string[] =>
  answers.filter(({ coverage }) => IN_DOUBT.has(coverage.status)).map(({ coverage }) => coverage.department.id);

function listOf<R>(answers: DepartmentAnswers<R>, inWords: (records: readonly R[]) => readonly string[]): ScreenedList {
  return { found: inWords(answers.flatMap(({ records }) => records)), silent: silentIn(answers) };
}

export const provenanceOf = (provenance: ProvenanceRecord): ScreenedProvenance => ({
  departmentId: provenance.departmentId,
  recordId: provenance.sourceRecordId,
  fetchedAt: provenance.fetchedAt,
  receipt: provenance.receipt,
});

/** Whoever does not hold such records at all is left out. */
export const coverageOf = (...questions: readonly DepartmentAnswers<unknown>[]): readonly ScreenedCoverage[] =>
  mergeCoverage(questions.flat().map(({ coverage }) => coverage))
    .filter(({ status }) => status !== 'UNSUPPORTED')
    .map(({ department, facet, status, asOf }) => ({ departmentId: department.id, facet, status, observedAt: asOf }));

export async function qualificationsToday(code: CreditCode, { loaders, clock }: HubContext) {
  const answers = await loaders.facet('qualifications', code, {});
  const now = clock.now();
  const inForce = listOf(answers, (records) =>
    qualificationsAt(records, now, now).map(({ scheme, number, status }) => `${scheme} ${number} ${status}`),
  );
  return { answers, facts: { ...inForce, found: [...new Set(inForce.found)] } };
}

export async function listsToday(code: CreditCode, { loaders, clock }: HubContext) {
  const answers = await loaders.facet('listEntries', code, {});
  const today = calendarDateOf(clock.now());
  const repairs = (await loaders.repairs.load(code)) ?? [];
  const facts = listOf(answers, (records) =>
    records
      .filter((entry) => isPublicOn(standingOf(entry, repairs), today))
      .map(({ listType, listedOn }) => `${listType} since ${listedOn}`),
  );
  return { answers, facts };
}

export async function penaltiesOf(code: CreditCode, { loaders }: HubContext) {
  const answers = await loaders.facet('penalties', code, {});
  return { answers, facts: listOf(answers, (records) => [...new Set(records.map((each) => each.documentNumber))]) };
}
