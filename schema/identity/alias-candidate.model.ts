/** How the list of numbers that wait for a person lies in MongoDB: one document per number. */
import { createHash } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import { regionKey } from './place.ts';
import type { CandidateInstitution, WaitingStation } from './waiting-station.ts';

export interface AliasCandidateDocument {
  /** "<department>|<local number>". */
  readonly _id: string;
  readonly departmentId: string;
  readonly localId: string;
  readonly kind: WaitingStation['kind'];
  readonly name: string;
  readonly regionCode: string | null;
  readonly cmaNumbers: readonly string[];
  readonly creditCode: CreditCode | null;
  readonly candidates: readonly CandidateInstitution[];
  /** Division codes of the number and its candidates, each with the divisions around it; '' where nothing is known. */
  readonly places: readonly string[];
  /** When it was first found waiting. */
  readonly since: Date;
  /** The directory by which it waits. */
  readonly asOf: Date;
  /** Of all but the times. */
  readonly hash: string;
}

/** What of a document follows from the directory; `since` follows from when it was first found. */
export type FoundWaiting = Omit<AliasCandidateDocument, 'since'>;

/** Stands in `places` for a number of which no place is known. */
export const NO_PLACE = '';

function placesOf({ entry, candidates }: WaitingStation): string[] {
  const codes = [entry.regionCode, ...candidates.map(({ regionCode }) => regionCode)].map(regionKey);
  const known = codes.filter((code) => code !== '');
  if (known.length === 0) return [NO_PLACE];
  return [...new Set(known.flatMap((code) => [code.slice(0, 2), code.slice(0, 4), code]))].sort();
}

export function foundWaiting(departmentId: string, asOf: Date, waiting: WaitingStation): FoundWaiting {
  const { entry, kind, candidates } = waiting;
  const { localId, name, regionCode, cmaNumbers, creditCode } = entry;
  const facts = { departmentId, localId, kind, name, regionCode, cmaNumbers, creditCode, candidates };
  const hash = createHash('sha256').update(JSON.stringify(facts)).digest('base64url');
  return { _id: `${departmentId}|${localId}`, ...facts, places: placesOf(waiting), asOf, hash };
}

const candidateSchema = new Schema<AliasCandidateDocument>(
  {
    _id: String,
    departmentId: { type: String, required: true },
    localId: { type: String, required: true },
    kind: { type: String, required: true },
    name: String,
    regionCode: { type: String, default: null },
    cmaNumbers: [String],
    creditCode: { type: String, default: null },
    candidates: [Schema.Types.Mixed],
    places: [String],
    since: { type: Date, required: true },
    asOf: { type: Date, required: true },
    hash: { type: String, required: true },
  },
  {
    collection: 'alias_candidates',
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);
candidateSchema.index({ since: 1, _id: 1 });
candidateSchema.index({ departmentId: 1, since: 1, _id: 1 });

export const aliasCandidateModel = (connection: Connection): Model<AliasCandidateDocument> =>
  connection.models['AliasCandidate'] ?? connection.model<AliasCandidateDocument>('AliasCandidate', candidateSchema);
