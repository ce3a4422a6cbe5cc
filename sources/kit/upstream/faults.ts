/** What a reference upstream can be told to do wrong, so that tests and operators can watch the hub cope. */
import { z } from 'zod';

export const FaultCommand = z.strictObject({
  kind: z.enum([
    /** Waits `delayMs` before every reply. */
    'slow',
    /** Refuses connections. */
    'down',
    /** Accepts connections and never answers. */
    'half-open',
    /** Answers with bytes that are not the protocol. */
    'garbage',
    /** Breaks off in the middle of a reply. */
    'truncated',
    /** A field has another name or type: in every record, or only in the first (`scope`). */
    'schema-drift',
    /** Sends text in another charset than it declares. */
    'wrong-charset',
    /** Sends every record twice. */
    'duplicate-rows',
    /** Sends records in another order. */
    'out-of-order',
    /** Answers with the protocol's own error (HTTP 403, $E, SQL error). */
    'refused',
  ]),
  delayMs: z.number().int().min(0).max(120_000).default(5_000),
  scope: z.enum(['all', 'first']).default('all'),
});
export type FaultCommand = z.infer<typeof FaultCommand>;
export type FaultKind = FaultCommand['kind'];
