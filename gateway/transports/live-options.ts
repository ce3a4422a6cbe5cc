/** What both transports of subscriptions need. */
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../../schema/access/caller.ts';
import type { Grounds } from '../../schema/access/grounds.ts';
import type { CallScope } from '../../schema/ports.ts';
import type { Auditor } from '../audit/auditor.ts';
import type { Doorkeeping } from '../auth/identify-caller.ts';
import type { PlanExecutor } from '../jit-gateway.ts';
import type { Admission } from '../limits/admission.ts';
import type { Logger } from '../logging.ts';

export interface LiveSettings {
  /** Most open connections of subscribers, WebSocket and SSE together. */
  readonly maxConnections: number;
  /** Most subscriptions on one WebSocket. */
  readonly maxSubscriptions: number;
  /** How often a connection on which nothing happens says that it is alive. */
  readonly heartbeatMs: number;
  /** How long a subscriber may take over one event before it is cut off. */
  readonly patienceMs: number;
}

export interface LiveOptions<C> extends Doorkeeping {
  readonly schema: GraphQLSchema;
  readonly plans: PlanExecutor;
  readonly contextFor: (scope: CallScope, caller: Caller, grounds: Grounds) => C;
  /** Whether the credentials of a caller still hold; asked before each event and every second besides. */
  readonly stillHolds: (caller: Caller) => Promise<boolean>;
  readonly log: Logger;
  /** null: nothing is put on record. */
  readonly auditor: Auditor | null;
  /** Longest time for one event. */
  readonly readTimeoutMs: number;
  /** Largest message or request body. */
  readonly bodyLimitBytes: number;
  readonly live: LiveSettings;
  readonly admission: Admission;
}

/** A connection that has been told to close gets so long for it. */
export const CLOSE_GRACE_MS = 1_000;
/** A subscriber that was cut off may read what is on its way for so long. */
export const LAGGED_GRACE_MS = 10_000;
