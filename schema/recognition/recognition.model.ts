/** How recognitions lie in MongoDB: one document each, written whole. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Recognition } from './recognition.ts';

const recognitionSchema = new Schema(
  { _id: String },
  {
    collection: 'recognitions',
    strict: false,
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);

recognitionSchema.index({ requesterId: 1, idempotencyKey: 1 }, { unique: true });
recognitionSchema.index({ hasPending: 1, pendingSince: 1, _id: 1 }, { partialFilterExpression: { hasPending: true } });
recognitionSchema.index({ hasOpen: 1, _id: 1 }, { partialFilterExpression: { hasOpen: true } });
recognitionSchema.index({ hasDead: 1, _id: 1 }, { partialFilterExpression: { hasDead: true } });
recognitionSchema.index({ nextClockAt: 1, _id: 1 });
// What rests on an institution: looked at again whenever something about it has changed.
recognitionSchema.index({ restsOn: 1, _id: 1 });
recognitionSchema.index({ 'institution.creditCode': 1, number: 1 });
recognitionSchema.index({ 'institution.creditCode': 1, state: 1 });
// Lists, newest first: of one institution, one requester, one relying department, and all.
recognitionSchema.index({ 'institution.creditCode': 1, createdAt: -1, _id: 1 });
recognitionSchema.index({ requesterId: 1, createdAt: -1, _id: 1 });
recognitionSchema.index({ targetIds: 1, createdAt: -1, _id: 1 });
recognitionSchema.index({ createdAt: -1, _id: 1 });

/** The model on this connection; made once per connection. */
export function recognitionModel(connection: Connection): Model<Recognition> {
  return (connection.models['Recognition'] ?? connection.model('Recognition', recognitionSchema)) as Model<Recognition>;
}
