/** Reads and writes notices. */
import type { Connection } from 'mongoose';
import { AggregateStore, type StoreOptions } from '../aggregate/aggregate-store.ts';
import { NoticeChange } from './change.ts';
import type { Notice } from './notice.ts';
import { noticeModel } from './notice.model.ts';

export { HUB_ACTOR, type Actor } from '../aggregate/aggregate.ts';

export class NoticeStore extends AggregateStore<Notice, NoticeChange> {
  constructor(connection: Connection, options: StoreOptions = {}) {
    super(
      {
        model: noticeModel(connection),
        noun: 'notice',
        begin: (notice, actor, now) => new NoticeChange(notice, actor, now),
      },
      options,
    );
  }
}
