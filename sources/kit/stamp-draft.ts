/** Gives a draft its provenance: whose it is, how old, and proof of what was received. The only place that does. */
import type { ProvenanceRecord } from '../../schema/records.ts';

export interface Origin {
  readonly departmentId: string;
  readonly adapterVersion: string;
  /** SM3, 64 hex characters. */
  readonly receipt: string;
  readonly fetchedAt: Date;
  /** When a fact without its own update time was true. */
  readonly trueAt: Date;
}

interface Unstamped {
  readonly sourceRecordId: string;
  readonly asOf: Date | null;
}

/** Each kind of draft as the record that it becomes. */
export type Stamped<D extends Unstamped> = D extends unknown
  ? Omit<D, keyof Unstamped> & { readonly id: string; readonly provenance: ProvenanceRecord }
  : never;

export function stampDraft<D extends Unstamped>(
  draft: D,
  { departmentId, adapterVersion, receipt, fetchedAt, trueAt }: Origin,
): Stamped<D> {
  const { sourceRecordId, asOf, ...facts } = draft;
  const provenance: ProvenanceRecord = {
    departmentId,
    sourceRecordId,
    asOf: asOf ?? trueAt,
    fetchedAt,
    receipt,
    adapterVersion,
  };
  // What is taken out and put in is the same for every kind.
  return { ...facts, id: `${departmentId}~${sourceRecordId}`, provenance } as Stamped<D>;
}
