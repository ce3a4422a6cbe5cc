/**
 * All that a credit profile rests on, as it is stored with the profile: whoever has it, the time and the edition of the
 * model gets the same score again.
 */
import type { MeasureOutcome } from './notice-history.ts';
import { mergePenalties } from '../penalty/merge-penalties.ts';
import type { QualificationVersion } from '../qualification/qualifications-at.ts';
import type { InstitutionRecord, ListEntryRecord, PenaltyRecord, ProvenanceRecord } from '../records.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import type { ConfirmedFalseReport } from './false-report.ts';
import type { ProficiencyOutcome, RevokedResult } from './recognition-history.ts';
import type { Repaired } from './repaired.ts';

export interface CreditQualification extends QualificationVersion {
  readonly provenance: ProvenanceRecord;
}

export interface CreditInputs {
  readonly description: Pick<InstitutionRecord, 'kinds' | 'status' | 'regionCode' | 'provenance'>;
  readonly qualifications: readonly CreditQualification[];
  readonly penalties: readonly PenaltyRecord[];
  readonly listEntries: readonly ListEntryRecord[];
  /** Of notices that were published and not withdrawn. */
  readonly notices: readonly MeasureOutcome[];
  /** Results that departments had recognised and that were revoked, the newest first. */
  readonly recognitions: readonly RevokedResult[];
  /** Results of proficiency tests. */
  readonly proficiency: readonly ProficiencyOutcome[];
  /** Penalties and list entries that have been repaired. */
  readonly repairs: readonly Repaired[];
  readonly falseReports: readonly ConfirmedFalseReport[];
}

const keyOf = ({ departmentId, sourceRecordId }: ProvenanceRecord): string => `${departmentId} ${sourceRecordId}`;

/** By whose word it is, then by content, so that the order of arrival leaves no trace. */
function inFixedOrder<T extends { readonly provenance: ProvenanceRecord }>(rows: readonly T[]): readonly T[] {
  if (rows.length < 2) return rows;
  const keyed = rows.map((row) => ({ row, key: `${keyOf(row.provenance)} ${canonicalJson(row)}` }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

/** The same facts in one order, each decision once, whichever departments publish it and whenever they said so. */
export function inOneOrder(inputs: CreditInputs): CreditInputs {
  return {
    ...inputs,
    qualifications: inFixedOrder(inputs.qualifications),
    penalties: mergePenalties(inFixedOrder(inputs.penalties)),
    listEntries: inFixedOrder(inputs.listEntries),
    notices: inFixedOrder(inputs.notices),
    recognitions: inFixedOrder(inputs.recognitions),
    proficiency: inFixedOrder(inputs.proficiency),
    repairs: [...inputs.repairs].sort((a, b) => (a.repairId < b.repairId ? -1 : 1)),
    falseReports: inFixedOrder(inputs.falseReports),
  };
}

type Rows = readonly { readonly provenance: ProvenanceRecord }[];

/** Whose word each is and as of when; not when and how the hub happened to read it. */
const unread = <T extends Rows[number]>({ provenance, ...facts }: T) => {
  const { departmentId, sourceRecordId, asOf } = provenance;
  return { ...facts, provenance: { departmentId, sourceRecordId, asOf } };
};

/**
 * SM3 over the facts, hex: two profiles with the same digest, time and ruleset are the same, whenever and in whichever
 * order the facts have reached the hub.
 */
export function digestOf(inputs: CreditInputs): string {
  const { description, repairs, ...others } = inputs;
  const { qualifications, penalties, listEntries, notices, recognitions, proficiency, falseReports } = others;
  const rows: readonly Rows[] = [
    ...[qualifications, penalties, listEntries, notices, recognitions, proficiency, falseReports],
  ];
  return sm3Hex(canonicalJson([unread(description), ...rows.map((each) => each.map(unread)), repairs]));
}
