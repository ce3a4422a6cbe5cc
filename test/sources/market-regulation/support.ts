import type { RecordSet, SourceAnswer, SubjectReference } from '../../../schema/ports.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';

export function subject({ creditCode }: Pick<WorldInstitution, 'creditCode'>): SubjectReference {
  return { creditCode, localIds: [] };
}

/** The sets of an answer that must have come. */
export function setsOf<T>(answer: SourceAnswer<T>): readonly RecordSet<T>[] {
  if (answer.status !== 'LIVE') throw new Error(`expected a live answer, got ${JSON.stringify(answer)}`);
  return answer.sets;
}

/** A record without what the kit adds, to compare with the truth. */
export function factsOf(record: { readonly provenance: unknown }): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== 'provenance' && key !== 'id'));
}
