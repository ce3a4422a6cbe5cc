/** How notices lie in MongoDB: one document per case, written whole. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Notice } from './notice.ts';

const noticeSchema = new Schema(
  { _id: String },
  {
    collection: 'notices',
    strict: false,
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);

noticeSchema.index({ number: 1 }, { unique: true });
noticeSchema.index({ determinerId: 1, idempotencyKey: 1 }, { unique: true });
noticeSchema.index({ hasPending: 1, pendingSince: 1, _id: 1 }, { partialFilterExpression: { hasPending: true } });
noticeSchema.index({ hasOpen: 1, _id: 1 }, { partialFilterExpression: { hasOpen: true } });
noticeSchema.index({ hasDead: 1, _id: 1 }, { partialFilterExpression: { hasDead: true } });
noticeSchema.index({ openLanes: 1, 'subject.creditCode': 1 });
noticeSchema.index({ nextClockAt: 1 });
// Lists, newest first: of one institution, one determining department, one recipient, and all.
noticeSchema.index({ 'subject.creditCode': 1, createdAt: -1, _id: 1 });
noticeSchema.index({ determinerId: 1, createdAt: -1, _id: 1 });
noticeSchema.index({ recipientIds: 1, createdAt: -1, _id: 1 });
noticeSchema.index({ createdAt: -1, _id: 1 });

export type NoticeModel = Model<Notice>;

/** The model on this connection; made once per connection. */
export function noticeModel(connection: Connection): NoticeModel {
  return (connection.models['Notice'] ?? connection.model('Notice', noticeSchema)) as NoticeModel;
}
