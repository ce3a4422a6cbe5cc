/** What a reference upstream can be told to change in its records, so that the replica has something to follow. */
import { z } from 'zod';
import { REPLICATED_READS } from '../../../schema/ports.ts';

export const Amendment = z.strictObject({
  read: z.enum(REPLICATED_READS),
  /** The department's record id, as in provenance. */
  recordId: z.string().min(1),
  kind: z.enum([
    /** One field that the hub shows is another than before (which one: see the department's README). */
    'CHANGE',
    /** The record is withdrawn, in the way of the protocol: a flag row, a state, or gone from the answers. */
    'WITHDRAW',
    /** The record comes back as it was. */
    'RESTORE',
    /** The record can no longer be read: one required field holds nonsense. */
    'SPOIL',
  ]),
  /** The department's own time of the change. */
  at: z.coerce.date(),
  /** Without a word: no new update time, no flag; only comparing everything finds it. */
  silently: z.boolean().default(false),
});
export type Amendment = z.input<typeof Amendment>;
