/** How decisions on local numbers lie in MongoDB: one document per number, written whole. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import type { AliasDecision } from './alias-decision.ts';

export interface AliasDecisionDocument extends AliasDecision {
  /** "<department>|<local number>". */
  readonly _id: string;
  /** Institutions that the decision concerns, until everything that depends on them has been told. */
  readonly untold: readonly CreditCode[];
  readonly isTold: boolean;
  /** Later decisions have later times, whatever the clocks of those who write them say. */
  readonly changedAt: Date;
  /** Raised by every decision; who has read an older one decides again. */
  readonly revision: number;
}

export const decisionIdOf = (departmentId: string, localId: string): string => `${departmentId}|${localId}`;

const decisionSchema = new Schema<AliasDecisionDocument>(
  {
    _id: String,
    departmentId: { type: String, required: true },
    localId: { type: String, required: true },
    confirmed: { type: Schema.Types.Mixed, default: null },
    rejected: [Schema.Types.Mixed],
    history: [Schema.Types.Mixed],
    untold: [String],
    isTold: { type: Boolean, required: true },
    changedAt: { type: Date, required: true },
    revision: { type: Number, required: true },
  },
  {
    collection: 'alias_decisions',
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);
decisionSchema.index({ changedAt: 1 });
decisionSchema.index({ isTold: 1 });

export const aliasDecisionModel = (connection: Connection): Model<AliasDecisionDocument> =>
  connection.models['AliasDecision'] ?? connection.model<AliasDecisionDocument>('AliasDecision', decisionSchema);
