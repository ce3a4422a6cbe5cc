import type { Origin, stampDraft as stamp } from '../../../sources/kit/stamp-draft.ts';

const NOBODY = { sourceRecordId: '', asOf: new Date(0), fetchedAt: new Date(0), receipt: '', adapterVersion: '' };
const provenances = new Map<string, typeof NOBODY & { readonly departmentId: string }>();

/** One provenance for all records of a department: they need one to be sorted. */
export const stampDraft = ((draft: { readonly sourceRecordId: string }, { departmentId }: Origin) => {
  const provenance = provenances.get(departmentId) ?? { ...NOBODY, departmentId };
  provenances.set(departmentId, provenance);
  return Object.assign(draft, { id: draft.sourceRecordId, provenance });
}) as unknown as typeof stamp;
