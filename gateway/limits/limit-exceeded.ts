import { HubError } from '../../schema/errors.ts';

/** @param limit its name for programs */
export const limitExceeded = (limit: string, most: number, what: string): HubError =>
  new HubError('DOCUMENT_LIMIT', `${what}; the limit is ${most}.`, { details: { limit, most } });
