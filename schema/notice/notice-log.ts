import type { Connection } from 'mongoose';
import { EventLog } from '../events/event-log.ts';
import type { NoticeEvent } from './notice.ts';

/** The log of the events of all notices. */
export const noticeLog = (connection: Connection): EventLog<NoticeEvent> =>
  new EventLog<NoticeEvent>(connection, 'notice_events', [{ noticeId: 1, _id: 1 }]);
