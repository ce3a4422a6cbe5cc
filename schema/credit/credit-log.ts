import type { Connection } from 'mongoose';
import { EventLog } from '../events/event-log.ts';
import type { CreditEvent } from './credit-case.ts';

/** The log of the events of the credit side: thresholds reached and decided, repairs. */
export const creditLog = (connection: Connection): EventLog<CreditEvent> =>
  new EventLog<CreditEvent>(connection, 'credit_events', [{ caseId: 1, _id: 1 }]);
