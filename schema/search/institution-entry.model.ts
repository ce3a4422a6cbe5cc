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
  /** When the entry becomes another one though no record changes, because a day begins; null = never. */
  readonly changesAt: Date | null;
}

/** Stands for "no score", below all scores, so that one range of the index holds rated and unrated institutions. */
export const UNRATED = -1;

/**
 * The document: what was put, and what is searched and sorted by. Of an institution that is no longer to be found a
 * document with code and revision stays, which no search leads to: a slow writer must not bring it back.
 */
export interface StoredEntry extends Omit<InstitutionEntry, 'riskScore'> {
  /** The score, or {@link UNRATED}. */
  readonly riskScore: number;
  /** The beginning of the registered name, for sorting by code points. */
  readonly nameKey: string;
  /** See `termsOf`. */
  readonly terms: readonly string[];
  /** See `wordsOf`. */
  readonly words: readonly string[];
  /** Raised by every write, from 1. */
  readonly revision: number;
}

export type InstitutionEntryModel = Model<StoredEntry>;

const entrySchema = new Schema<StoredEntry>(
  {
    creditCode: { type: String, required: true },
    revision: { type: Number, required: true },
    name: String,
    nameKey: String,
    regionCode: String,
    kinds: [String],
    status: String,
    listed: Boolean,
    qualificationStatuses: [String],
    cmaNumbers: [String],
    riskClass: String,
    riskScore: Number,
    updatedAt: Date,
    changesAt: Date,
    terms: [String],
    words: [String],
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
entrySchema.index({ changesAt: 1 });

/** The model on this connection; made once per connection. Indexes are made by `InstitutionSearch.ensureIndexes` only. */
export function institutionEntryModel(connection: Connection): InstitutionEntryModel {
  const name = 'InstitutionEntry';
  return connection.models[name] ?? connection.model<StoredEntry>(name, entrySchema);
}
