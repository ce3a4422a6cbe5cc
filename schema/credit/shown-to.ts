/** What the public may see of penalties and list entries: what is public today, and nothing that has ended. Pure. */
import type { Access } from '../access/access.ts';
import { HubError } from '../errors.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { isPublicOn, type Publicity } from './publicity.ts';

interface Published {
  /** null: what has been repaired cannot be read. */
  readonly publicity: Pick<Publicity, 'from' | 'until'> | null;
}

/**
 * Departments and staff, in their divisions, also see what has ended, with what ended it: they must know that it is used no
 * more.
 * @param regionCode of the institution
 * @param today in Asia/Shanghai, also where the graph is asked for an earlier time: what has ended is not shown again
 * @throws HubError SOURCE_UNAVAILABLE to the public while nobody can say whether something has been repaired
 */
export function isShownTo(
  { access }: { readonly access: Access },
  { regionCode }: { readonly regionCode: string },
  { publicity }: Published,
  today: CalendarDate,
): boolean {
  if (access.sight('DEPT_SHARED', { regionCode }).seen) return true;
  if (publicity !== null) return isPublicOn(publicity, today);
  throw new HubError('SOURCE_UNAVAILABLE', 'What has been repaired cannot be read now; try again later.');
}
