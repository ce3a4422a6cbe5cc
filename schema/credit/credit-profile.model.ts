/** How credit profiles lie in MongoDB: one document per credit code, written whole. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { CreditProfile } from './credit-profile.ts';

/** Of an institution that is no longer registered code and revision stay, and nothing else. */
export interface StoredProfile extends CreditProfile {
  readonly revision: number;
}

const profileSchema = new Schema(
  {},
  {
    collection: 'credit_profiles',
    strict: false,
    versionKey: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);
profileSchema.index({ creditCode: 1 }, { unique: true });
profileSchema.index({ changesAt: 1 });
profileSchema.index({ ruleset: 1 });

export type CreditProfileModel = Model<StoredProfile>;

/** The model on this connection; made once per connection. */
export function creditProfileModel(connection: Connection): CreditProfileModel {
  const name = 'CreditProfile';
  return (connection.models[name] ?? connection.model(name, profileSchema)) as CreditProfileModel;
}
