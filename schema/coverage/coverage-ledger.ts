/** Keeps, per operation and institution, every answer that its fields were made of. */
import type { CoverageEntry, DepartmentAnswers } from '../department-answer.ts';
import type { CoverageStatus } from '../enums.ts';

/** From harmless to harmful: the worst word about one department and facet is the one that is shown. */
const GRAVITY: readonly CoverageStatus[] = [
  'UNSUPPORTED',
  'LIVE',
  'REPLICA',
  'STALE',
  'PARTIAL',
  'UNAVAILABLE',
  'DENIED',
];

function worse(a: CoverageEntry, b: CoverageEntry): CoverageEntry {
  const order = GRAVITY.indexOf(a.status) - GRAVITY.indexOf(b.status);
  if (order !== 0) return order > 0 ? a : b;
  return (a.asOf?.getTime() ?? 0) <= (b.asOf?.getTime() ?? 0) ? a : b;
}

/** One entry per department and facet, ordered by facet of first use, then by department code. */
export function mergeCoverage(entries: readonly CoverageEntry[]): readonly CoverageEntry[] {
  const merged = new Map<string, CoverageEntry>();
  for (const entry of entries) {
    const key = `${entry.facet} ${entry.department.id}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? entry : worse(known, entry));
  }
  const facets = [...new Set(entries.map((entry) => entry.facet))];
  return [...merged.values()].sort(
    (a, b) =>
      facets.indexOf(a.facet) - facets.indexOf(b.facet) ||
      (a.department.code < b.department.code ? -1 : a.department.code > b.department.code ? 1 : 0),
  );
}

export class CoverageLedger {
  readonly #answers = new Map<string, Promise<DepartmentAnswers<unknown>>[]>();

  /** Notes a question when it is put, before it is answered. */
  note<T>(creditCode: string, answers: Promise<DepartmentAnswers<T>>): Promise<DepartmentAnswers<T>> {
    const noted = this.#answers.get(creditCode);
    if (noted === undefined) this.#answers.set(creditCode, [answers]);
    else noted.push(answers);
    return answers;
  }

  /** What stands behind the fields of an institution, once all that were asked for have their answers. */
  async of(creditCode: string): Promise<readonly CoverageEntry[]> {
    // Sibling fields put their questions in this turn of the event loop or in its promises; wait until they have.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const answers = await Promise.all(this.#answers.get(creditCode) ?? []);
    return mergeCoverage(answers.flat().map((answer) => answer.coverage));
  }
}
