/** What the public may see of penalties and list entries: what is public today, and nothing that has ended. Pure. */
import type { Caller } from '../access/caller.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { isPublicOn, type Publicity } from './publicity.ts';

/**
 * Departments and staff also see what has ended, with what ended it: they must know that it is used no more.
 * @param today in Asia/Shanghai, also where the graph is asked for an earlier time: what has ended is not shown again
 */
export const isShownTo = (
  { roles }: Pick<Caller, 'roles'>,
  { publicity }: { readonly publicity: Pick<Publicity, 'from' | 'until'> },
  today: CalendarDate,
): boolean => roles.some((role) => role !== 'PUBLIC') || isPublicOn(publicity, today);
