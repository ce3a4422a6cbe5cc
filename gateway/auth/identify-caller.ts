/** Finds out who asks, from the credentials of a request. */
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { HttpError } from '../http-errors.ts';

/** @returns null for credentials that are not, or no longer, valid */
export type CallerOfToken = (token: string) => Promise<Caller | null>;

const BEARER = /^Bearer +([\w.~+/-]{1,4096}=*) *$/i;

/**
 * A request without credentials is the public's; wrong ones are refused rather than served as the public, so that a
 * partner whose key has ended does not take what the public sees for everything there is.
 * @throws HttpError 401
 */
export async function identifyCaller(authorization: string | undefined, callerOf: CallerOfToken): Promise<Caller> {
  if (authorization === undefined) return PUBLIC_CALLER;
  const token = BEARER.exec(authorization)?.[1];
  const caller = token === undefined ? null : await callerOf(token);
  if (caller !== null) return caller;
  throw new HttpError(401, 'The credentials are not, or no longer, valid.', 'UNAUTHENTICATED');
}
