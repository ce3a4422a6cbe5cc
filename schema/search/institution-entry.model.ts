/**
 * The search index of institutions: one small document per credit code, so that `institutions` is answered without asking
 * departments. It says which institutions match and in which order; what they are is read elsewhere.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import type { InstitutionKind, InstitutionStatus, QualificationStatus } from '../records.ts';
import type { RegionCode } from '../region/region.ts';

/** Classes of credit risk, from low to high. */
export const RISK_CLASSES = ['A', 'B', 'C', 'D'] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/** What the index has to know about an institution. */
export interface InstitutionEntry {
  readonly creditCode: CreditCode;
  /** As registered. */
  readonly name: string;
  /** null where unknown. A replaced code is found under its successor. */
  readonly regionCode: RegionCode | null;
  readonly kinds: readonly InstitutionKind[];
  readonly status: InstitutionStatus;
  /** Whether an entry on a list stands today. */
  readonly listed: boolean;
  /** The statuses that occur among its qualifications. */
  readonly qualificationStatuses: readonly QualificationStatus[];
  /** Numbers of its CMA certificates; found when they are searched for in full. */
  readonly cmaNumbers: readonly string[];
  /** null where no class has been computed. */
  readonly riskClass: RiskClass | null;
  /** 0 or more, the higher the riskier; null where none has been computed. */
  readonly riskScore: number | null;
  /** Of the latest change of any of its records. */
  readonly updatedAt: Date;
}

/** Stands for "no score", below all scores, so that one range of the index holds rated and unrated institutions. */
export const UNRATED = -1;

/** The document: what was put, and what is searched and sorted by. */
export interface StoredEntry extends Omit<InstitutionEntry, 'riskScore'> {
  /** The score, or {@link UNRATED}. */
  readonly riskScore: number;
  /** The beginning of the comparable name, for sorting by code points. */
  readonly nameKey: string;
  /** See `termsOf`. */
  readonly terms: readonly string[];
  /** See `wordsOf`. */
  readonly words: readonly string[];
}

export type InstitutionEntryModel = Model<StoredEntry>;

const entrySchema = new Schema<StoredEntry>(
  {
    creditCode: { type: String, required: true },
    name: { type: String, required: true },
    nameKey: { type: String, required: true },
    regionCode: { type: String, default: null },
    kinds: { type: [String], required: true },
    status: { type: String, required: true },
    listed: { type: Boolean, required: true },
    qualificationStatuses: { type: [String], required: true },
    cmaNumbers: { type: [String], required: true },
    riskClass: { type: String, default: null },
    riskScore: { type: Number, required: true },
    updatedAt: { type: Date, required: true },
    terms: { type: [String], required: true },
    words: { type: [String], required: true },
  },
  { collection: 'institution_entries', versionKey: false, autoIndex: false, autoCreate: false },
);

entrySchema.index({ creditCode: 1 }, { unique: true });
const sortKeys: readonly Readonly<Record<string, 1 | -1>>[] = [
  { nameKey: 1, creditCode: 1 },
  { updatedAt: -1, creditCode: 1 },
  { riskScore: -1, creditCode: 1 },
];
for (const key of sortKeys) {
  entrySchema.index(key);
  entrySchema.index({ terms: 1, ...key });
}
// Words are many; an index of them in every order would double the size of all, and the list of a text is asked for by name.
entrySchema.index({ words: 1, nameKey: 1, creditCode: 1 });

/** The model on this connection; made once per connection. Indexes are made by `InstitutionSearch.ensureIndexes` only. */
export function institutionEntryModel(connection: Connection): InstitutionEntryModel {
  const name = 'InstitutionEntry';
  return connection.models[name] ?? connection.model<StoredEntry>(name, entrySchema);
}
